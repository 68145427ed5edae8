import type { ObjectRow, PageRequest, Sandbox } from '../../sandbox';
import { formatAmount } from '../amounts';
import { html, type Markup } from '../html';
import { timeTag } from '../times';
import { objectBadge } from './badges';
import { factList } from './facts';
import { idLink, idWithCopy } from './ids';
import { jsonView } from './json-view';
import { eventTable } from './panel-events';
import { emptyState, notFound, pageQuery, pager, type PanelView } from './panel-layout';

const spoken = (name: string): string => name.replaceAll(/[._]/g, ' ');

function titleOf(row: ObjectRow): string {
  return row.amount !== null && row.currency !== null
    ? formatAmount(row.amount, row.currency)
    : (row.title ?? spoken(row.objectType));
}

function objectTable(rows: readonly ObjectRow[]): Markup {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Object</th>
        <th scope="col">State</th>
        <th scope="col" class="wide-only">Kind</th>
        <th scope="col">Id</th>
        <th scope="col" class="age">Created</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr data-key="${row.id}">
            <td class="name grow">${titleOf(row)}</td>
            <td>${row.status !== null && objectBadge(row.status)}</td>
            <td class="wide-only">${spoken(row.objectType)}</td>
            <td>${idLink(row.id)}</td>
            <td class="age">${row.created !== null && timeTag(row.created)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Every kind with its count. */
export function objectKindsView(sandbox: Pick<Sandbox, 'objects'>): PanelView {
  const content = html`<h1>Objects</h1>
    <ul class="kinds">
      ${sandbox.objects
        .kinds()
        .map(
          ({ kind, count }) =>
            html`<li data-key="${kind}">
              <a href="/panel/objects/${kind}">${spoken(kind)}</a> <span class="count">${count}</span>
            </li>`,
        )}
    </ul>`;
  return { tab: 'objects', title: 'Objects', content };
}

/** The list of a kind, or one object by its id. */
export function objectsView(
  sandbox: Pick<Sandbox, 'objects'>,
  req: Pick<PageRequest, 'query'>,
  kindOrId: string,
): PanelView {
  const page = sandbox.objects.list(kindOrId, pageQuery(req.query));
  if (!page) return objectView(sandbox, kindOrId);
  const content = html`<p class="crumb"><a href="/panel/objects">Objects</a></p>
    <h1>${spoken(kindOrId)}</h1>
    ${
      page.rows.length === 0
        ? emptyState('None yet', 'They appear here as the API, the hosted pages or a clock make them.')
        : objectTable(page.rows)
    }
    ${pager(`/panel/objects/${kindOrId}`, req.query, page.nextCursor)}`;
  return { tab: 'objects', title: spoken(kindOrId), content };
}

function objectView(sandbox: Pick<Sandbox, 'objects'>, id: string): PanelView {
  const object = sandbox.objects.find(id);
  if (!object) return notFound('objects', 'object');
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/objects">Objects</a> / ${spoken(object.objectType)}</p>
        <h1>${titleOf(object)} ${object.status !== null && objectBadge(object.status)}</h1>
        <p class="head-id">${idWithCopy(object.id)}</p>
      </div>
    </div>
    ${factList([
      ['Name', object.title],
      ['Customer', object.customerId === null ? null : idLink(object.customerId)],
      ['Created', object.created === null ? null : timeTag(object.created)],
    ])}
    ${
      object.relatives.length > 0 &&
      html`<h2>Belongs to it</h2>
        ${objectTable(object.relatives)}`
    }
    <h2>Events</h2>
    ${object.events.length === 0 ? html`<p class="muted">None so far.</p>` : eventTable(object.events)}
    <h2>Object</h2>
    ${jsonView(object.json, `${spoken(object.objectType)} as JSON`)}`;
  return { tab: 'objects', title: object.id, content };
}
