import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type Book } from './shared';

export interface WatchInput {
  book: Book;
  customerId: string;
  /** Credits, above zero; null watches no more. */
  below: bigint | null;
}

/**
 * From now on every act that takes the wallet's available credits below this adds the job `credits.review` in its own
 * transaction. A wallet that stands below it already is for the caller to look at.
 */
export async function watchWallet(tx: Tx, { book, customerId, below }: WatchInput): Promise<void> {
  await tx.$executeRaw`SELECT ledger_watch(${book}::mode, ${customerId}, ${below}::bigint)`;
}

const customers = z.array(z.object({ customerId: z.string() }));

/** Customers whose available credits stand below what is watched, in order of their ids. */
export async function listFallen(
  db: Db,
  { book, after, take }: { book: Book; after: string; take: number },
): Promise<string[]> {
  const rows = await db.$queryRaw`
    SELECT customer AS "customerId" FROM wallet
    WHERE book = ${book}::mode AND watch_below IS NOT NULL AND available < watch_below AND customer > ${after}
    ORDER BY customer LIMIT ${take}`;
  return customers.parse(rows).map(({ customerId }) => customerId);
}
