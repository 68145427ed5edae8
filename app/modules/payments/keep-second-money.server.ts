import { decided, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { createPayment } from './create-payment.server';
import { type LockedPayment } from './lock-payment.server';
import { queuePurchaseMail } from './queue-purchase-mail.server';
import { type SettledMoney } from './settle-payment.server';

/**
 * Settled money beside a sale's own is the customer's money too: a payment of its own, for a person to resolve. It never
 * stands in the way of the money that the sale waits for, whichever of the two comes first.
 */
export async function keepSecondMoney(
  tx: Tx,
  payment: LockedPayment,
  money: SettledMoney,
  context: FactContext,
): Promise<DoorOutcome> {
  const known = await tx.payment.findFirst({
    where: { realmId: payment.realmId, moneyObject: money.moneyObject },
    select: { id: true },
  });
  if (known) return decided('duplicate', 'second_payment_known');
  const id = await createPayment(
    tx,
    {
      realmId: payment.realmId,
      customerId: payment.customerId,
      kind: payment.kind,
      state: 'review',
      reviewReason: 'paid_twice',
      versionId: payment.versionId,
      quantity: payment.quantity,
      credits: payment.credits,
      currency: payment.currency,
      amountSubtotal: payment.amountSubtotal,
      secondOfId: payment.id,
      ...money,
    },
    { reason: `${money.moneyObject} was paid beside the money of ${payment.id}`, cause: context.cause },
  );
  await queuePurchaseMail(tx, id, 'in_review');
  return { outcome: 'quarantined', code: 'paid_twice', detail: `kept as ${id}`, effects: [id] };
}
