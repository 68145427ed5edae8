import type { PageRequest, Sandbox } from '../../sandbox';
import type { RequestDetail, RequestRow } from '../../sandbox-webhooks';
import { html, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { statusBadge } from './badges';
import { factList } from './facts';
import { filterLinks, listHead } from './filters';
import { idWithCopy, linkedPath } from './ids';
import { jsonView } from './json-view';
import { listTable } from './list-table';
import { eventTable } from './panel-events';
import { emptyState, notFound, pageQuery, pager, type PanelView } from './panel-layout';

const PATH = '/panel/requests';
const KINDS = [
  { value: null, label: 'All' },
  { value: 'changes', label: 'Changes' },
  { value: 'failed', label: 'Failed' },
] as const;

function marks({ isLost, isReplay }: RequestRow): Fragment {
  return html`${isReplay && html`<span class="badge info">replayed</span>`}
  ${isLost && html`<span class="badge bad">answer lost</span>`}`;
}

function row(request: RequestRow) {
  return {
    key: request.id,
    cells: [
      html`<a class="type" href="${PATH}/${request.id}">${request.method} ${request.path}</a>`,
      html`${statusBadge(request.status)} ${marks(request)}`,
      html`<span class="muted">${request.error}</span>`,
      request.idempotencyKey !== null &&
        html`<span class="id" title="${request.idempotencyKey}"
          >${request.idempotencyKey.slice(0, 24)}</span
        >`,
      request.version,
      `${request.durationMs} ms`,
      timeTag(request.atMs / 1000),
    ],
  };
}

/** The API requests of late, as `stripe logs tail` tells them. */
export function requestsView(
  { requests }: Pick<Sandbox, 'requests'>,
  { query }: Pick<PageRequest, 'query'>,
): PanelView {
  const only = KINDS.find(({ value }) => value === query.get('only'))?.value ?? undefined;
  const { rows, nextCursor } = requests.list({ ...pageQuery(query), ...(only && { only }) });
  const content = html`${listHead(
    'API requests',
    filterLinks({ path: PATH, query, name: 'only', label: 'Kind', choices: KINDS }),
  )}
  ${
    rows.length === 0
      ? emptyState(
          only === undefined ? 'No requests yet' : 'None of these',
          'The last thousand API requests since the start are kept, with their answers.',
        )
      : listTable(
          [
            { label: 'Request', kind: 'name' },
            { label: 'Answer' },
            { label: 'Error', kind: 'grow' },
            { label: 'Idempotency key', kind: 'wide' },
            { label: 'Version', kind: 'wide' },
            { label: 'Took', kind: 'wide' },
            { label: 'When', kind: 'age' },
          ],
          rows.map(row),
        )
  }
  ${pager(PATH, query, nextCursor)}`;
  return { tab: 'requests', title: 'API requests', content };
}

/** A form as it was sent, one parameter a line. */
function parameters(text: string, label: string): Fragment {
  const pairs = [...new URLSearchParams(text)];
  if (pairs.length === 0) return null;
  return html`<h2>${label}</h2>
    ${factList(pairs.map(([name, value]): [string, Fragment] => [name, linkedPath(value)]))}`;
}

function answer({ answer: text, isLost }: RequestDetail): Markup {
  return html`<h2>Answer</h2>
    ${isLost && html`<p class="muted">The connection was cut: the application never saw this.</p>`}
    ${jsonView(text, 'Answer as JSON')}`;
}

export function requestView({ requests }: Pick<Sandbox, 'requests'>, requestId: string): PanelView {
  const request = requests.find(requestId);
  if (!request) {
    return notFound('requests', 'request', 'The last thousand are kept, and none over a restart.');
  }
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="${PATH}">API requests</a></p>
        <h1 class="type">
          ${request.method} ${request.path} ${statusBadge(request.status)} ${marks(request)}
        </h1>
        <p class="head-id">${idWithCopy(request.id)}</p>
      </div>
    </div>
    ${factList([
      ['Error', request.error],
      ['Code', request.errorCode],
      ['Idempotency key', request.idempotencyKey],
      ['API version', request.version],
      ['Took', `${request.durationMs} ms`],
      ['When', exactTime(request.atMs / 1000)],
      ['Client', request.userAgent],
    ])}
    ${parameters(request.query, 'Query')} ${parameters(request.body, 'Body')}
    <h2>Events</h2>
    ${
      request.events.length === 0
        ? html`<p class="muted">It caused none at once.</p>`
        : eventTable(request.events, `${PATH}/${request.id}`)
    }
    ${answer(request)}`;
  return { tab: 'requests', title: `${request.method} ${request.path}`, content };
}
