import { keepMoneyBack, lockMoneyBackPayment } from '~/modules/payments/index.server';
import { decided, type DisputeFact, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { disputeLevel, disputeRank } from './state';

/** The door for what Stripe says of a dispute: five types of event about one object, in any order and any number of times. */
export async function applyDisputeFact(
  tx: Tx,
  dispute: DisputeFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const behind = await lockMoneyBackPayment(tx, dispute, context);
  if (behind.found === 'none') return behind.answer;
  const { payment } = behind;
  const kept = await keepMoneyBack(
    tx,
    payment,
    {
      kind: 'dispute',
      stripeId: dispute.id,
      row: undefined,
      stripeIntent: dispute.intentId,
      status: dispute.status,
      rank: disputeRank(dispute),
      ...disputeLevel(dispute),
      amount: dispute.amount,
      currency: dispute.currency,
      reason: dispute.reason,
      dueBy: dispute.dueBy,
    },
    context,
  );
  const reason = `dispute_${dispute.status}`;
  switch (kept.outcome) {
    case 'raised':
      return decided('applied', reason, [payment.id, ...behind.effects, ...kept.effects]);
    case 'duplicate':
      return decided('duplicate', reason);
    case 'stale':
      return decided('stale', `dispute_already_${kept.status}`);
    case 'other_currency': {
      const detail = `${dispute.id} is in ${dispute.currency}, ${payment.id} in ${payment.currency}`;
      return { outcome: 'quarantined', code: 'dispute_currency_differs', detail, effects: [] };
    }
    default:
      return assertNever(kept);
  }
}
