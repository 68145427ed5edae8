import type { PageQuery, PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { html, type Markup } from '../html';
import { findFlash } from './flash';
import { documentResponse, PAGE_HEADERS } from '../layout';

const TABS = [
  { key: 'sessions', label: 'Sessions', path: '/panel/sessions' },
  { key: 'payments', label: 'Payments', path: '/panel/payments' },
  { key: 'moneyback', label: 'Money back', path: '/panel/moneyback' },
  { key: 'clocks', label: 'Clocks', path: '/panel/clocks' },
  { key: 'events', label: 'Events', path: '/panel/events' },
  { key: 'deliveries', label: 'Deliveries', path: '/panel/deliveries' },
  { key: 'faults', label: 'Faults', path: '/panel/faults' },
  { key: 'objects', label: 'Objects', path: '/panel/objects' },
  { key: 'mail', label: 'Mail', path: '/panel/mail' },
] as const;

export type TabKey = (typeof TABS)[number]['key'];

export interface PanelView {
  readonly tab: TabKey;
  readonly title: string;
  readonly content: Markup;
  readonly status?: number;
  /** False for what never changes, such as a mail. */
  readonly live?: boolean;
}

function noticeBar(name: string | null): Markup {
  const flash = findFlash(name);
  return html`<div class="flash" id="flash" role="status">
    ${flash && html`<p class="${flash.tone}">${flash.text}</p>`}
  </div>`;
}

/** Which mode is shown, and the way to the other. */
function modeMark({ livemode, playsBoth }: Sandbox): Markup {
  const [tone, word, other] = livemode ? ['bad', 'LIVE MODE', 'test'] : ['warn', 'TEST MODE', 'live'];
  return html`<span class="badge ${tone}">${word}</span>
    ${playsBoth && html`<a class="mode" href="/panel/mode/${other}">Show ${other} mode</a>`}`;
}

function tabs(current: TabKey): Markup {
  return html`<nav class="tabs" aria-label="Panel">
    <ul>
      ${TABS.map(
        ({ key, label, path }) =>
          html`<li><a href="${path}" ${key === current && html`aria-current="page"`}>${label}</a></li>`,
      )}
    </ul>
  </nav>`;
}

/** A whole page, or with `?fragment` only the part that changes, for the refresh of an open page. */
export function panelResponse(sandbox: Sandbox, req: PageRequest, view: PanelView): PageResponse {
  const status = view.status ?? 200;
  if (req.query.has('fragment')) return { status, headers: PAGE_HEADERS, body: view.content.toString() };
  const name = sandbox.account.settings?.dashboard.display_name ?? sandbox.account.id;
  const body = html`<header class="bar">
      <div class="bar-row">
        <a class="home" href="/panel">Stripe sandbox</a>
        ${modeMark(sandbox)}
        <span class="account" title="${sandbox.account.id}">${name}</span>
        <form class="search" action="/panel/search" role="search">
          <input
            type="search"
            name="q"
            id="search"
            aria-label="Open any Stripe id"
            placeholder="Open any id  ( / )"
            autocomplete="off"
            spellcheck="false"
          />
        </form>
        ${
          view.live !== false &&
          html`<button type="button" class="live" id="live-toggle" hidden>
            <span class="dot" aria-hidden="true"></span><span id="live-word">Live</span>
          </button>`
        }
      </div>
      ${tabs(view.tab)}
    </header>
    <main class="panel">
      ${noticeBar(req.query.get('notice'))}
      <div ${view.live !== false && html`id="live"`}>${view.content}</div>
    </main>`;
  return documentResponse({
    title: `${view.title} · Stripe sandbox`,
    body,
    room: 'panel',
    script: true,
    status,
  });
}

const PAGE_SIZE = 40;

export function pageQuery(query: URLSearchParams): PageQuery {
  const cursor = query.get('cursor');
  return cursor === null ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor };
}

export function pager(path: string, query: URLSearchParams, nextCursor: string | null): Markup {
  const isFirst = !query.has('cursor');
  if (isFirst && nextCursor === null) return html``;
  const address = (cursor: string | null): string => {
    const kept = new URLSearchParams(query);
    for (const name of ['cursor', 'fragment', 'notice']) kept.delete(name);
    if (cursor !== null) kept.set('cursor', cursor);
    return kept.size === 0 ? path : `${path}?${kept}`;
  };
  return html`<nav class="pager" aria-label="Pages">
    ${!isFirst && html`<a href="${address(null)}">Newest</a>`}
    ${nextCursor !== null && html`<a href="${address(nextCursor)}">Older</a>`}
  </nav>`;
}

export function emptyState(title: string, text: string): Markup {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    <p>${text}</p>
  </div>`;
}

export function notFound(tab: TabKey, what: string): PanelView {
  const content = html`<h1>Not found</h1>
    ${emptyState(`No such ${what}`, 'It may belong to another sandbox data folder.')}`;
  return { tab, title: 'Not found', content, status: 404, live: false };
}
