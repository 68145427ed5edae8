import { type Tx } from '~/platform/db.server';

import { type Prisma } from '../../../prisma/generated/client';
import { takeLinks } from './link-payment.server';
import { askForReview } from './ask-for-review.server';
import { type LockedPayment } from './lock-payment.server';
import { type PaymentState } from './shared';
import { canMove } from './state';

export interface Move {
  to: PaymentState;
  /** One sentence for the timeline. */
  reason: string;
  cause: string;
  data?: Prisma.PaymentUncheckedUpdateManyInput;
}

/**
 * Raises a locked payment's state and writes why, and its new links with it. False, and nothing written, when the state ranks no higher than the
 * one that stands. The caller holds the lock, so the compare-and-set can only miss if the lock was not taken.
 */
export async function movePayment(tx: Tx, payment: LockedPayment, move: Move): Promise<boolean> {
  if (!canMove(payment.state, move.to)) return false;
  const { count } = await tx.payment.updateMany({
    where: { id: payment.id, state: payment.state },
    data: { ...takeLinks(payment), ...move.data, state: move.to },
  });
  if (count !== 1) throw new Error(`Payment ${payment.id} was moved without its lock.`);
  const n = await tx.paymentChange.count({ where: { paymentId: payment.id } });
  await tx.paymentChange.create({
    data: {
      paymentId: payment.id,
      n: n + 1,
      from: payment.state,
      to: move.to,
      reason: move.reason,
      cause: move.cause,
    },
    select: { n: true },
  });
  payment.state = move.to;
  // What a top-up came to decides whether the next one is bought.
  if (payment.kind === 'topup') await askForReview(tx, payment.customerId);
  return true;
}
