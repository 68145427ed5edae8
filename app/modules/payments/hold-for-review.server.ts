import { type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { type LockedPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { queuePurchaseMail } from './queue-purchase-mail.server';
import { type SettledMoney } from './settle-payment.server';

/** Why settled money is not granted by itself. */
export interface Doubt {
  code: string;
  detail: string;
}

/** Settled money that does not fit what was sold is kept for a person; nothing is granted and nothing is forgotten. */
export async function holdForReview(
  tx: Tx,
  payment: LockedPayment,
  doubt: Doubt,
  context: FactContext,
  money?: SettledMoney,
): Promise<DoorOutcome> {
  const moved = await movePayment(tx, payment, {
    to: 'review',
    reason: doubt.detail,
    cause: context.cause,
    data: { ...money, reviewReason: doubt.code },
  });
  if (moved) await queuePurchaseMail(tx, payment.id, 'in_review');
  return { outcome: 'quarantined', ...doubt, effects: moved ? [payment.id] : [] };
}
