import type { ListDesk, PageRequest, PaymentRow, Sandbox } from '../../sandbox';
import { formatAmount } from '../amounts';
import { html, type Markup } from '../html';
import { timeTag } from '../times';
import { paymentBadge } from './badges';
import { factList } from './facts';
import { idLink, idWithCopy } from './ids';
import { eventTable } from './panel-events';
import { moneyBackActs, paymentMoneyBack } from './panel-money-back';
import { emptyState, notFound, pageQuery, pager, type PanelView } from './panel-layout';

function card(payment: PaymentRow): string | null {
  return payment.cardLast4 === null ? null : `${payment.cardBrand ?? 'card'} ···· ${payment.cardLast4}`;
}

function row(payment: PaymentRow): Markup {
  return html`<tr data-key="${payment.id}">
    <td class="name">
      <a href="/panel/payments/${payment.id}">${formatAmount(payment.amount, payment.currency)}</a>
    </td>
    <td>${paymentBadge(payment)}</td>
    <td class="grow">
      ${card(payment) ?? 'no card yet'}<span class="sub">${payment.declineMessage ?? payment.email}</span>
    </td>
    <td class="wide-only">${idLink(payment.id)}</td>
    <td class="wide-only">${payment.sessionId !== null && idLink(payment.sessionId)}</td>
    <td class="age">${timeTag(payment.created)}</td>
  </tr>`;
}

export function paymentsView(
  sandbox: { payments: ListDesk<PaymentRow> },
  req: Pick<PageRequest, 'query'>,
): PanelView {
  const { rows, nextCursor } = sandbox.payments.list(pageQuery(req.query));
  const content = html`<h1>Payments</h1>
    ${
      rows.length === 0
        ? emptyState(
            'No payments yet',
            'The first attempt to pay a session makes one, a declined attempt too.',
          )
        : html`<table>
            <thead>
              <tr>
                <th scope="col">Amount</th>
                <th scope="col">State</th>
                <th scope="col">Card</th>
                <th scope="col" class="wide-only">Payment intent</th>
                <th scope="col" class="wide-only">Session</th>
                <th scope="col" class="age">Created</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(row)}
            </tbody>
          </table>`
    }
    ${pager('/panel/payments', req.query, nextCursor)}`;
  return { tab: 'payments', title: 'Payments', content };
}

export function paymentView(
  sandbox: Pick<Sandbox, 'payments' | 'events' | 'moneyBack'>,
  paymentId: string,
): PanelView {
  const payment = sandbox.payments.find(paymentId);
  if (!payment) return notFound('payments', 'payment');
  const events = sandbox.events.about([payment.id, payment.chargeId, payment.sessionId]);
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="/panel/payments">Payments</a></p>
        <h1>${formatAmount(payment.amount, payment.currency)} ${paymentBadge(payment)}</h1>
        <p class="head-id">${idWithCopy(payment.id)}</p>
      </div>
      ${moneyBackActs(payment)}
    </div>
    ${factList([
      ['Card', card(payment)],
      ['Last decline', payment.declineMessage],
      ['E-mail', payment.email],
      ['Charge', payment.chargeId === null ? null : idLink(payment.chargeId)],
      ['Session', payment.sessionId === null ? null : idLink(payment.sessionId)],
      ['Created', timeTag(payment.created)],
    ])}
    ${paymentMoneyBack(sandbox, payment)}
    <h2>Events</h2>
    ${events.length === 0 ? html`<p class="muted">None so far.</p>` : eventTable(events)}`;
  return { tab: 'payments', title: payment.id, content };
}
