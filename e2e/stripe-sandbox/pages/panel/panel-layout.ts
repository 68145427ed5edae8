import type { PageQuery, PageRequest, PageResponse, Sandbox } from '../../sandbox';
import { html, type Markup } from '../html';
import { documentResponse, PAGE_HEADERS } from '../layout';
import { addressWith } from './filters';
import { findFlash } from './flash';

/** The rail; `key` after a `g` goes there. */
const GROUPS = [
  {
    title: 'Money',
    tabs: [
      { tab: 'sessions', label: 'Sessions', key: 's' },
      { tab: 'payments', label: 'Payments', key: 'p' },
      { tab: 'moneyback', label: 'Money back', key: 'm' },
      { tab: 'billing', label: 'Billing', key: 'b' },
      { tab: 'clocks', label: 'Clocks', key: 'c' },
    ],
  },
  {
    title: 'Webhooks',
    tabs: [
      { tab: 'events', label: 'Events', key: 'e' },
      { tab: 'deliveries', label: 'Deliveries', key: 'd' },
      { tab: 'endpoints', label: 'Endpoints', key: 'w' },
    ],
  },
  {
    title: 'Sandbox',
    tabs: [
      { tab: 'requests', label: 'API requests', key: 'r' },
      { tab: 'faults', label: 'Faults', key: 'f' },
      { tab: 'objects', label: 'Objects', key: 'o' },
      { tab: 'mail', label: 'Mail', key: 'i' },
    ],
  },
] as const;

export type TabKey = (typeof GROUPS)[number]['tabs'][number]['tab'];

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

function rail(current: TabKey): Markup {
  return html`<nav class="rail" aria-label="Panel">
    ${GROUPS.map(
      ({ tabs, title }) =>
        html`<p class="rail-title" aria-hidden="true">${title}</p>
          <ul>
            ${tabs.map(
              ({ key, label, tab }) =>
                html`<li>
                  <a href="/panel/${tab}" data-go="${key}" ${tab === current && html`aria-current="page"`}
                    >${label}<kbd aria-hidden="true">g ${key}</kbd></a
                  >
                </li>`,
            )}
          </ul>`,
    )}
    <p class="rail-keys" hidden><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> rows <kbd>.</kbd> acts</p>
  </nav>`;
}

function topBar(sandbox: Sandbox, isLive: boolean): Markup {
  const name = sandbox.account.settings?.dashboard.display_name ?? sandbox.account.id;
  return html`<header class="top">
    <a class="home" href="/panel"><span class="mark" aria-hidden="true"></span>Stripe sandbox</a>
    ${modeMark(sandbox)}
    <span class="account" title="${sandbox.account.id}">${name}</span>
    <form class="search" action="/panel/search" role="search">
      <input
        type="search"
        name="q"
        id="search"
        aria-label="Find an id, an e-mail or an event type"
        placeholder="Id, e-mail, event type  ( / )"
        autocomplete="off"
        spellcheck="false"
      />
    </form>
    ${
      isLive &&
      html`<button type="button" class="live" id="live-toggle" hidden>
        <span class="dot" aria-hidden="true"></span><span id="live-word">Live</span>
      </button>`
    }
  </header>`;
}

/** A whole page, or with `?fragment` only the part that changes, for the refresh of an open page. */
export function panelResponse(sandbox: Sandbox, req: PageRequest, view: PanelView): PageResponse {
  const status = view.status ?? 200;
  if (req.query.has('fragment')) return { status, headers: PAGE_HEADERS, body: view.content.toString() };
  const isLive = view.live !== false;
  const body = html`<a class="skip" href="#main">Skip to the content</a>
    ${topBar(sandbox, isLive)}
    <div class="frame">
      ${rail(view.tab)}
      <main class="panel" id="main" tabindex="-1">
        ${noticeBar(req.query.get('notice'))}
        <div ${isLive && html`id="live"`}>${view.content}</div>
      </main>
    </div>`;
  const title = `${view.title} · Stripe sandbox`;
  return documentResponse({ title, body, room: 'panel', script: true, firstScripts: ['panel-keys'], status });
}

const PAGE_SIZE = 40;

/** `name`: the parameter of the cursor, where a page has several lists. */
export function pageQuery(query: URLSearchParams, name = 'cursor'): PageQuery {
  const cursor = query.get(name);
  return cursor === null ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor };
}

/** Where the list stands, with its filters. */
export function currentAddress(path: string, query: URLSearchParams): string {
  const kept = new URLSearchParams(query);
  for (const name of ['fragment', 'notice']) kept.delete(name);
  return kept.size === 0 ? path : `${path}?${kept}`;
}

export function pager(
  path: string,
  query: URLSearchParams,
  nextCursor: string | null,
  name = 'cursor',
): Markup {
  const isFirst = !query.has(name);
  if (isFirst && nextCursor === null) return html``;
  return html`<nav class="pager" aria-label="Pages">
    ${!isFirst && html`<a href="${addressWith(path, query, name, null)}">Newest</a>`}
    ${nextCursor !== null && html`<a href="${addressWith(path, query, name, nextCursor)}">Older</a>`}
  </nav>`;
}

export function emptyState(title: string, text: string): Markup {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    <p>${text}</p>
  </div>`;
}

export function notFound(
  tab: TabKey,
  what: string,
  why = 'It may belong to the other mode or to another data folder, or a reset has forgotten it.',
): PanelView {
  const content = html`<h1>Not found</h1>
    ${emptyState(`No such ${what}`, why)}
    <p class="pager"><a href="/panel/${tab}">Back to the list</a></p>`;
  return { tab, title: 'Not found', content, status: 404, live: false };
}
