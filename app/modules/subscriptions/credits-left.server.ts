import { listSpendableLots } from '~/modules/ledger/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

const MAX_LOTS = 500;

/** What can still be spent of a subscription's credits, and until when the last of it; undefined for no end. */
export async function readCreditsLeft(
  db: Db,
  {
    book,
    customerId,
    realmId,
    stripeId,
  }: { book: Book; customerId: string; realmId: string; stripeId: string },
): Promise<{ left: bigint; until: Date | undefined }> {
  const lots = await listSpendableLots(db, { book, customerId, take: MAX_LOTS });
  const payments = await db.payment.findMany({
    where: {
      ...{ realmId, stripeSubscription: stripeId },
      id: { in: lots.flatMap(({ paymentId }) => paymentId ?? []) },
    },
    take: MAX_LOTS,
    select: { id: true },
  });
  const its = new Set(payments.map(({ id }) => id));
  const ofPlan = lots.filter(({ paymentId }) => paymentId !== null && its.has(paymentId));
  const ends = ofPlan.flatMap(({ expiresAt }) => expiresAt ?? []);
  return {
    left: ofPlan.reduce((sum, lot) => sum + lot.left, 0n),
    until: ends.length === 0 ? undefined : new Date(Math.max(...ends.map(Number))),
  };
}
