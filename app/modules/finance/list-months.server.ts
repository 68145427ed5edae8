import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

const months = z.array(z.object({ month: z.string() }));

/** Every month from the first with a movement to the present one, the latest first. */
export async function listMonths(db: Db, book: Book, now: Date): Promise<string[]> {
  const found = months.parse(
    await db.$queryRaw`
      SELECT to_char(m, 'YYYY-MM') AS month
      FROM generate_series(
        date_trunc('month', coalesce((SELECT min(day) FROM finance_total WHERE book = ${book}::mode), ${now}::timestamptz AT TIME ZONE 'UTC')),
        date_trunc('month', ${now}::timestamptz AT TIME ZONE 'UTC'), interval '1 month') m
      ORDER BY m DESC`,
  );
  return found.map(({ month }) => month);
}
