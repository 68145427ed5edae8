import { appendAudit } from '~/modules/audit/index.server';
import { assignMoney, type ShownMoney } from '~/modules/payments/index.server';
import { type RealmReader } from '~/modules/stripe/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { readPaid, type ReadPaidOutcome } from './read-paid.server';
import { lockEventsOf, lockStuck, requeueStuck, type SeenEvent } from './resting-event.server';
import { type ByStaff, type Permit, permitAlone, type Stopped } from './staff-permit.server';

/** Whose money a quarantined event tells of, and what it bought. */
export interface Assignment extends SeenEvent {
  customerId: string;
  /** A version of a pack. */
  versionId: string;
  quantity: number;
}

export type AssignOutcome =
  | { outcome: 'granted'; paymentId: string; effects: string[] }
  | Stopped
  | Exclude<ReadPaidOutcome, { outcome: 'paid' }>
  /** It has moved since it was seen. */
  | { outcome: 'moved' }
  /** Never more credits than the pack that was paid. */
  | { outcome: 'more_than_paid' | 'unknown_customer' | 'no_price' }
  | { outcome: 'money_known'; paymentId: string };

/**
 * Gives the money of a quarantined event to a customer as the sale of a pack, within the limits of who does it. Its
 * events run again and find their payment.
 * @throws StripeError when Stripe does not answer
 */
export async function assignEvent(
  db: Db,
  reader: RealmReader | undefined,
  assignment: Assignment,
  by: ByStaff,
): Promise<AssignOutcome> {
  const paid = await readAssigned(db, reader, assignment);
  if (paid.outcome !== 'paid') return paid;
  const permit = permitAlone(by, { kind: 'assign', ...assignment });
  return inTransaction(db, 'assign event', (tx) => assignPaid(tx, assignment, paid.money, by, permit));
}

/** What Stripe shows of the event's object. */
export async function readAssigned(
  db: Db,
  reader: RealmReader | undefined,
  { realmId, eventId }: SeenEvent,
): Promise<ReadPaidOutcome> {
  const event = await db.event.findUnique({
    where: { realmId_id: { realmId, id: eventId } },
    select: { objectId: true },
  });
  const objectId = event?.objectId ?? undefined;
  return objectId === undefined ? { outcome: 'not_money' } : readPaid(reader, realmId, objectId);
}

export async function assignPaid(
  tx: Tx,
  assignment: Assignment,
  money: ShownMoney,
  by: ByStaff,
  permit: Permit,
): Promise<AssignOutcome> {
  const { realmId, eventId, customerId, versionId, quantity } = assignment;
  const event = await lockStuck(tx, assignment);
  if (!event) return { outcome: 'moved' };
  const stuck = [eventId, ...(await lockEventsOf(tx, realmId, money))];
  const { book } = event;
  const context = { realmId, book, cause: `staff:${by.actor}`, at: new Date(), evidence: [] };
  const outcome = await assignMoney(tx, { customerId, versionId, quantity, money, context }, (worth) =>
    permit(tx, {
      ...{ book, act: 'assign', subject: eventId, customerId },
      ...{ unit: 'credits', amount: worth.credits },
    }),
  );
  if (outcome.outcome === 'stopped') return outcome.stop;
  if (outcome.outcome !== 'granted') return outcome;
  await requeueStuck(tx, realmId, stuck);
  const { paymentId } = outcome;
  await appendAudit(tx, {
    ...{ actor: by.actor, act: 'event.assigned', subject: eventId, reason: by.reason, realmId },
    ...{ comment: by.comment, after: { paymentId, customerId, versionId, quantity } },
  });
  return outcome;
}
