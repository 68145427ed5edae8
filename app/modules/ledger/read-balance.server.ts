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
 * What a customer holds in a book: this instant by the database's clock, at an earlier one what was answered then, at a
 * later one what today's lots and holds will leave. A customer who had no credits holds nothing.
 */
export async function readBalance(
  db: Db | Tx,
  input: { book: Book; customerId: string; at?: Date },
): Promise<BalanceView> {
  const result = await db.$queryRaw`
    SELECT available, held, claimed, debt, seq, frozen
    FROM ledger_balance(${input.book}::mode, ${input.customerId}, ${input.at ?? null}::timestamptz)`;
  return rows.parse(result)[0] ?? { available: 0n, held: 0n, claimed: 0n, debt: 0n, seq: 0n, frozen: false };
}
