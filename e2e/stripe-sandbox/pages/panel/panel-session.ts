import type { CheckoutView, PaymentRow, Sandbox } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { INSTRUMENTS } from '../checkout/instruments';
import { html, safeHref, type Fragment, type Markup } from '../html';
import { exactTime, timeTag } from '../times';
import { challengeActs } from './act-on-session';
import { paymentBadge, sessionBadge } from './badges';
import { factList, metadataFacts } from './facts';
import { actBar, actForm, fieldsForm } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonOf } from './json-view';
import { listTable } from './list-table';
import { eventsOf } from './panel-events';
import { notFound, type PanelView } from './panel-layout';
import { paymentBar } from './payment-acts';

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

/** 3DS answers take the place of the instruments while a question waits. */
function bar(view: CheckoutView): Fragment {
  const path = `/panel/sessions/${view.session.id}`;
  if (view.session.status !== 'open') return null;
  const hosted = safeHref(view.session.url);
  const pay = fieldsForm({
    action: `${path}/pay`,
    label: view.session.mode === 'setup' ? 'Save' : 'Pay',
    content: instrumentChoice(view),
    tone: 'primary',
  });
  return actBar(
    'this session',
    html`${view.challenge ? challengeActs(path).map(actForm) : pay}
    ${hosted && html`<a class="secondary small" href="${hosted}" target="_blank" rel="noopener">Open hosted page</a>`}
    ${actForm({ action: `${path}/expire`, label: 'Expire', tone: 'danger' })}`,
  );
}

function lineItems({ lineItems: items }: CheckoutView): Markup {
  return listTable(
    [
      { label: 'Item', kind: 'grow' },
      { label: 'Quantity', kind: 'right' },
      { label: 'Amount', kind: 'right' },
    ],
    items.map((item) => ({
      key: item.id,
      cells: [item.description, item.quantity ?? 1, formatAmount(item.amount_total, item.currency)],
    })),
  );
}

function paymentOf(payment: PaymentRow | undefined): Fragment {
  if (!payment) return 'none yet';
  return html`${idLink(payment.id)} ${paymentBadge(payment)}`;
}

export function sessionView(sandbox: Sandbox, sessionId: string): PanelView {
  const view = sandbox.checkout.find(sessionId);
  const row = sandbox.sessions.find(sessionId);
  if (!view || !row) return notFound('sessions', 'session');
  const { session } = view;
  const intentId = idOf(session.payment_intent);
  const payment = intentId === null ? undefined : sandbox.payments.find(intentId);
  const metadata = metadataFacts(session.metadata);
  const link = (reference: string | { id: string } | null): Fragment => {
    const id = idOf(reference);
    return id !== null && idLink(id);
  };
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/sessions">Sessions</a></p>
        <h1>${formatAmount(view.amount, view.currency)} ${sessionBadge(row)}</h1>
        <p class="head-id">${idWithCopy(session.id)}</p>
      </div>
      ${payment && session.status !== 'open' ? paymentBar(payment, `/panel/sessions/${session.id}`) : bar(view)}
    </div>
    ${factList([
      ['Payment', paymentOf(payment)],
      ['Last decline', payment?.declineMessage],
      ['Mode', session.mode],
      ['E-mail', view.customerEmail],
      ['Customer', link(session.customer)],
      ['Subscription', link(session.subscription)],
      ['Invoice', link(session.invoice)],
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
    ${view.lineItems.length === 0 ? html`<p class="muted">Nothing is sold.</p>` : lineItems(view)}
    ${eventsOf(sandbox, [session.id, intentId, payment?.chargeId ?? null])}
    ${jsonOf(sandbox, session.id, 'Session as JSON')}`;
  return { tab: 'sessions', title: session.id, content };
}
