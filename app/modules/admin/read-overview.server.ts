import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { EventStatus } from '../../../prisma/generated/enums';
import { sinceDay } from './filters.server';
import { listDeliveries } from './list-deliveries.server';
import { listPayments } from './list-payments.server';
import { REFUSED_VERDICTS, type OverviewView } from './shared';

const LATEST = 8;

const settledRows = z.array(
  z.object({ currency: z.string(), payments: z.number(), amount: z.bigint(), credits: z.bigint() }),
);

/** What settled today, and what the ledger granted for exactly those payments. */
async function readSettled(db: Db, realmId: string, today: string): Promise<OverviewView['settled']> {
  const found = await db.$queryRaw`
    SELECT p.currency, count(*)::int AS payments, sum(p.amount_paid)::bigint AS amount,
      coalesce(sum((SELECT sum(x.amount) FROM transfer x WHERE x.payment = p.id AND x.kind = 'grant')), 0)::bigint AS credits
    FROM payment p
    WHERE p.realm = ${realmId} AND p.state = 'paid' AND ${sinceDay(Prisma.sql`p.paid_at`, today)}
    GROUP BY p.currency ORDER BY p.currency`;
  const rows = settledRows.parse(found);
  return {
    payments: rows.reduce((sum, row) => sum + row.payments, 0),
    credits: rows.reduce((sum, row) => sum + row.credits, 0n),
    amounts: rows.map(({ currency, amount }) => ({ currency, amount })),
  };
}

const statusRows = z.array(z.object({ status: z.enum(EventStatus), n: z.number() }));

/** Each status is counted by its own index range: what is unfinished in all, what is finished today. */
async function countEvents(db: Db, realmId: string, today: string): Promise<Record<EventStatus, number>> {
  const found = await db.$queryRaw`
    SELECT e.status::text AS status, count(*)::int AS n FROM event e
    WHERE e.realm = ${realmId}
      AND (e.status IN ('queued', 'waiting', 'quarantined', 'dead')
        OR (e.status IN ('done', 'dismissed') AND ${sinceDay(Prisma.sql`e.received_at`, today)}))
    GROUP BY e.status`;
  const counts: Record<EventStatus, number> = {
    queued: 0,
    waiting: 0,
    done: 0,
    quarantined: 0,
    dead: 0,
    dismissed: 0,
  };
  for (const { status, n } of statusRows.parse(found)) counts[status] = n;
  return counts;
}

const deliveryCounts = z.tuple([z.object({ today: z.number(), refused: z.number() })]);

async function countDeliveries(db: Db, realmId: string, today: string): Promise<OverviewView['deliveries']> {
  const found = await db.$queryRaw`
    SELECT count(*)::int AS today,
      (count(*) FILTER (WHERE d.verdict = ANY(${REFUSED_VERDICTS}::delivery_verdict[])))::int AS refused
    FROM delivery d
    WHERE (d.realm = ${realmId} OR d.realm IS NULL) AND ${sinceDay(Prisma.sql`d.at`, today)}`;
  return deliveryCounts.parse(found)[0];
}

/** What a person on duty looks at first. Days are UTC days. */
export async function readOverview(db: Db, realmId: string, now: Date): Promise<OverviewView> {
  const today = now.toISOString().slice(0, 10);
  const first = { direction: 'first' } as const;
  const [settled, inReview, events, oldestUnprocessed, deliveries, payments, refused, anyDelivery] =
    await Promise.all([
      readSettled(db, realmId, today),
      db.payment.count({ where: { realmId, state: 'review' } }),
      countEvents(db, realmId, today),
      db.event.findFirst({
        where: { realmId, status: { in: ['queued', 'waiting'] } },
        orderBy: { receivedAt: 'asc' },
        select: { id: true, type: true, receivedAt: true, status: true },
      }),
      countDeliveries(db, realmId, today),
      listPayments(db, { realmId, states: [], text: undefined, settledSince: undefined }, first),
      listDeliveries(db, { realmId, verdicts: [...REFUSED_VERDICTS], since: undefined }, first),
      db.delivery.findFirst({ select: { id: true } }),
    ]);
  return {
    today,
    settled,
    inReview,
    events,
    oldestUnprocessed: oldestUnprocessed ?? undefined,
    deliveries,
    latestPayments: payments.rows.slice(0, LATEST),
    latestRefused: refused.rows.slice(0, LATEST),
    isNew: payments.rows.length === 0 && anyDelivery === null,
  };
}
