import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { REALM_REF } from './realms.server';
import { type CustomerHead, type FreezeView } from './shared';

const MOST = 50;

/** Who a customer is; undefined when there is none with this id. */
export async function readCustomerHead(db: Db, id: string): Promise<CustomerHead | undefined> {
  if (!isId(id)) return undefined;
  const found = await db.customer.findUnique({
    where: { id },
    select: {
      ...{ id: true, email: true, name: true, externalId: true, createdAt: true },
      user: { select: { id: true, role: true, emailVerifiedAt: true } },
      stripeCustomers: {
        select: { stripeId: true, realm: { select: REALM_REF } },
        orderBy: { createdAt: 'desc' },
        take: 20,
      },
    },
  });
  if (found === null) return undefined;
  const { user, ...customer } = found;
  const [freezes, notes, openApprovals] = await Promise.all([
    readFreezes(db, id),
    db.staffNote.count({ where: { customerId: id } }),
    db.approval.count({ where: { customerId: id, state: 'open', expiresAt: { gt: new Date() } } }),
  ]);
  return { ...customer, login: user, freezes, notes, openApprovals };
}

/** Freezes that stand, the oldest first. */
async function readFreezes(db: Db, customerId: string): Promise<FreezeView[]> {
  const rows = await db.walletFreeze.findMany({
    where: { wallet: { customerId }, thawedAt: null },
    orderBy: { frozenAt: 'asc' },
    take: MOST,
    select: { cause: true, frozenAt: true, frozenBy: true, wallet: { select: { bookId: true } } },
  });
  const people = await db.user.findMany({
    where: { id: { in: rows.map(({ frozenBy }) => staffOf(frozenBy)) } },
    take: MOST,
    select: { id: true, name: true },
  });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return rows.map(({ wallet, frozenBy, ...freeze }) => {
    const isByStaff = freeze.cause.startsWith('act_');
    const id = staffOf(frozenBy);
    const by = isByStaff ? { id, name: names.get(id) ?? id } : null;
    return { ...freeze, book: wallet.bookId, isByStaff, by };
  });
}

const staffOf = (actor: string): string => actor.replace(/^staff:/, '');
