import { html, type Markup } from '../html';

/** Where the panel shows what has the prefix. */
const ROOMS: ReadonlyArray<readonly [prefix: RegExp, path: string]> = [
  [/^cs_(?:test|live)_\w+$/, '/panel/sessions'],
  [/^pi_\w+$/, '/panel/payments'],
  [/^evt_\w+$/, '/panel/events'],
  [/^req_\w+$/, '/panel/requests'],
  [/^whd_\w+$/, '/panel/deliveries'],
  [/^we_\w+$/, '/panel/endpoints'],
  [/^clock_\w+$/, '/panel/clocks'],
  [/^(?:ch|py|re|pyr|du|dp|cus|pm|seti|in|ii|inpay|sub|price|prod|promo|txn|bps)_\w+$/, '/panel/objects'],
];

/** `cs_test_a1B2c3…x9Yz12`: the prefix and both ends stay readable. */
export function shortenId(id: string): string {
  const head = /^(?:[a-z]+_)+/.exec(id)?.[0].length ?? 0;
  return id.length <= head + 16 ? id : `${id.slice(0, head + 6)}…${id.slice(-6)}`;
}

/** Where the panel shows the object; undefined for what has no page. */
export function panelPath(id: string): string | undefined {
  if (id.includes('_secret_')) return undefined;
  const room = ROOMS.find(([prefix]) => prefix.test(id));
  return room && `${room[1]}/${id}`;
}

/** An id in a list: shortened, whole on hover, a link where the panel has a page for it. */
export function idLink(id: string): Markup {
  const path = panelPath(id);
  const text = shortenId(id);
  return path === undefined
    ? html`<span class="id" title="${id}">${text}</span>`
    : html`<a class="id" href="${path}" title="${id}">${text}</a>`;
}

/** Any text; an id in it that the panel knows is a link. */
export function linkedPath(text: string): Markup {
  const path = panelPath(text);
  return path === undefined
    ? html`<span class="id whole">${text}</span>`
    : html`<a class="id whole" href="${path}">${text}</a>`;
}

/** An id on its own page: whole, with a button that copies it. */
export function idWithCopy(id: string): Markup {
  return html`<span class="id whole">${id}</span>
    <button type="button" class="quiet" data-copy="${id}" hidden>Copy</button>`;
}
