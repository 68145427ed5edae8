import type { Sandbox } from '../../sandbox';
import type { EndpointDetail, EndpointHealth, ListenerRow } from '../../sandbox-webhooks';
import { html, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { endpointBadge } from './badges';
import { endpointActs, endpointBar } from './endpoint-acts';
import { factList } from './facts';
import { actMenu } from './form-token';
import { idWithCopy } from './ids';
import { listTable } from './list-table';
import { deliveryTable } from './panel-deliveries';
import { emptyState, notFound, type PanelView } from './panel-layout';

const PATH = '/panel/endpoints';
const LISTED = 30;

function eventsTaken(types: readonly string[]): string {
  if (types.includes('*')) return 'all events';
  const [only] = types;
  return types.length === 1 && only !== undefined ? only : `${types.length} event types`;
}

/** How many of the last deliveries succeeded, and what the last failure was. */
function health({ failingSinceMs, lastFailure, succeeded, tried, waiting }: EndpointHealth): Fragment {
  if (tried === 0) return html`<span class="muted">nothing sent yet</span>`;
  const rate = Math.round((100 * succeeded) / tried);
  const tone = rate === 100 ? 'ok' : failingSinceMs === null ? 'warn' : 'bad';
  return html`<span class="badge ${tone}">${rate} % of ${tried}</span>
    ${waiting > 0 && html`<span class="muted">${waiting} waiting ·</span>`}
    ${
      lastFailure &&
      html`<a class="muted" href="/panel/deliveries/${lastFailure.deliveryId}"
        >last failure ${timeTag(lastFailure.atMs / 1000)}: ${lastFailure.told}</a
      >`
    }`;
}

/** Hidden until asked for; read and copied without a reload. */
function secretView(secret: string, name: string): Markup {
  return html`<details class="secret">
    <summary aria-label="Signing secret of ${name}">whsec_···</summary>
    ${idWithCopy(secret)}
  </details>`;
}

function endpointRow(endpoint: EndpointDetail) {
  const [secret] = endpoint.secrets;
  return {
    key: endpoint.id,
    cells: [
      html`<a class="url" href="${PATH}/${endpoint.id}">${endpoint.url}</a>`,
      endpointBadge(endpoint.status),
      health(endpoint.health),
      html`<span title="${endpoint.enabledEvents.join(', ')}">${eventsTaken(endpoint.enabledEvents)}</span>`,
      endpoint.apiVersion ?? 'account default',
      secret && secretView(secret.value, endpoint.url),
      actMenu(endpoint.url, endpointActs(endpoint), PATH),
    ],
  };
}

function listenerTable(listeners: readonly ListenerRow[]): Markup {
  return listTable(
    [
      { label: 'Forwards to', kind: 'name' },
      { label: 'Health', kind: 'grow' },
      { label: 'Session', kind: 'wide' },
      { label: 'Secret', kind: 'wide' },
    ],
    listeners.map((listener) => ({
      key: listener.id,
      cells: [
        html`<span class="url">${listener.url}</span>`,
        health(listener.health),
        html`<a class="id" href="/panel/deliveries?endpoint=${listener.id}">${listener.id}</a>`,
        secretView(listener.secret, 'stripe listen'),
      ],
    })),
  );
}

/** Who gets events: the account's endpoints, and whoever runs `stripe listen`. */
export function endpointsView({ endpoints }: Pick<Sandbox, 'endpoints'>): PanelView {
  const rows = endpoints.list().flatMap(({ id }) => endpoints.find(id) ?? []);
  const listeners = endpoints.listeners();
  const content = html`<h1>Webhook endpoints</h1>
    ${
      rows.length === 0
        ? emptyState(
            'No endpoints',
            'Start the sandbox with --webhook URL, or create one with POST /v1/webhook_endpoints.',
          )
        : listTable(
            [
              { label: 'URL', kind: 'name' },
              { label: 'State' },
              { label: 'Last deliveries', kind: 'grow' },
              { label: 'Events', kind: 'wide' },
              { label: 'Version', kind: 'wide' },
              { label: 'Secret', kind: 'wide' },
              { label: 'Acts', kind: 'acts' },
            ],
            rows.map(endpointRow),
          )
    }
    <h2>stripe listen</h2>
    ${
      listeners.length === 0
        ? html`<p class="muted">
            Nobody listens.
            <code>stripe listen --forward-to localhost:3000/webhooks --api-base …</code> appears here while it
            runs.
          </p>`
        : listenerTable(listeners)
    }`;
  return { tab: 'endpoints', title: 'Webhook endpoints', content };
}

function secretFacts({ secrets, url }: EndpointDetail): Markup {
  return html`<ul class="secrets">
    ${secrets.map(
      ({ expiresAtMs, value }, place) =>
        html`<li data-key="${value}">
          ${secretView(value, place === 0 ? url : `${url}, the one before`)}
          <span class="muted"
            >${
              expiresAtMs === null
                ? 'signs'
                : html`signs beside the new one until ${exactTime(Math.ceil(expiresAtMs / 1000))}`
            }</span
          >
        </li>`,
    )}
  </ul>`;
}

export function endpointView(
  sandbox: Pick<Sandbox, 'endpoints' | 'deliveries' | 'events'>,
  endpointId: string,
): PanelView {
  const endpoint = sandbox.endpoints.find(endpointId);
  if (!endpoint) return notFound('endpoints', 'endpoint');
  const { enabledEvents, url } = endpoint;
  const path = `${PATH}/${endpoint.id}`;
  const deliveries = sandbox.deliveries.list({ endpointId, limit: LISTED }).rows;
  const taken = sandbox.events
    .types()
    .map(({ type }) => type)
    .filter((type) => enabledEvents.includes('*') || enabledEvents.includes(type));
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="${PATH}">Webhook endpoints</a></p>
        <h1 class="type">${url} ${endpointBadge(endpoint.status)}</h1>
        <p class="head-id">${idWithCopy(endpoint.id)}</p>
      </div>
      ${endpointBar(endpoint, taken)}
    </div>
    ${factList([
      ['Events', enabledEvents.includes('*') ? 'all events' : enabledEvents.join(', ')],
      ['API version', endpoint.apiVersion ?? 'the account’s'],
      ['Last deliveries', health(endpoint.health)],
      [
        'Failing since',
        endpoint.health.failingSinceMs !== null && timeTag(endpoint.health.failingSinceMs / 1000),
      ],
      ['Description', endpoint.description],
      ['Object', html`<a href="/panel/objects/${endpoint.id}">as the API shows it</a>`],
      ['Created', timeTag(endpoint.created)],
    ])}
    <h2>Signing secrets</h2>
    ${secretFacts(endpoint)}
    <h2>Deliveries</h2>
    ${
      deliveries.length === 0
        ? html`<p class="muted">None so far.</p>`
        : html`${deliveryTable(deliveries, 'endpoint', path)}
            <p class="pager">
              <a href="/panel/deliveries?endpoint=${endpoint.id}">All of its deliveries</a>
            </p>`
    }`;
  return { tab: 'endpoints', title: url, content };
}
