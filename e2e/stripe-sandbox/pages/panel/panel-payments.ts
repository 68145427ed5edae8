import type { PageRequest, PaymentRow, Sandbox } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { html, type Fragment } from '../html';
import { timeTag } from '../times';
import { paymentBadge } from './badges';
import { factList } from './facts';
import { filterLinks, listHead } from './filters';
import { actMenu } from './form-token';
import { idLink, idWithCopy } from './ids';
import { jsonOf } from './json-view';
import { listTable } from './list-table';
import { eventsOf } from './panel-events';
import { paymentMoneyBack } from './panel-money-back';
import { currentAddress, emptyState, notFound, pageQuery, pager, type PanelView } from './panel-layout';
import { paymentActs, paymentBar } from './payment-acts';

const PATH = '/panel/payments';
const STATES = [
  { value: null, label: 'All' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'requires_payment_method', label: 'Declined or unpaid' },
  { value: 'processing', label: 'Processing' },
  { value: 'requires_action', label: '3DS' },
  { value: 'requires_capture', label: 'To capture' },
  { value: 'canceled', label: 'Canceled' },
] as const;

function method({ methodLast4, methodName }: PaymentRow): string | null {
  if (methodName === null) return null;
  const name = methodName.replaceAll('_', ' ');
  return methodLast4 === null ? name : `${name} ···· ${methodLast4}`;
}

function row(payment: PaymentRow, back: string) {
  const amount = formatAmount(payment.amount, payment.currency);
  const owner = payment.sessionId ?? payment.invoiceId;
  return {
    key: payment.id,
    cells: [
      html`<a href="${PATH}/${payment.id}">${amount}</a>`,
      paymentBadge(payment),
      html`${method(payment) ?? 'no method yet'}
        <span class="muted">${payment.declineMessage ?? payment.email}</span>`,
      idLink(payment.id),
      owner !== null && idLink(owner),
      timeTag(payment.created),
      actMenu(`${amount}, ${payment.id}`, paymentActs(payment), back),
    ],
  };
}

export function paymentsView(
  { payments }: { payments: Pick<Sandbox['payments'], 'list'> },
  req: Pick<PageRequest, 'query'>,
): PanelView {
  const { query } = req;
  const status = STATES.find(({ value }) => value === query.get('status'))?.value ?? undefined;
  const { rows, nextCursor } = payments.list({ ...pageQuery(query), ...(status && { status }) });
  const content = html`${listHead(
    'Payments',
    filterLinks({ path: PATH, query, name: 'status', label: 'State', choices: STATES }),
  )}
  ${
    rows.length === 0
      ? noPayments(status)
      : listTable(
          [
            { label: 'Amount', kind: 'name' },
            { label: 'State' },
            { label: 'Method', kind: 'grow' },
            { label: 'Payment intent', kind: 'wide' },
            { label: 'Session or invoice', kind: 'wide' },
            { label: 'Created', kind: 'age' },
            { label: 'Acts', kind: 'acts' },
          ],
          rows.map((payment) => row(payment, currentAddress(PATH, query))),
        )
  }
  ${pager(PATH, query, nextCursor)}`;
  return { tab: 'payments', title: 'Payments', content };
}

function noPayments(status: string | undefined): Fragment {
  return status === undefined
    ? emptyState('No payments yet', 'The first attempt to pay a session makes one, a declined attempt too.')
    : emptyState('None in this state', 'Another state, or All, shows the rest.');
}

export function paymentView(
  sandbox: Pick<Sandbox, 'payments' | 'events' | 'moneyBack' | 'objects'>,
  paymentId: string,
): PanelView {
  const payment = sandbox.payments.find(paymentId);
  if (!payment) return notFound('payments', 'payment');
  const link = (id: string | null): Fragment => id !== null && idLink(id);
  const content = html`<div class="head">
      <div>
        <p class="crumb"><a href="${PATH}">Payments</a></p>
        <h1>${formatAmount(payment.amount, payment.currency)} ${paymentBadge(payment)}</h1>
        <p class="head-id">${idWithCopy(payment.id)}</p>
      </div>
      ${paymentBar(payment, `${PATH}/${payment.id}`)}
    </div>
    ${factList([
      ['Method', method(payment)],
      ['Last decline', payment.declineMessage],
      ['Refunded', payment.amountRefunded > 0 && formatAmount(payment.amountRefunded, payment.currency)],
      ['Held', payment.amountCapturable > 0 && formatAmount(payment.amountCapturable, payment.currency)],
      ['E-mail', payment.email],
      ['Customer', link(payment.customerId)],
      ['Charge', link(payment.chargeId)],
      ['Session', link(payment.sessionId)],
      ['Invoice', link(payment.invoiceId)],
      ['Created', timeTag(payment.created)],
    ])}
    ${paymentMoneyBack(sandbox, payment)}
    ${eventsOf(sandbox, [payment.id, payment.chargeId, payment.sessionId])}
    ${jsonOf(sandbox, payment.id, 'Payment intent as JSON')}`;
  return { tab: 'payments', title: payment.id, content };
}
