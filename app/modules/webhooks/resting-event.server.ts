import * as z from 'zod';

import { type ShownMoney } from '~/modules/payments/index.server';
import { type Tx } from '~/platform/db.server';

/** An event as a person saw it: what they decide holds for this run alone. */
export interface SeenEvent {
  realmId: string;
  eventId: string;
  run: number;
}

const rows = z.array(
  z.object({ type: z.string(), payload: z.string(), book: z.enum(['test', 'live']), status: z.string() }),
);
export type StuckEvent = z.infer<typeof rows>[number];

/** Locks an event that waits for a person, in the run that they saw; undefined when it has moved. */
export async function lockStuck(tx: Tx, seen: SeenEvent): Promise<StuckEvent | undefined> {
  const found = await tx.$queryRaw`
    SELECT e.type, e.payload, r.mode AS book, e.status FROM event e JOIN realm r ON r.id = e.realm
    WHERE e.realm = ${seen.realmId} AND e.id = ${seen.eventId} AND e.run = ${seen.run} AND e.status IN ('quarantined', 'dead')
    FOR UPDATE OF e`;
  return rows.parse(found)[0];
}

/** Starts the next run of events that wait for a person, because what they lacked is there now. */
export async function requeueStuck(tx: Tx, realmId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE event SET status = 'queued', reason = NULL, waits_for = NULL, run = run + 1, tries = 0, first_try_at = NULL,
      claimed_at = NULL, decided_at = NULL, due_at = clock_timestamp()
    WHERE realm = ${realmId} AND id = ANY (${[...ids]}::text[]) AND status IN ('quarantined', 'dead')`;
}

const MOST = 100;

/** Events that wait for a person and tell of this money. They come before payments in the order of locks. */
export async function lockEventsOf(tx: Tx, realmId: string, money: ShownMoney): Promise<string[]> {
  const objects = [money.moneyObject, money.stripeSession, money.stripeIntent].filter(
    (id) => id !== undefined,
  );
  const rows = await tx.event.findMany({
    where: {
      ...{ realmId, status: { in: ['quarantined', 'dead'] } },
      // A charge, a session or an invoice names the money within.
      OR: [{ objectId: { in: objects } }, ...objects.map((id) => ({ payload: { contains: `"${id}"` } }))],
    },
    select: { id: true },
    orderBy: { id: 'asc' },
    take: MOST,
  });
  const ids = rows.map(({ id }) => id);
  await tx.$queryRaw`
    SELECT id FROM event WHERE realm = ${realmId} AND id = ANY (${ids}::text[]) ORDER BY id FOR UPDATE`;
  return ids;
}
