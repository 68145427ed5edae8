import * as z from 'zod';

import { type Db } from '~/platform/db.server';
import { days, utcDay } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { EventStatus } from '../../../prisma/generated/enums';
import { countDays } from './count-days.server';
import { sinceDay } from './filters.server';
import { callFilters, countCalls } from './list-calls.server';
import { countDeliveries, deliveryFilters, listDeliveries } from './list-deliveries.server';
import { countEvents, eventFilters } from './list-events.server';
import { countPayments, listPayments, paymentFilters } from './list-payments.server';
import { measureDecisions, measureGrants } from './measure-latency.server';
import { readDesk } from './read-desk.server';
import { type OverviewView, type RealmRef, REFUSED_QUERY, type RevenueView } from './shared';

const LATEST = 6;
const FIRST = { direction: 'first' } as const;

const settledRow = z.tuple([z.object({ payments: z.number(), granted: z.number(), credits: z.bigint() })]);

/** What settled today, and what the ledger granted for exactly those payments. */
async function readSettled(db: Db, realmId: string, today: string): Promise<OverviewView['settled']> {
  const found = await db.$queryRaw`
    SELECT count(*)::int AS payments, count(x.credits)::int AS granted, coalesce(sum(x.credits), 0)::bigint AS credits
    FROM payment p
    LEFT JOIN LATERAL (SELECT sum(amount) AS credits FROM transfer WHERE payment = p.id AND kind = 'grant') x ON true
    WHERE p.realm = ${realmId} AND p.state = 'paid' AND ${sinceDay(Prisma.sql`p.paid_at`, today)}`;
  return settledRow.parse(found)[0];
}

const revenueRows = z.array(
  z
    .object({ currency: z.string(), today: z.bigint(), month: z.bigint() })
    .transform((row): RevenueView => row),
);

async function readRevenue(db: Db, realmId: string, today: string, since: string): Promise<RevenueView[]> {
  const paidAt = Prisma.sql`paid_at`;
  const found = await db.$queryRaw`
    SELECT currency, sum(amount_paid)::bigint AS month,
      coalesce(sum(amount_paid) FILTER (WHERE ${sinceDay(paidAt, today)}), 0)::bigint AS today
    FROM payment WHERE realm = ${realmId} AND state = 'paid' AND ${sinceDay(paidAt, since)}
    GROUP BY currency ORDER BY month DESC, currency`;
  return revenueRows.parse(found);
}

const outstandingRow = z.tuple([
  z.object({ available: z.bigint(), held: z.bigint(), claimed: z.bigint(), debt: z.bigint() }),
]);

async function readOutstanding(db: Db, book: RealmRef['mode']): Promise<OverviewView['outstanding']> {
  const found = await db.$queryRaw`
    SELECT coalesce(sum(available), 0)::bigint AS available, coalesce(sum(held), 0)::bigint AS held,
      coalesce(sum(claimed), 0)::bigint AS claimed, coalesce(sum(debt), 0)::bigint AS debt
    FROM wallet WHERE book = ${book}::mode`;
  return { book, ...outstandingRow.parse(found)[0] };
}

/** Each number is the count of the list behind it, so that both can never say different things. */
function counters(db: Db, realm: RealmRef, now: Date) {
  const search = (query: string) => new URLSearchParams(query);
  return {
    payments: (query: string) => countPayments(db, paymentFilters(search(query), [realm], realm.id)),
    events: (query: string) => countEvents(db, eventFilters(search(query), [realm], realm.id)),
    deliveries: (query: string) =>
      countDeliveries(db, deliveryFilters(search(query), [realm], realm.id, now)),
    calls: (query: string) => countCalls(db, callFilters(search(query), [realm], realm.id)),
  };
}

type Counters = ReturnType<typeof counters>;

/** What is unfinished, whenever it came; what is finished, today. */
async function countStatuses({ events }: Counters, today: string): Promise<OverviewView['events']> {
  const [queued, waiting, quarantined, dead, done, dismissed] = await Promise.all([
    events('status=queued'),
    events('status=waiting'),
    events('status=quarantined'),
    events('status=dead'),
    events(`status=done&since=${today}`),
    events(`status=dismissed&since=${today}`),
  ]);
  return { queued, waiting, quarantined, dead, done, dismissed };
}

async function readTrouble(count: Counters, today: string) {
  const [failed, inReview, unknownCalls, deliveriesToday, refused] = await Promise.all([
    count.payments(`state=failed&since=${today}`),
    count.payments('state=review'),
    count.calls('state=open'),
    count.deliveries(`since=${today}`),
    count.deliveries(`${REFUSED_QUERY}&since=${today}`),
  ]);
  return { failed, inReview, unknownCalls, deliveries: { today: deliveriesToday, refused } };
}

async function readMoney(db: Db, realm: RealmRef, now: Date, today: string) {
  const monthStart = utcDay(new Date(now.getTime() - days(29)));
  const [settled, revenue, outstanding, perDay] = await Promise.all([
    readSettled(db, realm.id, today),
    readRevenue(db, realm.id, today, monthStart),
    readOutstanding(db, realm.mode),
    countDays(db, realm, now),
  ]);
  return { monthStart, settled, revenue, outstanding, days: perDay };
}

async function readCaughtUp(db: Db, realmId: string, count: Counters, today: string) {
  const [caughtUp, reader] = await Promise.all([
    count.events(`source=catch_up&since=${today}`),
    db.catchUp.findUnique({
      where: { realmId },
      select: { found: true, ranAt: true, listedUntil: true },
    }),
  ]);
  return { today: caughtUp, reader: reader ?? undefined };
}

const oldestRow = z.array(
  z
    .object({
      id: z.string(),
      type: z.string(),
      received_at: z.date(),
      status: z.enum(EventStatus),
    })
    .transform(({ received_at, ...same }) => ({ ...same, receivedAt: received_at })),
);

/** Each status is asked by itself and by its word: only so does Postgres see that the index of unfinished events has it. */
async function readOldest(db: Db, realmId: string): Promise<OverviewView['oldestUnprocessed']> {
  const found = await db.$queryRaw`
    (SELECT id, type, received_at, status::text AS status FROM event
      WHERE realm = ${realmId} AND status = 'queued' ORDER BY received_at LIMIT 1)
    UNION ALL
    (SELECT id, type, received_at, status::text FROM event
      WHERE realm = ${realmId} AND status = 'waiting' ORDER BY received_at LIMIT 1)
    ORDER BY received_at LIMIT 1`;
  return oldestRow.parse(found)[0];
}

async function readFlow(db: Db, realmId: string, count: Counters, today: string) {
  const [events, oldest, caughtUp, decided, credited] = await Promise.all([
    countStatuses(count, today),
    readOldest(db, realmId),
    readCaughtUp(db, realmId, count, today),
    measureDecisions(db, realmId, today),
    measureGrants(db, realmId, today),
  ]);
  return {
    events,
    oldestUnprocessed: oldest,
    caughtUp,
    latency: { decided, credited },
  };
}

async function readLatest(db: Db, realm: RealmRef, now: Date) {
  const none = new URLSearchParams();
  const refused = new URLSearchParams(REFUSED_QUERY);
  const [payments, deliveries] = await Promise.all([
    listPayments(db, paymentFilters(none, [realm], realm.id), FIRST),
    listDeliveries(db, deliveryFilters(refused, [realm], realm.id, now), FIRST),
  ]);
  return {
    latestPayments: payments.rows.slice(0, LATEST),
    latestRefused: deliveries.rows.slice(0, LATEST),
    isNew: payments.rows.length === 0,
  };
}

/** What a person on duty looks at first. Days are UTC days. */
export async function readOverview(db: Db, realm: RealmRef, now: Date): Promise<OverviewView> {
  const today = utcDay(now);
  const count = counters(db, realm, now);
  const [money, trouble, desk, flow, latest] = await Promise.all([
    readMoney(db, realm, now, today),
    readTrouble(count, today),
    readDesk(db, realm, now),
    readFlow(db, realm.id, count, today),
    readLatest(db, realm, now),
  ]);
  return { today, ...money, ...trouble, ...desk, ...flow, ...latest };
}
