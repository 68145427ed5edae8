import { html, type Markup } from '../html';

/** Ids whose prefix names an object that the panel can open. */
const OPENED_AS_OBJECT =
  /^(?:ch|py|re|pyr|du|dp|cus|pm|seti|in|ii|inpay|sub|price|prod|promo|txn|clock|bps|we)_\w+$/;

/** `cs_test_a1B2c3…x9Yz12`: the prefix and both ends stay readable. */
export function shortenId(id: string): string {
  const head = /^(?:[a-z]+_)+/.exec(id)?.[0].length ?? 0;
  return id.length <= head + 16 ? id : `${id.slice(0, head + 6)}…${id.slice(-6)}`;
}

/** Where the panel shows the object; undefined for what has no page. */
export function panelPath(id: string): string | undefined {
  if (/^cs_(?:test|live)_\w+$/.test(id)) return `/panel/sessions/${id}`;
  if (/^pi_\w+$/.test(id)) return id.includes('_secret_') ? undefined : `/panel/payments/${id}`;
  if (/^evt_\w+$/.test(id)) return `/panel/events/${id}`;
  return OPENED_AS_OBJECT.test(id) ? `/panel/objects/${id}` : undefined;
}

/** An id in a list: shortened, whole on hover, a link where the panel has a page for it. */
export function idLink(id: string): Markup {
  const path = panelPath(id);
  const text = shortenId(id);
  return path === undefined
    ? html`<span class="id" title="${id}">${text}</span>`
    : html`<a class="id" href="${path}" title="${id}">${text}</a>`;
}

/** An id on its own page: whole, with a button that copies it. */
export function idWithCopy(id: string): Markup {
  return html`<span class="id whole">${id}</span>
    <button type="button" class="quiet" data-copy="${id}" hidden>Copy</button>`;
}
