import * as z from 'zod';

import { BOOKS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';
import { type FactName } from '~/platform/metrics-table';

import { type Fact } from './facts.server';
import { recentFacts } from './render.server';
import { type BookHealth, HEALTH_SPAN, type HealthView, type HourView } from './shared';

/** The page of one realm: the same facts that are scraped, and its last hours. */
export async function readHealth(db: Db, realmId: string, now: Date): Promise<HealthView> {
  const { facts } = await recentFacts(db);
  const sum = (name: FactName, labels: Readonly<Record<string, string>> = {}) =>
    valuesOf(facts, name, labels).reduce((all, value) => all + value, 0);
  const first = (name: FactName, labels: Readonly<Record<string, string>> = {}) =>
    valuesOf(facts, name, labels)[0];
  const realm = realmId;
  const ofStatus = (status: string) => sum('credence_events', { realm, status });
  return {
    paid: {
      oldestSeconds: sum('credence_oldest_unprocessed_paid_event_age_seconds', { realm }),
      n: sum('credence_unprocessed_paid_events', { realm }),
    },
    events: {
      ...{ queued: ofStatus('queued'), waiting: ofStatus('waiting') },
      ...{ quarantined: ofStatus('quarantined'), dead: ofStatus('dead') },
      oldestSeconds: sum('credence_oldest_unprocessed_event_age_seconds', { realm }),
    },
    hours: await readHours(db, realmId, now),
    books: BOOKS.map((book) => bookHealth(book, sum, first)),
    workers: {
      live: sum('credence_workers_live'),
      lastSeconds: first('credence_worker_heartbeat_age_seconds'),
    },
    jobs: {
      ready: sum('credence_jobs', { state: 'ready' }),
      failed: sum('credence_jobs', { state: 'failed' }),
      retrying: sum('credence_jobs', { state: 'retrying' }),
    },
    openCalls: {
      n: sum('credence_stripe_calls_open', { realm }),
      oldestSeconds: sum('credence_oldest_open_stripe_call_age_seconds', { realm }),
    },
    caughtUpSeconds: first('credence_catch_up_age_seconds', { realm }),
    findings: sum('credence_findings_open', { realm }),
    inReview: sum('credence_payments_unfinished', { realm, state: 'review' }),
  };
}

const valuesOf = (facts: readonly Fact[], name: FactName, labels: Readonly<Record<string, string>>) =>
  facts
    .filter((fact) => fact.name === name)
    .filter((fact) => Object.entries(labels).every(([label, value]) => fact.labels[label] === value))
    .map(({ value }) => value);

type Sum = (name: FactName, labels: Readonly<Record<string, string>>) => number;
type First = (name: FactName, labels: Readonly<Record<string, string>>) => number | undefined;

function bookHealth(book: 'test' | 'live', sum: Sum, first: First): BookHealth {
  const consistent = first('credence_ledger_consistent', { book });
  return {
    book,
    verified:
      consistent === undefined
        ? undefined
        : {
            isConsistent: consistent === 1,
            faults: sum('credence_ledger_faults', { book }),
            ageSeconds: sum('credence_ledger_verification_age_seconds', { book }),
          },
    pendingSendings: sum('credence_outgoing_sendings', { book, state: 'pending' }),
    failedSendings: sum('credence_outgoing_sendings', { book, state: 'failed' }),
    oldestSendingSeconds: sum('credence_oldest_pending_sending_age_seconds', { book }),
  };
}

const hourRows = z.array(
  z.object({
    hour: z.string(),
    n: z.number(),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    p99: z.number().nullable(),
    failed: z.number(),
  }),
);

/** Of a busy hour, the newest are enough for a middle and a tail. */
const SAMPLE = 2000;

/** Each hour is one range of the index by receipt. Events that need no processing are left out. */
async function readHours(db: Db, realmId: string, now: Date): Promise<HourView[]> {
  const since = new Date(now.getTime() - HEALTH_SPAN);
  return hourRows.parse(
    await db.$queryRaw`
      SELECT to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24') AS hour, s.*
      FROM generate_series(date_trunc('hour', ${since}::timestamptz, 'UTC') + interval '1 hour', ${now}::timestamptz, interval '1 hour') h (at)
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS n, percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
          percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95, percentile_disc(0.99) WITHIN GROUP (ORDER BY ms) AS p99,
          count(*) FILTER (WHERE status IN ('dead', 'quarantined'))::int AS failed
        FROM (
          SELECT extract(epoch FROM decided_at - received_at)::float8 * 1000 AS ms, status FROM event
          WHERE realm = ${realmId} AND received_at >= h.at AND received_at < h.at + interval '1 hour'
            AND decided_at IS NOT NULL AND tries > 0
          ORDER BY received_at DESC, id DESC LIMIT ${SAMPLE}
        ) newest
      ) s ORDER BY h.at`,
  );
}
