import * as z from 'zod';

import { readStanding } from '~/modules/ledger/index.server';
import { type Db, inSnapshot, type Tx } from '~/platform/db.server';
import { utcDay } from '~/platform/time';

import { EventStatus } from '../../../prisma/generated/enums';
import { countDays } from './count-days.server';
import { countLists } from './count-rows.server';
import { callFilters, countedCalls } from './list-calls.server';
import { countedDeliveries, deliveryFilters, newestDeliveries } from './list-deliveries.server';
import { countedEvents, eventFilters } from './list-events.server';
import { countedPayments, newestPayments, paymentFilters } from './list-payments.server';
import { measureDecisions, measureGrants } from './measure-latency.server';
import { countedDesk, readDesk } from './read-desk.server';
import { planEach } from './read-in-time.server';
import { readSettled } from './read-sales.server';
import { type OverviewView, type RealmRef, REFUSED_QUERY } from './shared';

const LATEST = 6;

/**
 * Each number is the count of the list behind it, so that both can never say different things. Of what is unfinished all
 * counts, whenever it came; of what is finished, today's.
 */
async function countAll(db: Tx, realm: RealmRef, now: Date) {
  const today = utcDay(now);
  const search = (query: string) => new URLSearchParams(query);
  const payments = (query: string) => countedPayments(db, paymentFilters(search(query), [realm], realm.id));
  const events = (query: string) => countedEvents(eventFilters(search(query), [realm], realm.id));
  const deliveries = (query: string) =>
    countedDeliveries(deliveryFilters(search(query), [realm], realm.id, now));
  const count = await countLists(db, {
    ...countedDesk(realm, now),
    queued: events('status=queued'),
    waiting: events('status=waiting'),
    quarantined: events('status=quarantined'),
    dead: events('status=dead'),
    done: events(`status=done&since=${today}`),
    dismissed: events(`status=dismissed&since=${today}`),
    caughtUp: events(`source=catch_up&since=${today}`),
    failed: await payments(`state=failed&since=${today}`),
    inReview: await payments('state=review'),
    unknownCalls: countedCalls(callFilters(search('state=open'), [realm], realm.id)),
    deliveries: deliveries(`since=${today}`),
    refused: deliveries(`${REFUSED_QUERY}&since=${today}`),
  });
  return {
    due: count('due'),
    findings: count('findings'),
    caughtUp: count('caughtUp'),
    approvals: count('approvals'),
    failed: count('failed'),
    inReview: count('inReview'),
    unknownCalls: count('unknownCalls'),
    deliveries: { today: count('deliveries'), refused: count('refused') },
    events: {
      queued: count('queued'),
      waiting: count('waiting'),
      quarantined: count('quarantined'),
      dead: count('dead'),
      done: count('done'),
      dismissed: count('dismissed'),
    },
  };
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
async function readOldest(db: Tx, realmId: string): Promise<OverviewView['oldestUnprocessed']> {
  const found = await db.$queryRaw`
    (SELECT id, type, received_at, status::text AS status FROM event
      WHERE realm = ${realmId} AND status = 'queued' ORDER BY received_at LIMIT 1)
    UNION ALL
    (SELECT id, type, received_at, status::text FROM event
      WHERE realm = ${realmId} AND status = 'waiting' ORDER BY received_at LIMIT 1)
    ORDER BY received_at LIMIT 1`;
  return oldestRow.parse(found)[0];
}

const readReader = (db: Tx, realmId: string) =>
  db.catchUp.findUnique({ where: { realmId }, select: { found: true, ranAt: true, listedUntil: true } });

/** What a person on duty looks at first, all of one instant: what settled and what was granted are compared. Days are UTC days. */
export function readOverview(db: Db, realm: RealmRef, now: Date): Promise<OverviewView> {
  const today = utcDay(now);
  const search = new URLSearchParams();
  const refused = deliveryFilters(new URLSearchParams(REFUSED_QUERY), [realm], realm.id, now);
  return inSnapshot(db, 'overview', async (tx) => {
    await planEach(tx);
    const { due, findings, caughtUp, ...counts } = await countAll(tx, realm, now);
    const { nextDueBy, latest } = await readDesk(tx, realm, now);
    const latestPayments = await newestPayments(tx, paymentFilters(search, [realm], realm.id), LATEST);
    return {
      today,
      settled: await readSettled(tx, realm.id, today),
      ...(await countDays(tx, realm, now)),
      outstanding: { book: realm.mode, ...(await readStanding(tx, realm.mode)) },
      ...counts,
      disputes: { due, nextDueBy },
      findings: { open: findings, latest },
      oldestUnprocessed: await readOldest(tx, realm.id),
      caughtUp: { today: caughtUp, reader: (await readReader(tx, realm.id)) ?? undefined },
      latency: {
        decided: await measureDecisions(tx, realm.id, today),
        credited: await measureGrants(tx, realm.id, today),
      },
      latestPayments,
      latestRefused: await newestDeliveries(tx, refused, LATEST),
      isNew: latestPayments.length === 0,
    };
  });
}
