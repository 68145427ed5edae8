import { randomBytes, timingSafeEqual } from 'node:crypto';
import { html, type Fragment, type Markup } from '../html';

/**
 * Every act of the panel carries this process's secret, so a foreign site cannot make a developer's browser act.
 * A page from before a restart gets the new one with its next refresh.
 */
const TOKEN = randomBytes(24).toString('base64url');

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
}

/** One button that acts. */
export function actForm({ action, label, fields = {}, tone = 'secondary' }: ActForm): Markup {
  const content = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return fieldsForm({ action, label, content, tone });
}

/** Fields that a person fills, and the button that acts on them. */
export function fieldsForm({
  action,
  label,
  content,
  tone = 'secondary',
}: Omit<ActForm, 'fields'> & { readonly content: Fragment }): Markup {
  return html`<form method="post" action="${action}" class="act">
    <input type="hidden" name="token" value="${TOKEN}" />
    ${content}
    <button type="submit" class="${tone} small">${label}</button>
  </form>`;
}
