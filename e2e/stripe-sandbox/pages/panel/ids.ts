import { html, type Markup } from '../html';

/** `cs_test_a1B2c3…x9Yz12`: the prefix and both ends stay readable. */
export function shortenId(id: string): string {
  const head = /^(?:[a-z]+_)+/.exec(id)?.[0].length ?? 0;
  return id.length <= head + 16 ? id : `${id.slice(0, head + 6)}…${id.slice(-6)}`;
}

function panelPath(id: string): string | undefined {
  if (id.startsWith('cs_')) return `/panel/sessions/${id}`;
  if (id.startsWith('pi_')) return `/panel/payments/${id}`;
  if (id.startsWith('evt_')) return `/panel/events/${id}`;
  return undefined;
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
