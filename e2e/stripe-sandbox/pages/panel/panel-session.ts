import type { CheckoutView, Sandbox } from '../../sandbox';
import { formatAmount } from '../amounts';
import { INSTRUMENTS } from '../checkout/instruments';
import { html, safeHref, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { sessionBadge } from './badges';
import { factList, metadataFacts } from './facts';
import { actForm, fieldsForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonView } from './json-view';
import { eventTable } from './panel-events';
import { notFound, type PanelView } from './panel-layout';

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}

/** Everything of the test table that this session takes. */
function instrumentChoice({ methods }: CheckoutView): Fragment {
  const groups = INSTRUMENTS.flatMap(({ title, instruments }) => {
    const taken = instruments.filter(({ method }) => methods.includes(method));
    return taken.length === 0 ? [] : [{ title, taken }];
  });
  if (groups.length === 0) return html`<input type="hidden" name="card" value="success" />`;
  return html`<select name="card" aria-label="Pay with">
    ${groups.map(
      ({ title, taken }) =>
        html`<optgroup label="${title}">
          ${taken.map((one) => html`<option value="${one.key}">${one.title} · ${one.shown}</option>`)}
        </optgroup>`,
    )}
  </select>`;
}

function acts(view: CheckoutView): Fragment {
  const path = `/panel/sessions/${view.session.id}`;
  if (view.session.status !== 'open') return null;
  const hosted = safeHref(view.session.url);
  const answers = [
    actForm({
      action: `${path}/challenge`,
      label: 'Complete 3DS',
      fields: { answer: 'complete' },
      tone: 'primary',
    }),
    actForm({ action: `${path}/challenge`, label: 'Fail 3DS', fields: { answer: 'fail' } }),
  ];
  const pay = fieldsForm({
    action: `${path}/pay`,
    label: view.session.mode === 'setup' ? 'Save' : 'Pay',
    content: instrumentChoice(view),
    tone: 'primary',
  });
  return html`<div class="acts">
    ${view.challenge ? answers : pay}
    ${hosted && html`<a class="secondary small" href="${hosted}" target="_blank" rel="noopener">Open hosted page</a>`}
    ${actForm({ action: `${path}/expire`, label: 'Expire', tone: 'danger' })}
  </div>`;
}

function lineItems(view: CheckoutView): Markup {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Item</th>
        <th scope="col" class="right">Quantity</th>
        <th scope="col" class="right">Amount</th>
      </tr>
    </thead>
    <tbody>
      ${view.lineItems.map(
        (item) =>
          html`<tr>
            <td class="grow">${item.description}</td>
            <td class="right">${item.quantity ?? 1}</td>
            <td class="right">${formatAmount(item.amount_total, item.currency)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function sessionView(sandbox: Sandbox, sessionId: string): PanelView {
  const view = sandbox.checkout.find(sessionId);
  if (!view) return notFound('sessions', 'session');
  const { session } = view;
  const intentId = idOf(session.payment_intent);
  const payment = intentId === null ? undefined : sandbox.payments.find(intentId);
  const events = sandbox.events.about([session.id, intentId, payment?.chargeId ?? null]);
  const metadata = metadataFacts(session.metadata);
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/sessions">Sessions</a></p>
        <h1>
          ${formatAmount(view.amount, view.currency)}
          ${sessionBadge(session.status ?? 'open', session.payment_status)}
        </h1>
        <p class="head-id">${idWithCopy(session.id)}</p>
      </div>
      ${acts(view)}
    </div>
    ${factList([
      ['Payment', intentId === null ? 'none yet' : idLink(intentId)],
      ['Last decline', payment?.declineMessage],
      ['E-mail', view.customerEmail],
      ['Customer', idOf(session.customer)],
      ['Reference', session.client_reference_id],
      ['Created', timeTag(session.created)],
      ['Expires', exactTime(session.expires_at)],
      ['Success URL', session.success_url],
      ['Cancel URL', session.cancel_url],
    ])}
    ${
      metadata.length > 0 &&
      html`<h2>Metadata</h2>
        ${factList(metadata)}`
    }
    <h2>Line items</h2>
    ${lineItems(view)}
    <h2>Events</h2>
    ${events.length === 0 ? html`<p class="muted">None so far.</p>` : eventTable(events)}
    <details class="fold" id="session-json">
      <summary>Object</summary>
      ${jsonView(JSON.stringify(session, null, 2), 'Session as JSON')}
    </details>`;
  return { tab: 'sessions', title: session.id, content };
}
