import * as z from 'zod';

import { readSoldDays } from '~/modules/finance/index.server';
import { type Tx } from '~/platform/db.server';
import { days, utcDay } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { sinceDay } from './filters.server';
import { readSales } from './read-sales.server';
import { type DayView, type RealmRef, type RevenueView } from './shared';

/** How far the overview's charts look back, today included. */
const DAYS = 30;

const rows = z.array(z.object({ day: z.string(), failed: z.number(), dead: z.number() }));

const dayOfColumn = (column: Prisma.Sql) => Prisma.sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

/** What went wrong per UTC day; each part names the realm and the state, so that one index range of it is read. */
async function countFaults(db: Tx, realmId: string, since: string) {
  const [begun, received] = [Prisma.sql`created_at`, Prisma.sql`received_at`];
  const found = rows.parse(
    await db.$queryRaw`
      SELECT day, sum(failed)::int AS failed, sum(dead)::int AS dead FROM (
        SELECT ${dayOfColumn(begun)} AS day, count(*) AS failed, 0 AS dead FROM payment
        WHERE realm = ${realmId} AND state = 'failed' AND ${sinceDay(begun, since)} GROUP BY 1
        UNION ALL
        SELECT ${dayOfColumn(received)}, 0, count(*) FROM event
        WHERE realm = ${realmId} AND status = 'dead' AND ${sinceDay(received, since)} GROUP BY 1
      ) faults GROUP BY day`,
  );
  return new Map(found.map(({ day, ...counts }) => [day, counts]));
}

/** What settled and what went wrong on each of the last thirty days, the oldest first, and the revenue of all. */
export async function countDays(
  db: Tx,
  realm: RealmRef,
  now: Date,
): Promise<{ monthStart: string; revenue: RevenueView[]; days: DayView[] }> {
  const today = utcDay(now);
  const all = Array.from({ length: DAYS }, (_, n) => utcDay(new Date(now.getTime() - days(DAYS - 1 - n))));
  const since = all[0] ?? today;
  const sales = await readSales(db, realm, { since, today });
  const faults = await countFaults(db, realm.id, since);
  const granted = await readSoldDays(db, { book: realm.mode, since });
  return {
    monthStart: since,
    revenue: sales.revenue,
    days: all.map((day) => ({
      day,
      settled: sales.settled.get(day) ?? 0,
      soldCredits: sales.sold.get(day) ?? 0n,
      grantedCredits: granted.get(day) ?? 0n,
      failed: faults.get(day)?.failed ?? 0,
      dead: faults.get(day)?.dead ?? 0,
    })),
  };
}
