import type { PageRequest, Sandbox } from '../../sandbox';
import type { DeliveryRow, DeliveryStatus } from '../../sandbox-webhooks';
import { breakable, html, type Fragment, type Markup } from '../html';
import { timeTag } from '../times';
import { deliveryBadge } from './badges';
import { deliveryActs } from './delivery-acts';
import { filterLinks, filterSelect } from './filters';
import { actMenu } from './form-token';
import { listTable } from './list-table';
import { currentAddress, emptyState, pageQuery, pager, type PanelView } from './panel-layout';

const PATH = '/panel/deliveries';

/** What the last attempt came to. */
function answerOf({ attempt, error, responseStatus }: DeliveryRow): string {
  if (responseStatus !== undefined) return `HTTP ${responseStatus}`;
  if (attempt === 0) return 'not sent yet';
  return error ?? 'no answer';
}

/** How often it was tried, and when it is tried next. */
export function triesOf(delivery: DeliveryRow): Fragment {
  const count = delivery.attempt === 1 ? '1 attempt' : `${delivery.attempt} attempts`;
  const next = delivery.nextAttemptAtMs;
  return html`${count}${
    delivery.status === 'pending' && next !== undefined && html`, next ${timeTag(next / 1000)}`
  }`;
}

/** What chaos made of it. */
export function mischiefOf({ nature, faults }: DeliveryRow): string {
  const told = nature === 'genuine' ? faults : [nature, ...faults];
  return [...new Set(told)].map((name) => name.replaceAll('_', ' ')).join(', ');
}

/** On an event's own page the rows name the endpoint, elsewhere the event. */
export function deliveryTable(
  deliveries: readonly DeliveryRow[],
  place: 'event' | 'endpoint' | 'list',
  back: string,
): Markup {
  const name = (delivery: DeliveryRow): Fragment =>
    place === 'event'
      ? html`<a class="url" href="${PATH}/${delivery.id}">${delivery.url}</a>`
      : html`<a class="type" href="${PATH}/${delivery.id}">${breakable(delivery.eventType)}</a>`;
  return listTable(
    [
      { label: place === 'event' ? 'Endpoint' : 'Event', kind: 'name' },
      { label: 'State' },
      { label: 'Answer', kind: 'grow' },
      { label: place === 'list' ? 'Endpoint' : 'Chaos', kind: 'wide' },
      { label: 'Attempts', kind: 'wide' },
      { label: 'Last try', kind: 'age' },
      { label: 'Acts', kind: 'acts' },
    ],
    deliveries.map((delivery) => ({
      key: delivery.id,
      cells: [
        name(delivery),
        deliveryBadge(delivery.status, delivery.attempt),
        html`${answerOf(delivery)} <span class="muted">${place === 'list' && mischiefOf(delivery)}</span>`,
        place === 'list'
          ? html`<a class="url" href="/panel/endpoints/${delivery.endpointId}" title="${delivery.url}"
              >${delivery.url.replace(/^https?:\/\//, '')}</a
            >`
          : mischiefOf(delivery),
        triesOf(delivery),
        timeTag(delivery.atMs / 1000),
        actMenu(`${delivery.eventType} to ${delivery.url}`, deliveryActs(delivery), back),
      ],
    })),
  );
}

const STATES = [
  { value: 'pending', label: 'Waiting' },
  { value: 'succeeded', label: 'Delivered' },
  { value: 'failed', label: 'Failed' },
  { value: 'dropped', label: 'Dropped' },
] as const satisfies ReadonlyArray<{ value: DeliveryStatus; label: string }>;

type DeliveryRooms = {
  deliveries: Pick<Sandbox['deliveries'], 'list' | 'counts'>;
  endpoints: Pick<Sandbox['endpoints'], 'list' | 'listeners'>;
  events: Pick<Sandbox['events'], 'types'>;
};

function tools({ deliveries, endpoints, events }: DeliveryRooms, query: URLSearchParams): Markup {
  const counts = deliveries.counts();
  const sum = Object.values(counts).reduce((total, count) => total + count, 0);
  const states = STATES.map((state) => ({ ...state, count: counts[state.value] }));
  const targets = [...endpoints.list(), ...endpoints.listeners()];
  const list = { path: PATH, query };
  return html`${filterLinks({
    ...list,
    name: 'status',
    label: 'State',
    choices: [{ value: null, label: 'All', count: sum }, ...states],
  })}
  ${filterSelect({
    ...list,
    name: 'endpoint',
    label: 'Endpoint',
    choices: targets.map(({ id, url }) => ({ value: id, label: url })),
  })}
  ${filterSelect({
    ...list,
    name: 'type',
    label: 'Event',
    choices: events.types().map(({ type }) => ({ value: type, label: type })),
  })}`;
}

export function deliveriesView(sandbox: DeliveryRooms, { query }: Pick<PageRequest, 'query'>): PanelView {
  const status = STATES.find(({ value }) => value === query.get('status'))?.value;
  const endpointId = query.get('endpoint') || undefined;
  const eventType = query.get('type') || undefined;
  const { rows, nextCursor } = sandbox.deliveries.list({
    ...pageQuery(query),
    ...(status && { status }),
    ...(endpointId !== undefined && { endpointId }),
    ...(eventType !== undefined && { eventType }),
  });
  const isFiltered = [status, endpointId, eventType].some((chosen) => chosen !== undefined);
  const content = html`<div class="title-row"><h1>Deliveries</h1></div>
    <div class="tools wrap">${tools(sandbox, query)}</div>
    ${rows.length === 0 ? noDeliveries(isFiltered) : deliveryTable(rows, 'list', currentAddress(PATH, query))}
    ${pager(PATH, query, nextCursor)}`;
  return { tab: 'deliveries', title: 'Deliveries', content };
}

function noDeliveries(isFiltered: boolean): Fragment {
  return isFiltered
    ? html`${emptyState('None of these', 'No delivery is of this state, endpoint and type together.')}
        <p class="pager"><a href="${PATH}">Show all deliveries</a></p>`
    : emptyState('No deliveries yet', 'Each event is sent to every enabled endpoint that takes its type.');
}
