import type { DeliveryRow, EndpointRow, PageRequest, Sandbox } from '../../sandbox';
import { breakable, html, type Fragment, type Markup } from '../html';
import { timeTag } from '../times';
import { deliveryBadge, endpointBadge } from './badges';
import { emptyState, pageQuery, pager, type PanelView } from './panel-layout';

function answer(delivery: DeliveryRow): Fragment {
  if (delivery.responseStatus !== undefined) return `HTTP ${delivery.responseStatus}`;
  if (delivery.attempt === 0) return 'not sent yet';
  return 'no answer';
}

function response({ responseBody, error, id }: DeliveryRow): Fragment {
  return html`${error && html`<p class="error-text">${error}</p>`}
  ${
    responseBody &&
    html`<details class="response" id="response-${id}">
      <summary>Response body</summary>
      <pre
        class="json"
        tabindex="0"
        role="region"
        aria-label="Response body"
      ><code>${responseBody}</code></pre>
    </details>`
  }`;
}

function tries(delivery: DeliveryRow): Fragment {
  const count = delivery.attempt === 1 ? '1 attempt' : `${delivery.attempt} attempts`;
  const next = delivery.nextAttemptAtMs;
  return html`${count}${
    delivery.status === 'pending' && next !== undefined && html`, next ${timeTag(next / 1000)}`
  }`;
}

/** What chaos made of it. */
function mischief({ nature, faults }: DeliveryRow): Fragment {
  const told = nature === 'genuine' ? faults : [nature, ...faults];
  const names = [...new Set(told)].map((name) => name.replaceAll('_', ' '));
  return names.length > 0 && html`<span class="sub">${names.join(', ')}</span>`;
}

/** On an event's own page the rows name the endpoint, elsewhere the event. */
export function deliveryTable(deliveries: readonly DeliveryRow[], place: 'event' | 'list'): Markup {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${place === 'event' ? 'Endpoint' : 'Event'}</th>
        <th scope="col">State</th>
        <th scope="col" class="wide-only">Answer</th>
        <th scope="col" class="age">Last try</th>
      </tr>
    </thead>
    <tbody>
      ${deliveries.map(
        (delivery) =>
          html`<tr data-key="${delivery.id}">
            <td class="grow">
              ${
                place === 'event'
                  ? html`<span class="url">${delivery.url}</span>`
                  : html`<a class="type" href="/panel/events/${delivery.eventId}"
                        >${breakable(delivery.eventType)}</a
                      ><span class="sub url">${delivery.url}</span>`
              }
              ${response(delivery)}
            </td>
            <td>${deliveryBadge(delivery.status, delivery.attempt)}${mischief(delivery)}</td>
            <td class="wide-only">${answer(delivery)}<span class="sub">${tries(delivery)}</span></td>
            <td class="age">${timeTag(delivery.atMs / 1000)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function eventsTaken(endpoint: EndpointRow): string {
  if (endpoint.enabledEvents.includes('*')) return 'all events';
  return endpoint.enabledEvents.length === 1
    ? '1 event type'
    : `${endpoint.enabledEvents.length} event types`;
}

function endpointList(endpoints: readonly EndpointRow[]): Markup {
  if (endpoints.length === 0) {
    return emptyState(
      'No endpoints',
      'Start the sandbox with --webhook URL, or create one with POST /v1/webhook_endpoints.',
    );
  }
  return html`<ul class="endpoints">
    ${endpoints.map(
      (endpoint) =>
        html`<li data-key="${endpoint.id}">
          <span class="url">${endpoint.url}</span> ${endpointBadge(endpoint.status)}
          <span class="sub" title="${endpoint.enabledEvents.join(', ')}"
            >${eventsTaken(endpoint)}${
              endpoint.apiVersion !== null && html` · ${endpoint.apiVersion}`
            }${endpoint.description && html` · ${endpoint.description}`}</span
          >
        </li>`,
    )}
  </ul>`;
}

export function deliveriesView(
  sandbox: Pick<Sandbox, 'deliveries' | 'endpoints'>,
  req: Pick<PageRequest, 'query'>,
): PanelView {
  const { rows, nextCursor } = sandbox.deliveries.list(pageQuery(req.query));
  const content = html`<h1>Endpoints</h1>
    ${endpointList(sandbox.endpoints.list())}
    <h2>Deliveries</h2>
    ${
      rows.length === 0
        ? emptyState('No deliveries yet', 'Each event is sent to every enabled endpoint that takes its type.')
        : deliveryTable(rows, 'list')
    }
    ${pager('/panel/deliveries', req.query, nextCursor)}`;
  return { tab: 'deliveries', title: 'Deliveries', content };
}
