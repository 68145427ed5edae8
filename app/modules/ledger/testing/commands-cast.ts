import { type Db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { BOOKS } from '../shared';
import { SOLD } from './commands';
import { type Cast } from './commands-resolve';

/** How much was sold to the wallet that most acts meet in, and to each other one. */
const PAYMENTS = { first: 3, other: 1 };

/** One realm in each book, for every cast of a database. */
export async function openRealms(db: Db): Promise<void> {
  await db.$executeRaw`
    INSERT INTO realm (id, account, mode, name) SELECT 'rlm_' || b.id, 'acct_1', b.id, 'Test' FROM book b`;
}

/** Two customers, and payments of theirs in both books that nothing was granted for yet. */
export async function newCast(db: Db): Promise<Cast> {
  const customers = [newId('cst'), newId('cst')] as const;
  const payments = customers.flatMap((customerId, n) =>
    BOOKS.flatMap((book, m) =>
      Array.from({ length: n + m === 0 ? PAYMENTS.first : PAYMENTS.other }, () => ({
        ...{ id: newId('pay'), book, customerId },
      })),
    ),
  );
  await db.$executeRaw`
    WITH c AS (INSERT INTO customer (id) SELECT unnest(${[...customers]}::text[]))
    INSERT INTO payment (id, realm, customer, kind, credits, currency, amount_subtotal)
    SELECT p.id, 'rlm_' || p.book, p.customer, 'pack', ${SOLD}, 'usd', 1000
    FROM unnest(${payments.map(({ id }) => id)}::text[], ${payments.map(({ book }) => book)}::text[],
      ${payments.map(({ customerId }) => customerId)}::text[]) AS p (id, book, customer)`;
  return { customers, payments };
}
