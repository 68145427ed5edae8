import { type Tx } from '~/platform/db.server';

import { type LockedPayment } from './lock-payment.server';

/** How much of a payment's money has gone back, and how much may. Smallest units. */
export interface MoneyBackLevels {
  gone: { refund: bigint; dispute: bigint };
  pending: bigint;
}

/** The levels of all refunds and disputes of the money that settled the payment; undefined when there are none. */
export async function readLevels(
  tx: Tx,
  payment: Pick<LockedPayment, 'id' | 'stripeIntent'>,
): Promise<MoneyBackLevels | undefined> {
  const sums = await tx.moneyBack.groupBy({
    by: ['kind', 'level'],
    where: {
      paymentId: payment.id,
      OR: [{ stripeIntent: null }, { stripeIntent: payment.stripeIntent }],
    },
    _sum: { taken: true },
  });
  if (sums.length === 0) return undefined;
  const sumOf = (isMeant: (row: (typeof sums)[number]) => boolean): bigint =>
    sums.filter(isMeant).reduce((sum, row) => sum + (row._sum.taken ?? 0n), 0n);
  return {
    gone: {
      refund: sumOf(({ kind, level }) => kind === 'refund' && level === 'gone'),
      dispute: sumOf(({ kind, level }) => kind === 'dispute' && level === 'gone'),
    },
    pending: sumOf(({ level }) => level === 'pending'),
  };
}

/** Credits, as the ledger's claim takes them. */
export interface CreditLevels {
  gone: { refund: bigint; dispute: bigint };
  pending: bigint;
}

/**
 * The credits that went, and may go, with the money: the same share of what was granted, rounded down once over all of
 * it, so that no split of the money into refunds and disputes takes another sum. What both took counts once, as refunded.
 */
export function creditsOf(sale: { credits: bigint; paid: bigint }, money: MoneyBackLevels): CreditLevels {
  const { credits, paid } = sale;
  const shareOf = (amount: bigint): bigint =>
    paid === 0n ? 0n : (credits * (amount < paid ? amount : paid)) / paid;
  const { refund, dispute } = money.gone;
  const gone = shareOf(refund + dispute);
  const refunded = shareOf(refund);
  return {
    gone: { refund: refunded, dispute: gone - refunded },
    pending: shareOf(refund + dispute + money.pending) - gone,
  };
}
