import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { redactEvents } from './redact-events.server';

/** From when on rows are still whole, and which of them are due. */
export interface DueSpan {
  from: Date;
  before: Date;
}

export interface Retired {
  redacted: number;
  /** Whether there may be more that is due. */
  isMore: boolean;
  /** The oldest that is due and could not be redacted yet. */
  leftAt?: Date | undefined;
}

const EVENTS = 500;
const SENDERS = 2000;

const eventRows = z.array(z.object({ realmId: z.string(), id: z.string(), payload: z.string() }));
const oldest = z.tuple([z.object({ at: z.date().nullable() })]);

/** Takes the payloads out of the oldest events that are done with. One that waits, for Stripe or a person, keeps its own. */
export async function retireEvents(tx: Tx, { from, before }: DueSpan): Promise<Retired> {
  const rows = await tx.$queryRaw`
    SELECT e.realm AS "realmId", e.id, e.payload FROM realm r CROSS JOIN LATERAL (
      SELECT realm, id, payload FROM event WHERE realm = r.id AND received_at >= ${from} AND received_at < ${before}
        AND redacted_at IS NULL AND status IN ('done', 'dismissed')
      ORDER BY received_at LIMIT ${EVENTS}) e
    LIMIT ${EVENTS}`;
  const due = eventRows.parse(rows);
  const redacted = await redactEvents(tx, due, 'retention');
  if (due.length === EVENTS) return { redacted, isMore: true };
  const left = await tx.$queryRaw`
    SELECT min(e.at) AS at FROM realm r CROSS JOIN LATERAL (
      SELECT received_at AS at FROM event WHERE realm = r.id AND received_at >= ${from} AND received_at < ${before} AND redacted_at IS NULL
      ORDER BY received_at LIMIT 1) e`;
  return { redacted, isMore: false, leftAt: oldest.parse(left)[0].at ?? undefined };
}

/** Takes address and agent out of the oldest deliveries. */
export async function retireSenders(tx: Tx, { from, before }: DueSpan): Promise<Retired> {
  const redacted = await tx.$executeRaw`
    UPDATE delivery d SET ip = NULL, agent = NULL, redacted_at = clock_timestamp()
    FROM (SELECT id FROM delivery WHERE at >= ${from} AND at < ${before} AND redacted_at IS NULL ORDER BY at, id LIMIT ${SENDERS}) due
    WHERE d.id = due.id`;
  return { redacted, isMore: redacted === SENDERS };
}
