import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';

const VIEW = { id: true, account: true, mode: true, name: true } as const;

/** The realm of one of a customer's plans, or of an order of theirs; undefined when they have none of this id in this book. */
export async function findPlanRealm(
  db: Db,
  { id, customerId, book }: { id: string; customerId: string; book: 'test' | 'live' },
): Promise<RealmView | undefined> {
  const asked = { where: { id, customerId, realm: { mode: book } }, select: { realm: { select: VIEW } } };
  const row = id.startsWith('sbo_')
    ? await db.subscriptionOrder.findFirst(asked)
    : await db.subscription.findFirst(asked);
  return row?.realm;
}
