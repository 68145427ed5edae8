import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';
import { sinceDay } from './filters.server';
import { type Reader } from './read-in-time.server';
import { type OverviewView, type RealmRef, type RevenueView } from './shared';

const settledRow = z.tuple([z.object({ payments: z.number(), granted: z.number(), credits: z.bigint() })]);

/** What settled today, and what the ledger granted for exactly those payments: each is asked for by itself, for a join may read all grants. */
export async function readSettled(
  db: Reader,
  realmId: string,
  today: string,
): Promise<OverviewView['settled']> {
  const found = await db.$queryRaw`
    SELECT count(*)::int AS payments, count(x.credits)::int AS granted, coalesce(sum(x.credits), 0)::bigint AS credits
    FROM payment p
    LEFT JOIN LATERAL (SELECT sum(amount) AS credits FROM transfer WHERE payment = p.id AND kind = 'grant') x ON true
    WHERE p.realm = ${realmId} AND p.state = 'paid' AND ${sinceDay(Prisma.sql`p.paid_at`, today)}`;
  return settledRow.parse(found)[0];
}

const salesRows = z.array(
  z.object({
    isOwn: z.boolean(),
    day: z.string(),
    currency: z.string(),
    payments: z.number(),
    paid: z.bigint(),
    credits: z.bigint(),
  }),
);
type SalesRow = z.infer<typeof salesRows>[number];

export interface Sales {
  revenue: RevenueView[];
  /** Per UTC day: payments of the realm that settled, and credits that payments of its whole book sold. */
  settled: ReadonlyMap<string, number>;
  sold: ReadonlyMap<string, bigint>;
}

/** What settled on each UTC day, read from the index `payment_paid` alone: a day at a time, whose rows need no day of their own. */
export async function readSales(
  db: Reader,
  realm: RealmRef,
  of: { since: string; today: string },
): Promise<Sales> {
  const rows = salesRows.parse(
    await db.$queryRaw`
      SELECT r.id = ${realm.id} AS "isOwn", d.day::date::text AS day, p.*
      FROM realm r CROSS JOIN generate_series(${of.since}::timestamp, ${of.today}::timestamp, interval '1 day') d (day)
      CROSS JOIN LATERAL (
        SELECT currency, count(*)::int AS payments, sum(amount_paid)::bigint AS paid, sum(credits)::bigint AS credits
        FROM payment
        WHERE realm = r.id AND state = 'paid' AND paid_at >= d.day AT TIME ZONE 'UTC' AND paid_at < (d.day + interval '1 day') AT TIME ZONE 'UTC'
        GROUP BY currency
      ) p
      WHERE r.mode = ${realm.mode}::mode`,
  );
  const own = rows.filter(({ isOwn }) => isOwn);
  return {
    revenue: revenueOf(own, of.today),
    settled: new Map(own.map(({ day }) => [day, sumOf(own, day)])),
    sold: rows.reduce(
      (sums, { day, credits }) => sums.set(day, (sums.get(day) ?? 0n) + credits),
      new Map<string, bigint>(),
    ),
  };
}

const sumOf = (rows: readonly SalesRow[], of: string) =>
  rows.reduce((sum, { day, payments }) => sum + (day === of ? payments : 0), 0);

/** Per currency, most of the month first. */
function revenueOf(rows: readonly SalesRow[], today: string): RevenueView[] {
  const byCurrency = new Map<string, RevenueView>();
  for (const { currency, day, paid } of rows) {
    const sums = byCurrency.get(currency) ?? { currency, today: 0n, month: 0n };
    byCurrency.set(currency, {
      currency,
      today: sums.today + (day === today ? paid : 0n),
      month: sums.month + paid,
    });
  }
  return [...byCurrency.values()].sort((a, b) =>
    a.month === b.month ? a.currency.localeCompare(b.currency) : a.month < b.month ? 1 : -1,
  );
}
