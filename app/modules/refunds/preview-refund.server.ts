import { creditsOf, readLevels, readMoneyBackPolicy } from '~/modules/payments/index.server';
import { type Tx } from '~/platform/db.server';

import { keyOf, readBacks, refundBar, refundedOf } from './judge-refund.server';
import { type RefundPreview } from './shared';

/**
 * What a refund of this much would do to the payment and its credits as they stand. Without an amount: of all that is
 * left. `requestId` is a refund of it that waits for a second person and is this one. Undefined when this realm has no
 * such payment.
 */
export async function previewRefund(
  tx: Tx,
  input: { realmId: string; paymentId: string; amount?: bigint; requestId?: string },
): Promise<RefundPreview | undefined> {
  const { realmId, paymentId } = input;
  const sale = await tx.payment.findFirst({
    where: { id: paymentId, realmId },
    select: {
      id: true,
      state: true,
      credits: true,
      amountPaid: true,
      currency: true,
      stripeIntent: true,
      realmId: true,
    },
  });
  if (!sale) return undefined;
  const backs = (await readBacks(tx, paymentId)).filter(({ id }) => id !== input.requestId);
  const paid = sale.amountPaid ?? 0n;
  const refunded = refundedOf(backs);
  const left = paid > refunded ? paid - refunded : 0n;
  const amount = input.amount ?? left;
  const policy = await readMoneyBackPolicy(tx, realmId);
  return {
    ...{ paymentId, currency: sale.currency, amount, paid, refunded, left },
    ...(await previewCredits(tx, { ...sale, paid }, amount)),
    policy: policy.refund,
    bar: refundBar(sale, backs, amount),
    key: keyOf(paymentId, backs),
  };
}

async function previewCredits(
  tx: Tx,
  sale: { id: string; credits: bigint; paid: bigint; stripeIntent: string | null },
  amount: bigint,
) {
  const lots = await readCredits(tx, sale.id);
  const levels = (await readLevels(tx, sale)) ?? { gone: { refund: 0n, dispute: 0n }, pending: 0n };
  const takenAt = (pending: bigint): bigint => {
    const { gone, pending: held } = creditsOf(sale, { ...levels, pending });
    return gone.refund + gone.dispute + held;
  };
  const before = takenAt(levels.pending);
  const after = takenAt(levels.pending + (amount > 0n ? amount : 0n));
  const pool = lots.available + lots.claimed + lots.revoked;
  const within = (taken: bigint): bigint => (taken < pool ? taken : pool);
  const missing = (taken: bigint): bigint => {
    const short = taken - within(taken) - lots.expired;
    return short > 0n ? short : 0n;
  };
  return {
    granted: lots.granted,
    spent: lots.granted - pool - lots.held - lots.expired,
    available: lots.available,
    toRevoke: within(after) - within(before),
    shortfall: missing(after),
    shortfallBefore: missing(before),
  };
}

/** Where a payment's credits are now. What is past its expiry is gone, booked or not. */
async function readCredits(tx: Tx, paymentId: string) {
  const of = { paymentId };
  const sum = { available: true, held: true, claimed: true, revoked: true, expired: true } as const;
  const [all, dead, first] = await Promise.all([
    tx.lot.aggregate({ where: of, _sum: sum }),
    tx.lot.aggregate({ where: { ...of, expiresAt: { lte: new Date() } }, _sum: { available: true } }),
    tx.lot.aggregate({ where: { ...of, parentLotId: null }, _sum: { granted: true } }),
  ]);
  const late = dead._sum.available ?? 0n;
  return {
    granted: first._sum.granted ?? 0n,
    available: (all._sum.available ?? 0n) - late,
    held: all._sum.held ?? 0n,
    claimed: all._sum.claimed ?? 0n,
    revoked: all._sum.revoked ?? 0n,
    expired: (all._sum.expired ?? 0n) + late,
  };
}
