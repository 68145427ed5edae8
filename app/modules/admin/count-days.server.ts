import * as z from 'zod';

import { readSoldDays } from '~/modules/finance/index.server';
import { type Db } from '~/platform/db.server';
import { days, utcDay } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { betweenDays, sinceDay } from './filters.server';
import { type DayView, type RealmRef } from './shared';

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

const soldRows = z.array(z.object({ day: z.string(), credits: z.bigint() }));

/** Credits that payments of all realms of a book sold per day, by the time at which they settled. */
async function soldPerDay(db: Db, book: RealmRef['mode'], since: string) {
  const found = await db.$queryRaw`
    SELECT ${dayOfColumn(Prisma.sql`paid_at`)} AS day, sum(credits)::bigint AS credits
    FROM realm r JOIN payment p ON p.realm = r.id
    WHERE r.mode = ${book}::mode AND p.state = 'paid' AND ${sinceDay(Prisma.sql`paid_at`, since)}
    GROUP BY 1`;
  return new Map(soldRows.parse(found).map(({ day, credits }) => [day, credits]));
}

/** What settled and what went wrong on each of the last thirty days, the oldest first. */
export async function countDays(db: Db, { id: realmId, mode }: RealmRef, now: Date): Promise<DayView[]> {
  const all = Array.from({ length: DAYS }, (_, n) => utcDay(new Date(now.getTime() - days(DAYS - 1 - n))));
  const since = all[0] ?? utcDay(now);
  const [settled, failed, dead, sold, granted] = await Promise.all([
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
    soldPerDay(db, mode, since),
    readSoldDays(db, { book: mode, since }),
  ]);
  return all.map((day) => ({
    day,
    settled: settled.get(day) ?? 0,
    soldCredits: sold.get(day) ?? 0n,
    grantedCredits: granted.get(day) ?? 0n,
    failed: failed.get(day) ?? 0,
    dead: dead.get(day) ?? 0,
  }));
}
