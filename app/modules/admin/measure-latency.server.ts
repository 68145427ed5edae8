import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';
import { sinceDay } from './filters.server';
import { type Reader } from './read-in-time.server';
import { type LatencyView } from './shared';

/** The newest of today are enough for a middle and a tail, however busy the day is. */
const SAMPLE = 500;

const measured = z
  .tuple([
    z.object({
      n: z.number(),
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      p99: z.number().nullable(),
    }),
  ])
  .transform(([{ n, p50, p95, p99 }]): LatencyView | undefined =>
    p50 === null || p95 === null || p99 === null ? undefined : { n, p50, p95, p99 },
  );

/** Of a table `sample(ms)`: the middle, and what one in twenty and one in a hundred exceed. */
const QUANTILES = Prisma.sql`
  SELECT count(*)::int AS n, percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
    percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95, percentile_disc(0.99) WITHIN GROUP (ORDER BY ms) AS p99
  FROM sample`;

/** From an event's arrival to its decision; those that need no processing are left out. */
export async function measureDecisions(db: Reader, realmId: string, today: string) {
  const found = await db.$queryRaw`
    WITH newest AS (
      SELECT received_at, decided_at, tries FROM event
      WHERE realm = ${realmId} AND ${sinceDay(Prisma.sql`received_at`, today)}
      ORDER BY received_at DESC, id DESC LIMIT ${SAMPLE}
    ), sample AS (
      SELECT extract(epoch FROM decided_at - received_at)::float8 * 1000 AS ms FROM newest
      WHERE decided_at IS NOT NULL AND tries > 0
    ) ${QUANTILES}`;
  return measured.parse(found);
}

/** From the arrival of the event that settled a payment to its credits on the ledger. */
export async function measureGrants(db: Reader, realmId: string, today: string) {
  const found = await db.$queryRaw`
    WITH newest AS (
      SELECT id FROM payment
      WHERE realm = ${realmId} AND state = 'paid' AND ${sinceDay(Prisma.sql`paid_at`, today)}
      ORDER BY paid_at DESC LIMIT ${SAMPLE}
    ), sample AS (
      SELECT extract(epoch FROM x.recorded_at - e.received_at)::float8 * 1000 AS ms
      FROM newest p
      JOIN transfer x ON x.payment = p.id AND x.kind = 'grant' AND x.actor LIKE 'event:%'
      JOIN event e ON e.realm = ${realmId} AND e.id = substr(x.actor, length('event:') + 1)
    ) ${QUANTILES}`;
  return measured.parse(found);
}
