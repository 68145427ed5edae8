import { type ChargeFact, type DoorOutcome } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { linkPayment, takeLinks } from './link-payment.server';
import { type LockedPayment } from './lock-payment.server';

/** A charge brings card and receipt. It never settles: its PaymentIntent or session does. */
export async function applyCharge(tx: Tx, payment: LockedPayment, charge: ChargeFact): Promise<DoorOutcome> {
  if (charge.status !== 'succeeded')
    return { outcome: 'decided', decision: 'noop', reason: `charge_${charge.status}`, effects: [] };
  const isOther =
    (payment.stripeCharge !== null && payment.stripeCharge !== charge.id) ||
    (payment.stripeIntent !== null && payment.stripeIntent !== charge.intentId);
  if (isOther) return { outcome: 'decided', decision: 'noop', reason: 'another_charge', effects: [] };
  const linked = linkPayment(payment, { stripeCharge: charge.id, stripeIntent: charge.intentId });
  const bringsReceipt = charge.receiptUrl !== undefined && charge.receiptUrl !== payment.receiptUrl;
  if (!linked && !bringsReceipt)
    return { outcome: 'decided', decision: 'duplicate', reason: 'receipt_known', effects: [] };
  await tx.payment.update({
    where: { id: payment.id },
    data: {
      ...takeLinks(payment),
      ...(charge.card === undefined ? {} : { card: charge.card }),
      ...(charge.receiptUrl === undefined ? {} : { receiptUrl: charge.receiptUrl }),
    },
    select: { id: true },
  });
  return { outcome: 'decided', decision: 'applied', reason: 'receipt', effects: [payment.id] };
}
