import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';

/** One try at one run of an event, held for 30 seconds. Whoever claims it after that has the next try. */
export interface Claim {
  realmId: string;
  eventId: string;
  run: number;
  try: number;
}

const claimRow = z
  .object({ realm_id: z.string(), event_id: z.string(), event_run: z.int(), try: z.int() })
  .transform((row): Claim => ({
    realmId: row.realm_id,
    eventId: row.event_id,
    run: row.event_run,
    try: row.try,
  }));

/** Takes up to `limit` due events, oldest first, passing over those that others are taking at this moment. */
export async function claimEvents(db: Db, limit: number): Promise<Claim[]> {
  return z.array(claimRow).parse(await db.$queryRaw`SELECT * FROM inbox_claim(${limit}::int)`);
}

const lockedRow = z
  .object({
    type: z.string(),
    api_version: z.string().nullable(),
    created: z.date(),
    received_at: z.date(),
    payload: z.string(),
    unproven: z.string().nullable(),
    mode: z.enum(['test', 'live']),
    first_try_at: z.date(),
    now: z.date(),
  })
  .transform((row) => ({
    type: row.type,
    apiVersion: row.api_version ?? undefined,
    created: row.created,
    receivedAt: row.received_at,
    payload: row.payload,
    /** The secret that brought it, while nothing proves whose it is. */
    unprovenSecret: row.unproven ?? undefined,
    book: row.mode,
    firstTryAt: row.first_try_at,
    /** By the database's clock, which all workers share. */
    now: row.now,
  }));
export type LockedEvent = z.infer<typeof lockedRow>;

/** A payload that was redacted tells as little as one of another API version: its object is read. */
const LOCKED = Prisma.sql`
  e.type, CASE WHEN e.redacted_at IS NULL THEN e.api_version END AS api_version, e.created, e.received_at, e.payload, r.mode, coalesce(e.first_try_at, clock_timestamp()) AS first_try_at,
  clock_timestamp() AS now,
  (SELECT s.fingerprint FROM webhook_secret s WHERE s.realm = e.realm AND s.fingerprint = e.secret AND s.proven_at IS NULL) AS unproven`;

/** Locks the event for the rest of the transaction; undefined when this claim is no longer the latest. */
export async function lockClaimed(tx: Tx, claim: Claim): Promise<LockedEvent | undefined> {
  const rows = await tx.$queryRaw`
    SELECT ${LOCKED} FROM event e JOIN realm r ON r.id = e.realm
    WHERE e.realm = ${claim.realmId} AND e.id = ${claim.eventId} AND e.run = ${claim.run} AND e.tries = ${claim.try}
      AND e.status IN ('queued', 'waiting')
    FOR UPDATE OF e`;
  return z.array(lockedRow).parse(rows)[0];
}

/** Locks an event that rests in this run for the rest of the transaction; undefined when it is on its way or in a later run. */
export async function lockAtRest(
  tx: Tx,
  at: { realmId: string; eventId: string; run: number },
): Promise<LockedEvent | undefined> {
  const rows = await tx.$queryRaw`
    SELECT ${LOCKED} FROM event e JOIN realm r ON r.id = e.realm
    WHERE e.realm = ${at.realmId} AND e.id = ${at.eventId} AND e.run = ${at.run} AND e.status NOT IN ('queued', 'waiting')
    FOR UPDATE OF e`;
  return z.array(lockedRow).parse(rows)[0];
}
