/** Markup that is safe to send. Only the `html` tag makes it: every value that is not Markup is escaped. */
export class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

export type Fragment = Markup | string | number | bigint | false | null | undefined | readonly Fragment[];

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

function write(value: Fragment): string {
  if (value === false || value === null || value === undefined) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.map(write).join('');
  return escapeHtml(String(value));
}

/** Attribute values stand in quotes in every template: the escaping relies on it. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    text += write(value) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

/** An event type or another dotted name, free to wrap where a reader would break it. */
export function breakable(name: string): Markup {
  const parts = name.split(/(?<=[._])/);
  return html`${parts.map((part, index) => html`${index > 0 && html`<wbr />`}${part}`)}`;
}

/** The address if a browser may follow it, else undefined: `javascript:` and `data:` never become links. */
export function safeHref(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  try {
    return ['http:', 'https:', 'mailto:'].includes(new URL(address).protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}
