import type { Sandbox } from '../../sandbox';
import type { AttemptRow } from '../../sandbox-webhooks';
import { breakable, html, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { deliveryBadge, statusBadge } from './badges';
import { deliveryActs } from './delivery-acts';
import { factList } from './facts';
import { actBar, actForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonView } from './json-view';
import { mischiefOf, triesOf } from './panel-deliveries';
import { notFound, type PanelView } from './panel-layout';

const isJson = (text: string): boolean => /^\s*[{[]/.test(text);

/** What an application answered, as text; JSON is marked. */
function answerBody(text: string, place: number): Markup {
  const label = `Answer to attempt ${place}`;
  return isJson(text)
    ? jsonView(text, label)
    : html`<pre class="json" tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;
}

function sent({ request }: AttemptRow, place: number): Fragment {
  if (request === null) {
    return html`<p class="muted">
      What left is not kept: it was long ago, before a restart, or nothing left.
    </p>`;
  }
  const headers = Object.entries(request.headers).map(([name, value]): [string, Fragment] => [
    name,
    html`<span class="id whole">${value}</span>`,
  ]);
  return html`<details class="fold" id="request-${place}">
    <summary>Request: headers, signature and body</summary>
    ${factList(headers)} ${jsonView(request.body, `Body of attempt ${place}`)}
  </details>`;
}

function attempt(one: AttemptRow, place: number): Markup {
  const { atMs, error, responseBody, responseStatus } = one;
  return html`<li data-key="attempt-${place}">
    <p class="card-head">
      <strong>Attempt ${place}</strong>
      ${responseStatus === null ? html`<span class="badge bad">no answer</span>` : statusBadge(responseStatus)}
      <span class="muted">${exactTime(atMs / 1000)}</span>
    </p>
    ${error !== null && html`<p class="error-text">${error}</p>`}
    ${responseBody !== null && responseBody !== '' && answerBody(responseBody, place)} ${sent(one, place)}
  </li>`;
}

/** One delivery: what was sent, each attempt and its answer, and when the next one comes. */
export function deliveryView(
  { deliveries }: { deliveries: Pick<Sandbox['deliveries'], 'find'> },
  deliveryId: string,
): PanelView {
  const delivery = deliveries.find(deliveryId);
  if (!delivery) return notFound('deliveries', 'delivery');
  const { attempts, body, eventType, status, url } = delivery;
  const path = `/panel/deliveries/${delivery.id}`;
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/deliveries">Deliveries</a></p>
        <h1 class="type">${breakable(eventType)} ${deliveryBadge(status, delivery.attempt)}</h1>
        <p class="head-id">${idWithCopy(delivery.id)}</p>
      </div>
      ${actBar(
        eventType,
        deliveryActs(delivery).map((act) => actForm({ ...act, back: path })),
      )}
    </div>
    ${factList([
      ['Event', idLink(delivery.eventId)],
      ['Endpoint', html`<a class="url" href="/panel/endpoints/${delivery.endpointId}">${url}</a>`],
      ['Attempts', triesOf(delivery)],
      ['Chaos', mischiefOf(delivery)],
      ['Made', timeTag(delivery.createdMs / 1000)],
    ])}
    <h2>Attempts</h2>
    ${
      attempts.length === 0
        ? html`<p class="muted">None yet.</p>`
        : html`<ol class="attempts">
            ${attempts.map((one, place) => attempt(one, place + 1)).reverse()}
          </ol>`
    }
    ${
      body !== null &&
      html`<details class="fold" id="body-now">
        <summary>The body as it would leave now</summary>
        ${jsonView(body, 'Body as JSON')}
      </details>`
    }`;
  return { tab: 'deliveries', title: eventType, content };
}
