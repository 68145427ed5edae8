import type { PaymentAct, PaymentRow, Sandbox } from '../../sandbox';
import type { OpenDisputeOutcome, RefundOutcome } from '../../sandbox-money-back';
import { formatAmount, parseAmount } from '../../amounts';
import { html, type Fragment } from '../html';
import { challengeActs } from './act-on-session';
import type { ActResult } from './flash';
import { actBar, actForm, fieldsForm, type ActForm } from './form-token';

const DEBITS = new Set(['sepa_debit', 'us_bank_account']);

function disputeActs({ id, methodName }: PaymentRow): ActForm[] {
  const action = `/panel/payments/${id}/dispute`;
  const dispute = (label: string, kind: string): ActForm => ({
    action,
    label,
    fields: { kind },
    tone: 'danger',
  });
  return DEBITS.has(methodName ?? '')
    ? [dispute('Bank takes the debit back', 'bank_return')]
    : [dispute('Dispute: chargeback', 'chargeback'), dispute('Dispute: inquiry', 'inquiry')];
}

/** Who leads the payment answers its questions. */
const challengePath = ({ id, sessionId }: PaymentRow): string =>
  sessionId === null ? `/panel/payments/${id}` : `/panel/sessions/${sessionId}`;

/** The buttons of a payment in a list. */
export function paymentActs(payment: PaymentRow): ActForm[] {
  const path = `/panel/payments/${payment.id}`;
  const cancel: ActForm = { action: `${path}/cancel`, label: 'Cancel', tone: 'danger' };
  const isLone = payment.sessionId === null && payment.invoiceId === null;
  switch (payment.status) {
    case 'succeeded': {
      const refund: ActForm = { action: `${path}/refund`, label: 'Refund what is left' };
      return [...(payment.amountRefunded < payment.amount ? [refund] : []), ...disputeActs(payment)];
    }
    case 'processing':
      return [
        { action: `${path}/settle`, label: 'Bank pays', tone: 'primary' },
        { action: `${path}/fail`, label: 'Bank refuses', tone: 'danger' },
      ];
    case 'requires_capture':
      return [{ action: `${path}/capture`, label: 'Capture all', tone: 'primary' }, cancel];
    case 'requires_action':
      return [...challengeActs(challengePath(payment)), ...(isLone ? [cancel] : [])];
    case 'requires_confirmation':
    case 'requires_payment_method':
      return isLone ? [cancel] : [];
    case 'canceled':
    default:
      return [];
  }
}

/** The buttons at the head of a page about a payment, `back`. */
export function paymentBar(payment: PaymentRow, back: string): Fragment {
  const path = `/panel/payments/${payment.id}`;
  const name = `the payment of ${formatAmount(payment.amount, payment.currency)}`;
  const amount = (label: string) =>
    html`<input
      name="amount"
      inputmode="decimal"
      size="8"
      placeholder="all"
      aria-label="${label} in ${payment.currency.toUpperCase()}; empty: all that is left"
    />`;
  if (payment.status === 'succeeded') {
    const refund = fieldsForm({
      action: `${path}/refund`,
      label: 'Refund',
      content: amount('Refund'),
      back,
    });
    return actBar(
      name,
      html`${payment.amountRefunded < payment.amount && refund}${disputeActs(payment).map((act) => actForm({ ...act, back }))}`,
    );
  }
  if (payment.status === 'requires_capture') {
    return actBar(
      name,
      html`${fieldsForm({ action: `${path}/capture`, label: 'Capture', content: amount('Capture'), tone: 'primary', back })}
      ${actForm({ action: `${path}/cancel`, label: 'Release', tone: 'danger', back })}`,
    );
  }
  return actBar(
    name,
    paymentActs(payment).map((act) => actForm({ ...act, back })),
  );
}

/** What a button of a payment asks; undefined: there is no such payment or act. */
export function actOnPayment(
  sandbox: Pick<Sandbox, 'intents' | 'moneyBack' | 'payments'>,
  id: string,
  act: string,
  form: URLSearchParams,
): ActResult | undefined {
  const { intents, moneyBack, payments } = sandbox;
  const payment = payments.find(id);
  if (!payment) return undefined;
  const { currency } = payment;
  const text = form.get('amount')?.trim() ?? '';
  const amount = text === '' ? undefined : parseAmount(text, currency);
  if (text !== '' && amount === undefined)
    return { tone: 'bad', text: `${text} is no amount in ${currency.toUpperCase()}.` };
  switch (act) {
    case 'refund':
      return refunded(moneyBack.refund(id, amount), currency);
    case 'dispute':
      return disputed(sandbox, id, form.get('kind'));
    case 'settle':
      return told(payments.answerDebit(id, true), 'The bank has paid.');
    case 'fail':
      return told(payments.answerDebit(id, false), 'The bank has refused the debit.');
    case 'capture':
      return told(payments.capture(id, amount), 'The money is captured.');
    case 'cancel':
      return told(payments.cancel(id), 'The payment is canceled.');
    case 'challenge': {
      const answer = form.get('answer') === 'complete' ? 'complete' : 'fail';
      return intents.answer(id, answer).outcome === 'answered'
        ? { tone: 'ok', text: 'The 3D Secure question is answered.' }
        : { tone: 'bad', text: 'No 3D Secure question is waiting.' };
    }
    default:
      return undefined;
  }
}

function told(outcome: PaymentAct, done: string): ActResult | undefined {
  switch (outcome.outcome) {
    case 'done':
      return { tone: 'ok', text: done };
    case 'refused':
      return { tone: 'bad', text: outcome.message };
    case 'unknown_payment':
      return undefined;
  }
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

function disputed(
  { moneyBack }: Pick<Sandbox, 'moneyBack'>,
  id: string,
  kind: string | null,
): ActResult | undefined {
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
