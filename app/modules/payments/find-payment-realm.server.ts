import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';

/**
 * The realm that a payment was sold in: whatever is done with it is done there. Undefined when there is no such payment,
 * or none of this customer in this book where they are named.
 */
export async function findPaymentRealm(
  db: Db,
  { paymentId, customerId, book }: { paymentId: string; customerId?: string; book?: 'test' | 'live' },
): Promise<RealmView | undefined> {
  const row = await db.payment.findFirst({
    where: {
      id: paymentId,
      ...(customerId === undefined ? {} : { customerId }),
      ...(book === undefined ? {} : { realm: { mode: book } }),
    },
    select: { realm: { select: { id: true, account: true, mode: true, name: true } } },
  });
  return row?.realm;
}
