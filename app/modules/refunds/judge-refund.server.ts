import { type Tx } from '~/platform/db.server';

import { type RefundBar } from './shared';

/** Far above what Stripe lets one charge have. */
const MAX_BACKS = 500;

/** All that went back of a payment, or may, oldest first. */
export function readBacks(tx: Tx, paymentId: string) {
  return tx.moneyBack.findMany({
    where: { paymentId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MAX_BACKS,
    select: {
      id: true,
      kind: true,
      stripeId: true,
      status: true,
      level: true,
      amount: true,
      rank: true,
    },
  });
}
export type Back = Awaited<ReturnType<typeof readBacks>>[number];

/** A refund that waits for a second person has taken nothing yet, and keeps its part all the same. */
const keepsMoney = (back: Back): boolean =>
  back.kind === 'refund' && (back.level !== 'none' || back.status === 'awaiting_approval');

export const refundedOf = (backs: readonly Back[]): bigint =>
  backs.filter(keepsMoney).reduce((sum, { amount }) => sum + amount, 0n);

/**
 * The state of a payment's money-back in one word, for the form that asks for a refund: whoever sees the same state asks
 * with the same key, so a double-click or two people at once are one refund.
 */
export const keyOf = (paymentId: string, backs: readonly Back[]): string =>
  `${paymentId}:${String(backs.length)}:${String(backs.reduce((sum, { rank }) => sum + rank, 0))}`;

/** Why this much cannot be refunded; undefined when it can. Decides only under the payment's lock. */
export function refundBar(
  sale: { amountPaid: bigint | null; stripeIntent: string | null; state: string },
  backs: readonly Back[],
  amount: bigint,
): RefundBar | undefined {
  const isSettled = sale.state === 'paid' || sale.state === 'review';
  if (!isSettled || sale.amountPaid === null || sale.amountPaid === 0n || sale.stripeIntent === null)
    return { bar: 'not_paid' };
  const dispute = backs.find(({ kind, level }) => kind === 'dispute' && level !== 'none');
  if (dispute)
    return {
      bar: 'charged_back',
      dispute: dispute.stripeId ?? dispute.id,
      isOpen: dispute.status !== 'lost',
    };
  const left = sale.amountPaid - refundedOf(backs);
  if (left <= 0n) return { bar: 'too_much', left: 0n };
  if (amount <= 0n) return { bar: 'zero' };
  return amount > left ? { bar: 'too_much', left } : undefined;
}
