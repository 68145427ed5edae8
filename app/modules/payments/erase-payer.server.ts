import { mentions, REDACTED } from '~/platform/mentions';
import { type Tx } from '~/platform/db.server';

/** Far above what staff asked to refund to one customer. */
const MOST = 10_000;

/**
 * Takes a person out of their payments: the pages that Stripe made for them, their card, and words of staff that name
 * them. What was sold, paid and given back stays.
 * @returns how many rows lost something
 */
export async function erasePayer(
  tx: Tx,
  { customerId, words }: { customerId: string; words: readonly string[] },
): Promise<number> {
  const pages = { sessionUrl: null, receiptUrl: null, invoiceUrl: null, card: null };
  const { count } = await tx.payment.updateMany({
    where: { customerId, NOT: pages },
    data: pages,
  });
  const spoken = await tx.moneyBack.findMany({
    where: { payment: { customerId }, comment: { not: null } },
    select: { id: true, comment: true },
    take: MOST,
  });
  const ids = spoken.filter(({ comment }) => mentions(comment ?? '', words)).map(({ id }) => id);
  const blanked = await tx.moneyBack.updateMany({ where: { id: { in: ids } }, data: { comment: REDACTED } });
  return count + blanked.count;
}
