import type { PageRequest, Sandbox } from '../../sandbox';
import type { EventDetail, EventRow } from '../../sandbox-webhooks';
import { breakable, html, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { factList } from './facts';
import { filterSelect, listHead } from './filters';
import { actBar, actForm, actMenu, fieldsForm, type ActForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonView } from './json-view';
import { listTable } from './list-table';
import { deliveryTable } from './panel-deliveries';
import { currentAddress, emptyState, notFound, pageQuery, pager, type PanelView } from './panel-layout';

const PATH = '/panel/events';

/** The buttons of an event in a list. */
function eventActs({ id, pendingWebhooks }: EventRow): ActForm[] {
  const resend: ActForm = { action: `${PATH}/${id}/resend`, label: 'Resend to all' };
  const drop: ActForm = { action: `${PATH}/${id}/drop`, label: 'Drop what waits', tone: 'danger' };
  return pendingWebhooks > 0 ? [resend, drop] : [resend];
}

/** Events wherever they are listed; `back`: where their buttons lead back to. */
export function eventTable(events: readonly EventRow[], back?: string): Markup {
  return listTable(
    [
      { label: 'Type', kind: 'name' },
      { label: 'Webhooks' },
      { label: 'Object', kind: 'grow' },
      { label: 'Request', kind: 'wide' },
      { label: 'Event', kind: 'wide' },
      { label: 'Created', kind: 'age' },
      { label: 'Acts', kind: 'acts' },
    ],
    events.map((event) => ({
      key: event.id,
      cells: [
        html`<a class="type" href="${PATH}/${event.id}">${breakable(event.type)}</a>`,
        event.pendingWebhooks > 0 &&
          html`<span class="badge warn">${event.pendingWebhooks} undelivered</span>`,
        idLink(event.objectId),
        event.requestId !== null && idLink(event.requestId),
        idLink(event.id),
        timeTag(event.created),
        actMenu(`${event.type}, ${event.id}`, eventActs(event), back),
      ],
    })),
  );
}

/** The section of an object's page that tells what was said of it and of what belongs to it. */
export function eventsOf(
  { events }: { events: Pick<Sandbox['events'], 'about'> },
  [id, ...others]: readonly [string, ...Array<string | null>],
): Markup {
  const found = events.about([id, ...others]);
  return html`<h2>Events</h2>
    ${found.length === 0 ? html`<p class="muted">None so far.</p>` : eventTable(found)}`;
}

export function eventsView(
  { events }: { events: Pick<Sandbox['events'], 'list' | 'types'> },
  { query }: Pick<PageRequest, 'query'>,
): PanelView {
  const type = query.get('type') || null;
  const { rows, nextCursor } = events.list(type === null ? pageQuery(query) : { ...pageQuery(query), type });
  const choices = events.types().map((one) => ({ value: one.type, label: one.type, count: one.count }));
  const content = html`${listHead(
    'Events',
    filterSelect({ path: PATH, query, name: 'type', label: 'Type', choices }),
  )}
  ${rows.length === 0 ? noEvents(type) : eventTable(rows, currentAddress(PATH, query))}
  ${pager(PATH, query, nextCursor)}`;
  return { tab: 'events', title: 'Events', content };
}

function noEvents(type: string | null): Fragment {
  return type === null
    ? emptyState('No events yet', 'Every change of a payment, charge or session makes one.')
    : emptyState(`No ${type} yet`, 'Type all shows what has happened.');
}

function bar(sandbox: { endpoints: Pick<Sandbox['endpoints'], 'list'> }, event: EventDetail): Markup {
  const path = `${PATH}/${event.id}`;
  const choice = html`<select name="endpoint" aria-label="Resend to">
    <option value="">every endpoint that takes it</option>
    ${sandbox.endpoints.list().map(({ id, url }) => html`<option value="${id}">${url}</option>`)}
  </select>`;
  return actBar(
    event.type,
    html`${fieldsForm({ action: `${path}/resend`, label: 'Resend', content: choice, tone: 'primary' })}
    ${
      event.pendingWebhooks > 0 &&
      actForm({ action: `${path}/drop`, label: 'Drop what waits', tone: 'danger' })
    }`,
  );
}

type EventRooms = { events: Pick<Sandbox['events'], 'find'> } & {
  deliveries: Pick<Sandbox['deliveries'], 'list'>;
  endpoints: Pick<Sandbox['endpoints'], 'list'>;
};

export function eventView(sandbox: EventRooms, eventId: string): PanelView {
  const event = sandbox.events.find(eventId);
  if (!event) return notFound('events', 'event');
  const deliveries = sandbox.deliveries.list({ eventId, limit: 100 }).rows;
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="${PATH}">Events</a></p>
        <h1 class="type">${breakable(event.type)}</h1>
        <p class="head-id">${idWithCopy(event.id)}</p>
      </div>
      ${bar(sandbox, event)}
    </div>
    ${factList([
      ['Object', html`${event.objectType.replaceAll('_', ' ')} ${idLink(event.objectId)}`],
      ['Caused by', event.requestId === null ? 'no API request' : idLink(event.requestId)],
      ['Idempotency key', event.idempotencyKey],
      ['API version', event.apiVersion],
      ['Undelivered', event.pendingWebhooks],
      ['Created', exactTime(event.created)],
    ])}
    <h2>Deliveries</h2>
    ${
      deliveries.length === 0
        ? html`<p class="muted">No endpoint takes this event.</p>`
        : deliveryTable(deliveries, 'event', `${PATH}/${event.id}`)
    }
    <h2>Payload</h2>
    ${jsonView(event.body, 'Event payload as JSON')}`;
  return { tab: 'events', title: event.type, content };
}
