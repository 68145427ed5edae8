import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type BalanceView, type Book } from './shared';

const rows = z.array(
  z.object({
    available: z.bigint(),
    held: z.bigint(),
    claimed: z.bigint(),
    debt: z.bigint(),
    seq: z.bigint(),
    frozen: z.boolean(),
  }),
);

/**
 * What a customer holds in a book this instant, by the database's clock, to which expiries are held. A customer who
 * never had credits holds nothing.
 */
export async function readBalance(
  db: Db | Tx,
  input: { book: Book; customerId: string },
): Promise<BalanceView> {
  const result = await db.$queryRaw`
    SELECT available, held, claimed, debt, seq, frozen
    FROM ledger_balance(${input.book}::mode, ${input.customerId}, clock_timestamp())`;
  return rows.parse(result)[0] ?? { available: 0n, held: 0n, claimed: 0n, debt: 0n, seq: 0n, frozen: false };
}
