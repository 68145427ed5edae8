import { readBalance } from '~/modules/ledger/index.server';
import { BOOKS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { findEndable, findWaiting } from './find-open.server';
import { type DeletionPreview } from './shared';

/** All that the deletion of a customer will do and wait for; undefined when there is no such customer, or it is asked for. */
export async function previewDeletion(db: Db, customerId: string): Promise<DeletionPreview | undefined> {
  const customer = await db.customer.findUnique({
    where: { id: customerId },
    select: {
      email: true,
      externalId: true,
      userId: true,
      closedAt: true,
      wallets: { select: { bookId: true } },
    },
  });
  if (customer === null || customer.closedAt !== null) return undefined;
  const { plans, payments, orders, setups, cards } = await findEndable(db, { customerId });
  const books = BOOKS.filter((book) => customer.wallets.some(({ bookId }) => bookId === book));
  const balances = [];
  for (const book of books) {
    const { available, held, debt } = await readBalance(db, { book, customerId });
    balances.push({ book, available, held, debt });
  }
  return {
    confirm: confirmationOf({ ...customer, id: customerId }),
    hasLogIn: customer.userId !== null,
    plans: plans.length,
    topUps: await db.topUpRule.count({ where: { customerId, state: { not: 'off' } } }),
    cards: cards.length,
    pages: payments.length + orders.length + setups.length,
    processing: await db.payment.count({ where: { customerId, state: 'processing' } }),
    balances,
    waitsFor: await findWaiting(db, customerId),
  };
}

/** What is typed so that nobody is deleted by a slip. */
export const confirmationOf = (customer: {
  id: string;
  email: string | null;
  externalId: string | null;
}): string => customer.email ?? customer.externalId ?? customer.id;
