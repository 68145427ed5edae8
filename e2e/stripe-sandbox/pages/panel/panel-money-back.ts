import type { PaymentRow, Sandbox } from '../../sandbox';
import type {
  AnswerDisputeOutcome,
  DisputeRow,
  MoneyBackDesk,
  OpenDisputeOutcome,
  RefundOutcome,
  RefundRow,
} from '../../sandbox-money-back';
import { formatAmount, parseAmount } from '../amounts';
import { html, type Fragment, type Markup } from '../html';
import { timeTag } from '../times';
import { objectBadge } from './badges';
import type { ActResult } from './flash';
import { actForm, fieldsForm } from './form-token';
import { idLink } from './ids';
import { emptyState, type PanelView } from './panel-layout';

const PAGE_SIZE = 50;

function refundActs({ id, status }: RefundRow): Fragment {
  const path = `/panel/refunds/${id}`;
  return html`${status === 'pending' && actForm({ action: `${path}/settle`, label: 'Succeed' })}
  ${
    (status === 'pending' || status === 'succeeded') &&
    actForm({ action: `${path}/fail`, label: 'Fail', tone: 'danger' })
  }`;
}

function refundTable(refunds: readonly RefundRow[]): Markup {
  return html`<table class="acting">
    <thead>
      <tr>
        <th scope="col">Refund</th>
        <th scope="col">State</th>
        <th scope="col" class="wide-only">Id</th>
        <th scope="col" class="wide-only">Payment</th>
        <th scope="col" class="age">Created</th>
        <th scope="col"><span class="visually-hidden">Acts</span></th>
      </tr>
    </thead>
    <tbody>
      ${refunds.map(
        (refund) =>
          html`<tr data-key="${refund.id}">
            <td class="name">
              <a href="/panel/objects/${refund.id}">${formatAmount(refund.amount, refund.currency)}</a>
            </td>
            <td>
              ${objectBadge(refund.status)}<span class="sub"
                >${(refund.failureReason ?? '').replaceAll('_', ' ')}</span
              >
            </td>
            <td class="wide-only">${idLink(refund.id)}</td>
            <td class="wide-only">${refund.paymentIntentId !== null && idLink(refund.paymentIntentId)}</td>
            <td class="age">${timeTag(refund.created)}</td>
            <td class="row-acts">${refundActs(refund)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function disputeActs({ id, stage }: DisputeRow): Fragment {
  if (stage === 'closed') return null;
  const answer = (label: string, decision: string, tone: 'secondary' | 'danger' = 'secondary') =>
    actForm({ action: `/panel/disputes/${id}/answer`, label, fields: { decision }, tone });
  return html`${answer('Win', 'win')}${answer('Lose', 'lose', 'danger')}${answer('Accept', 'accept')}
  ${stage === 'inquiry' && answer('Escalate', 'escalate')}`;
}

function disputeTable(disputes: readonly DisputeRow[]): Markup {
  return html`<table class="acting">
    <thead>
      <tr>
        <th scope="col">Dispute</th>
        <th scope="col">State</th>
        <th scope="col" class="wide-only">Id</th>
        <th scope="col" class="wide-only">Payment</th>
        <th scope="col" class="age">Answer due</th>
        <th scope="col"><span class="visually-hidden">Acts</span></th>
      </tr>
    </thead>
    <tbody>
      ${disputes.map(
        (dispute) =>
          html`<tr data-key="${dispute.id}">
            <td class="name">
              <a href="/panel/objects/${dispute.id}">${formatAmount(dispute.amount, dispute.currency)}</a
              ><span class="sub">${dispute.reason.replaceAll('_', ' ')}</span>
            </td>
            <td>
              ${objectBadge(dispute.status)}<span class="sub"
                >${
                  dispute.withdrawn === 0
                    ? 'nothing withdrawn'
                    : `${formatAmount(dispute.withdrawn, dispute.currency)} withdrawn`
                }</span
              >
            </td>
            <td class="wide-only">${idLink(dispute.id)}</td>
            <td class="wide-only">${dispute.paymentIntentId !== null && idLink(dispute.paymentIntentId)}</td>
            <td class="age">
              ${dispute.stage !== 'closed' && dispute.dueBy !== null && timeTag(dispute.dueBy)}
            </td>
            <td class="row-acts">${disputeActs(dispute)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The tab of all refunds and disputes, newest first. */
export function moneyBackView({ moneyBack }: Pick<Sandbox, 'moneyBack'>): PanelView {
  const refunds = moneyBack.refunds({ limit: PAGE_SIZE });
  const disputes = moneyBack.disputes({ limit: PAGE_SIZE });
  const content = html`<h1>Money back</h1>
    <h2>Disputes</h2>
    ${
      disputes.rows.length === 0
        ? emptyState('No disputes', 'A dispute card makes one, or a button on the page of a paid payment.')
        : disputeTable(disputes.rows)
    }
    ${older('disputes', disputes.nextCursor)}
    <h2>Refunds</h2>
    ${
      refunds.rows.length === 0
        ? emptyState('No refunds', 'The API makes them, or a button on the page of a paid payment.')
        : refundTable(refunds.rows)
    }
    ${older('refunds', refunds.nextCursor)}`;
  return { tab: 'moneyback', title: 'Money back', content };
}

const older = (kind: string, cursor: string | null): Fragment =>
  cursor !== null && html`<p class="pager"><a href="/panel/objects/${kind}?cursor=${cursor}">Older</a></p>`;

/** What came back of one payment, and what can be made to come back. */
export function paymentMoneyBack({ moneyBack }: Pick<Sandbox, 'moneyBack'>, payment: PaymentRow): Fragment {
  const query = { paymentIntentId: payment.id, limit: PAGE_SIZE };
  const refunds = moneyBack.refunds(query).rows;
  const disputes = moneyBack.disputes(query).rows;
  return html`${
    disputes.length > 0 &&
    html`<h2>Disputes</h2>
      ${disputeTable(disputes)}`
  }
  ${
    refunds.length > 0 &&
    html`<h2>Refunds</h2>
      ${refundTable(refunds)}`
  }`;
}

/** The buttons at the head of a paid payment's page. */
export function moneyBackActs(payment: PaymentRow): Fragment {
  if (payment.status !== 'succeeded') return null;
  const path = `/panel/payments/${payment.id}`;
  return html`<div class="acts">
    ${fieldsForm({
      action: `${path}/refund`,
      label: 'Refund',
      content: html`<input
        name="amount"
        inputmode="decimal"
        size="8"
        placeholder="all"
        aria-label="Amount in ${payment.currency.toUpperCase()}; empty: all that is left"
      />`,
    })}
    ${fieldsForm({
      action: `${path}/dispute`,
      label: 'Dispute',
      tone: 'danger',
      content: html`<select name="kind" aria-label="Kind of dispute">
        <option value="chargeback">Chargeback</option>
        <option value="inquiry">Inquiry</option>
        <option value="bank_return">Bank takes a debit back</option>
      </select>`,
    })}
  </div>`;
}

/** What a button of a payment, a refund or a dispute asks. */
export function actOnPayment(
  { moneyBack, payments }: Pick<Sandbox, 'moneyBack' | 'payments'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  const payment = payments.find(id);
  if (!payment) return undefined;
  if (act === 'refund') {
    const text = form.get('amount')?.trim() ?? '';
    const amount = text === '' ? undefined : parseAmount(text, payment.currency);
    if (text !== '' && amount === undefined)
      return { tone: 'bad', text: `${text} is no amount in ${payment.currency.toUpperCase()}.` };
    return refunded(moneyBack.refund(id, amount), payment.currency);
  }
  return act === 'dispute' ? disputed(moneyBack, id, form.get('kind')) : undefined;
}

function refunded(outcome: RefundOutcome, currency: string): ActResult | undefined {
  switch (outcome.outcome) {
    case 'refunded':
      return { tone: 'ok', text: `The refund is made; it is ${outcome.status}.` };
    case 'too_much':
      return { tone: 'bad', text: `Only ${formatAmount(outcome.left, currency)} is left to refund.` };
    case 'too_little':
      return { tone: 'bad', text: 'A refund is at least one of the smallest unit.' };
    case 'nothing_left':
      return { tone: 'bad', text: 'Everything is refunded already.' };
    case 'charged_back':
      return { tone: 'bad', text: 'The bank took the money by a chargeback: there is nothing to refund.' };
    case 'not_paid':
    case 'uncaptured':
      return { tone: 'bad', text: 'There is no money to refund yet.' };
    case 'unknown_payment':
      return undefined;
  }
}

function disputed(moneyBack: MoneyBackDesk, id: string, kind: string | null): ActResult | undefined {
  const isReturn = kind === 'bank_return';
  const opened = moneyBack.openDispute(
    id,
    isReturn ? 'bank_return' : kind === 'inquiry' ? 'inquiry' : 'chargeback',
    isReturn ? 'debit_not_authorized' : 'fraudulent',
  );
  return DISPUTED[opened.outcome];
}

const DISPUTED: Record<OpenDisputeOutcome['outcome'], ActResult | undefined> = {
  opened: { tone: 'ok', text: 'The bank has opened a dispute.' },
  not_paid: { tone: 'bad', text: 'There is no money to dispute yet.' },
  wrong_method: { tone: 'bad', text: 'Banks take debits back; cards are charged back or asked about.' },
  unknown_payment: undefined,
};

export function actOnRefund(
  { moneyBack }: Pick<Sandbox, 'moneyBack'>,
  id: string,
  act: string,
): ActResult | undefined {
  if (act !== 'settle' && act !== 'fail') return undefined;
  const outcome = act === 'settle' ? moneyBack.settleRefund(id) : moneyBack.failRefund(id);
  switch (outcome.outcome) {
    case 'moved':
      return { tone: 'ok', text: `The refund is ${outcome.status}.`, to: '/panel/moneyback' };
    case 'not_movable':
      return { tone: 'bad', text: `The refund stays ${outcome.status}.`, to: '/panel/moneyback' };
    case 'unknown_refund':
      return undefined;
  }
}

const DECISIONS = ['win', 'lose', 'accept', 'escalate'] as const;

export function actOnDispute(
  { moneyBack }: Pick<Sandbox, 'moneyBack'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  const decision = DECISIONS.find((one) => one === form.get('decision'));
  if (act !== 'answer' || decision === undefined) return undefined;
  return answered(moneyBack.answerDispute(id, decision));
}

function answered(outcome: AnswerDisputeOutcome): ActResult | undefined {
  const to = '/panel/moneyback';
  switch (outcome.outcome) {
    case 'answered':
      return { tone: 'ok', text: `The dispute is ${outcome.status.replaceAll('_', ' ')}.`, to };
    case 'already_closed':
      return { tone: 'bad', text: `The dispute is closed: ${outcome.status.replaceAll('_', ' ')}.`, to };
    case 'not_an_inquiry':
      return { tone: 'bad', text: 'Only an inquiry can be escalated.', to };
    case 'unknown_dispute':
      return undefined;
  }
}
