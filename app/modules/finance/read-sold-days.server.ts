import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db, type Tx } from '~/platform/db.server';

const rows = z.array(z.object({ day: z.string(), credits: z.bigint() }));

/** Credits that the ledger granted for payments, per UTC day from one on. */
export async function readSoldDays(
  db: Db | Tx,
  { book, since }: { book: Book; since: string },
): Promise<Map<string, bigint>> {
  const found = rows.parse(
    await db.$queryRaw`
      SELECT day::text AS day, sum(credits)::bigint AS credits FROM finance_sold_days(${book}::mode, ${since}::date) GROUP BY day`,
  );
  return new Map(found.map(({ day, credits }) => [day, credits]));
}
