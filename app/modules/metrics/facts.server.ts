import * as z from 'zod';

import { liveWorkers } from '~/modules/jobs/index.server';
import { readStanding } from '~/modules/ledger/index.server';
import { BOOKS } from '~/modules/ledger/shared';
import { SETTLING_EVENT_TYPES } from '~/modules/stripe/index.server';
import { type Db, inSnapshot, type Tx } from '~/platform/db.server';
import { type FactName, METRICS } from '~/platform/metrics-table';
import { hours } from '~/platform/time';

import { CREDIT_FACTS, QUEUE_FACTS, STRIPE_FACTS } from './fact-queries.server';

/** One number of the whole installation, under the labels that the table names. */
export interface Fact {
  name: FactName;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const rows = z.array(
  z.object({
    name: z.enum(Object.keys(METRICS) as [FactName, ...FactName[]]),
    labels: z.record(z.string(), z.string()),
    value: z.number(),
  }),
);

/**
 * What the database tells of the installation, of one instant. Each query is bounded: it reads partial indexes, the ends of
 * others, totals that are rolled up, or counts no further than 100,000.
 */
export function readFacts(db: Db): Promise<Fact[]> {
  return inSnapshot(db, 'read facts', async (tx) => {
    await tx.$executeRaw`SELECT set_config('statement_timeout', '5000', true)`;
    const settling = [...SETTLING_EVENT_TYPES];
    const found = [
      ...rows.parse(await tx.$queryRaw(STRIPE_FACTS(settling))),
      ...rows.parse(await tx.$queryRaw(CREDIT_FACTS)),
      ...rows.parse(await tx.$queryRaw(QUEUE_FACTS)),
    ];
    return [...found, ...(await creditFacts(tx)), ...(await workerFacts(tx))];
  });
}

/** Exact to this instant, unlike what is rolled up. */
async function creditFacts(tx: Tx): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const book of BOOKS) {
    const { available, held, claimed } = await readStanding(tx, book);
    const value = Number(available + held + claimed);
    facts.push({ name: 'credence_credits_outstanding', labels: { book }, value });
  }
  return facts;
}

async function workerFacts(tx: Tx): Promise<Fact[]> {
  const { live, last } = await liveWorkers(tx);
  return [
    { name: 'credence_workers_live', labels: {}, value: live.length },
    ...(last === undefined
      ? []
      : [
          {
            name: 'credence_worker_heartbeat_age_seconds' as const,
            labels: {},
            value: Math.min(last.silentMs, hours(24 * 7)) / 1000,
          },
        ]),
  ];
}
