import { type Db } from '~/platform/db.server';

/**
 * Makes events due that wait for something which has just become known, by an event or by a look at Stripe. Run after the commit: the waiting rows may be
 * held by workers whose transactions wait for ours. An event that is being tried is left alone: its next look at the
 * database sees what became known. The rows are locked first and judged as they then stand, for a try may end with
 * `waits` while this waits for its lock. A lost wake-up costs the wait that those events have planned anyway.
 */
export async function wakeWaiting(
  db: Db,
  { realmId, eventId = '' }: { realmId: string; eventId?: string },
  linked: readonly string[],
): Promise<void> {
  if (linked.length === 0) return;
  await db.$executeRaw`
    WITH waiting AS MATERIALIZED (
      SELECT realm, id, claimed_at FROM event
      WHERE realm = ${realmId} AND status = 'waiting' AND waits_for = ANY (${[...linked]}::text[]) AND id <> ${eventId}
      ORDER BY id FOR UPDATE
    )
    UPDATE event e SET due_at = clock_timestamp()
    FROM waiting w
    WHERE e.realm = w.realm AND e.id = w.id
      AND (w.claimed_at IS NULL OR w.claimed_at < clock_timestamp() - interval '30 seconds')`;
}
