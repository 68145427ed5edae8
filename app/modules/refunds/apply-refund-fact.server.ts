import { lockMoneyBackPayment, type LockedPayment } from '~/modules/payments/index.server';
import { decided, type DoorOutcome, type FactContext, type RefundFact } from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { bringRefund } from './bring-refund.server';

/** The door for what Stripe says of one refund, whoever made it, in any order and any number of times. */
export async function applyRefundFact(
  tx: Tx,
  refund: RefundFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const behind = await lockMoneyBackPayment(tx, refund, context);
  if (behind.found === 'none') return behind.answer;
  const outcome = await keepRefund(tx, behind.payment, refund, context);
  return outcome.outcome === 'decided'
    ? { ...outcome, effects: [...behind.effects, ...outcome.effects] }
    : outcome;
}

/** Brings a locked payment to what is known of one of its refunds. */
export async function keepRefund(
  tx: Tx,
  payment: LockedPayment,
  refund: RefundFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const { id: stripeId, status, amount, currency, reason, failure, intentId: stripeIntent } = refund;
  const kept = await bringRefund(
    tx,
    payment,
    { stripeId, row: refund.ours.row, stripeIntent, status, amount, currency, reason, failure },
    context,
  );
  switch (kept.outcome) {
    case 'raised':
      return decided('applied', `refund_${status}`, [payment.id, ...kept.effects]);
    case 'duplicate':
      return decided('duplicate', `refund_${status}`);
    case 'stale':
      return decided('stale', `refund_already_${kept.status}`);
    case 'other_currency': {
      const detail = `${refund.id} is in ${refund.currency}, ${payment.id} in ${payment.currency}`;
      return { outcome: 'quarantined', code: 'refund_currency_differs', detail, effects: [] };
    }
    default:
      return assertNever(kept);
  }
}
