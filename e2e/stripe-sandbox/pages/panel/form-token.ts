import { randomBytes, timingSafeEqual } from 'node:crypto';
import { html, type Fragment, type Markup } from '../html';

/**
 * Every act of the panel carries this process's secret, so a foreign site cannot make a developer's browser act.
 * A page from before a restart gets the new one with its next refresh.
 */
const TOKEN = randomBytes(24).toString('base64url');

/** What forms carry beside what a person chose. */
export const CARRIED = ['token', 'back'] as const;

export function isOwnForm(form: URLSearchParams): boolean {
  const given = Buffer.from(form.get('token') ?? '');
  const wanted = Buffer.from(TOKEN);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export interface ActForm {
  readonly action: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly tone?: 'primary' | 'secondary' | 'danger';
  /** The page of the panel that it leads back to; what it acts on if left out. */
  readonly back?: string | undefined;
}

/** One button that acts. */
export function actForm({ fields = {}, ...form }: ActForm): Markup {
  const content = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return fieldsForm({ ...form, content });
}

/** Fields that a person fills, and the button that acts on them. */
export function fieldsForm({
  action,
  label,
  content,
  tone = 'secondary',
  back,
}: Omit<ActForm, 'fields'> & { readonly content: Fragment }): Markup {
  return html`<form method="post" action="${action}" class="act">
    <input type="hidden" name="token" value="${TOKEN}" />
    ${back !== undefined && html`<input type="hidden" name="back" value="${back}" />`} ${content}
    <button type="submit" class="${tone} small">${label}</button>
  </form>`;
}

/** The acts on one row behind one button; nothing if there are none. `name` says what they act on. */
export function actMenu(name: string, acts: readonly ActForm[], back?: string): Fragment {
  if (acts.length === 0) return null;
  return html`<details class="menu">
    <summary aria-label="Acts on ${name}"><span aria-hidden="true">···</span></summary>
    <div class="menu-body">${acts.map((act) => actForm({ ...act, back }))}</div>
  </details>`;
}

/** The acts at the head of an object's page: the last ones, which destroy, behind one more click. */
export function actBar(name: string, acts: Fragment, menu: readonly ActForm[] = []): Markup {
  return html`<div class="acts">${acts}${actMenu(name, menu)}</div>`;
}
