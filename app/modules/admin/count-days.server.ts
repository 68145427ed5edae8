import * as z from 'zod';

import { type Db } from '~/platform/db.server';
import { days, utcDay } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { betweenDays } from './filters.server';
import { type DayView } from './shared';

/** How far the overview's charts look back, today included. */
const DAYS = 30;

const rows = z.array(z.object({ day: z.string(), n: z.number() }));

const dayOfColumn = (column: Prisma.Sql) => Prisma.sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

/** Rows of a table per UTC day; every condition names the realm, so that one index range is read. */
async function perDay(db: Db, from: Prisma.Sql, column: Prisma.Sql, since: string) {
  const found = await db.$queryRaw`
    SELECT ${dayOfColumn(column)} AS day, count(*)::int AS n
    FROM ${from} AND ${Prisma.join(betweenDays(column, since, undefined))}
    GROUP BY 1`;
  return new Map(rows.parse(found).map(({ day, n }) => [day, n]));
}

/** What settled and what went wrong on each of the last thirty days, the oldest first. */
export async function countDays(db: Db, realmId: string, now: Date): Promise<DayView[]> {
  const all = Array.from({ length: DAYS }, (_, n) => utcDay(new Date(now.getTime() - days(DAYS - 1 - n))));
  const since = all[0] ?? utcDay(now);
  const [settled, failed, dead] = await Promise.all([
    perDay(db, Prisma.sql`payment WHERE realm = ${realmId} AND state = 'paid'`, Prisma.sql`paid_at`, since),
    perDay(
      db,
      Prisma.sql`payment WHERE realm = ${realmId} AND state = 'failed'`,
      Prisma.sql`created_at`,
      since,
    ),
    perDay(
      db,
      Prisma.sql`event WHERE realm = ${realmId} AND status = 'dead'`,
      Prisma.sql`received_at`,
      since,
    ),
  ]);
  return all.map((day) => ({
    day,
    settled: settled.get(day) ?? 0,
    failed: failed.get(day) ?? 0,
    dead: dead.get(day) ?? 0,
  }));
}
