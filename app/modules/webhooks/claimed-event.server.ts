import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

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
    payload: z.string(),
    mode: z.enum(['test', 'live']),
    first_try_at: z.date(),
  })
  .transform((row) => ({
    type: row.type,
    apiVersion: row.api_version ?? undefined,
    created: row.created,
    payload: row.payload,
    book: row.mode,
    firstTryAt: row.first_try_at,
  }));
export type LockedEvent = z.infer<typeof lockedRow>;

/** Locks the event for the rest of the transaction; undefined when this claim is no longer the latest. */
export async function lockClaimed(tx: Tx, claim: Claim): Promise<LockedEvent | undefined> {
  const rows = await tx.$queryRaw`
    SELECT e.type, e.api_version, e.created, e.payload, r.mode, e.first_try_at
    FROM event e JOIN realm r ON r.id = e.realm
    WHERE e.realm = ${claim.realmId} AND e.id = ${claim.eventId} AND e.run = ${claim.run} AND e.tries = ${claim.try}
      AND e.status IN ('queued', 'waiting')
    FOR UPDATE OF e`;
  return z.array(lockedRow).parse(rows)[0];
}
