import { decided, type ChargeFact, type DoorOutcome } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { linkPayment, takeLinks } from './link-payment.server';
import { type LockedPayment } from './lock-payment.server';

/**
 * A charge brings card and receipt. It never settles: its PaymentIntent or session does. Stripe shows a receipt under
 * another address each time: the first stays, so that no order and no replay of its events tells in the end.
 */
export async function applyCharge(tx: Tx, payment: LockedPayment, charge: ChargeFact): Promise<DoorOutcome> {
  if (charge.status !== 'succeeded') return decided('noop', `charge_${charge.status}`);
  const isOther =
    (payment.stripeCharge !== null && payment.stripeCharge !== charge.id) ||
    (payment.stripeIntent !== null && payment.stripeIntent !== charge.intentId);
  if (isOther) return decided('noop', 'another_charge');
  const linked = linkPayment(payment, { stripeCharge: charge.id, stripeIntent: charge.intentId });
  const receiptUrl = payment.receiptUrl === null ? charge.receiptUrl : undefined;
  if (!linked && receiptUrl === undefined) return decided('duplicate', 'receipt_known');
  await tx.payment.update({
    where: { id: payment.id },
    data: {
      ...takeLinks(payment),
      ...(charge.card === undefined ? {} : { card: charge.card }),
      ...(receiptUrl === undefined ? {} : { receiptUrl }),
    },
    select: { id: true },
  });
  return decided('applied', 'receipt', [payment.id]);
}
