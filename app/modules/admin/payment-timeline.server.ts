import { readPaymentEntries } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';

import { faultOf, SPEAKS_OF_FAULT } from './event-fault';
import { type TimelineEntry } from './shared';
import { readActEntries, readAsked, readBackEntries } from './timeline-acts.server';
import { inOrder, readCallEntries, readMailEntries, readStateEntries, transfersOf } from './timeline.server';

/** The most rows of one kind that a timeline reads; a payment that has more says so. */
const MOST = 500;

export interface TimelineOf {
  paymentId: string;
  realmId: string;
  /** Stripe objects of the payment: events that speak of them belong to its story. */
  objectIds: string[];
  /** Its refunds and disputes. */
  moneyBackIds: string[];
  /** Requests that it was made by, beside those about it. */
  approvalIds: string[];
}

const EVENT = {
  id: true,
  type: true,
  objectId: true,
  status: true,
  source: true,
  decision: true,
  reason: true,
  receivedAt: true,
} as const;

/** Events that speak of the payment's Stripe objects, and any other that its state changes name as their cause. */
async function readEvents(db: Db, of: TimelineOf, causes: string[]) {
  const where = {
    realmId: of.realmId,
    OR: [{ objectId: { in: of.objectIds } }, { id: { in: causes } }],
  };
  const [events, failing] = await Promise.all([
    db.event.findMany({ where, orderBy: { receivedAt: 'asc' }, take: MOST, select: EVENT }),
    // Only these are read with their bodies.
    db.event.findMany({
      where: { ...where, type: { in: [...SPEAKS_OF_FAULT] } },
      take: MOST,
      select: { id: true, payload: true },
    }),
  ]);
  const faults = new Map(failing.map(({ id, payload }) => [id, faultOf(payload)]));
  return events.map((event) => ({ ...event, fault: faults.get(event.id) ?? null }));
}

async function readDeliveries(
  db: Db,
  realmId: string,
  typeOf: Map<string, string>,
): Promise<TimelineEntry[]> {
  const deliveries = await db.delivery.findMany({
    where: { realmId, eventId: { in: [...typeOf.keys()] } },
    orderBy: { id: 'asc' },
    take: MOST,
    select: { id: true, eventId: true, verdict: true, status: true, ms: true, at: true },
  });
  return deliveries.flatMap(({ id, eventId, ...delivery }) =>
    eventId === null
      ? []
      : [
          {
            kind: 'delivery',
            key: `delivery:${id}`,
            id,
            eventId,
            type: typeOf.get(eventId) ?? '',
            ...delivery,
          },
        ],
  );
}

async function readAttempts(db: Db, realmId: string, typeOf: Map<string, string>): Promise<TimelineEntry[]> {
  const attempts = await db.attempt.findMany({
    where: { realmId, eventId: { in: [...typeOf.keys()] } },
    orderBy: { startedAt: 'asc' },
    take: MOST,
    select: {
      eventId: true,
      run: true,
      n: true,
      startedAt: true,
      endedAt: true,
      outcome: true,
      code: true,
      detail: true,
    },
  });
  return attempts.map(({ startedAt, endedAt, ...attempt }) => ({
    kind: 'attempt',
    key: `attempt:${attempt.eventId}.${attempt.run}.${attempt.n}`,
    at: startedAt,
    ms: endedAt.getTime() - startedAt.getTime(),
    type: typeOf.get(attempt.eventId) ?? '',
    ...attempt,
  }));
}

/** One stream of everything that is known of a payment, oldest first. */
export async function readTimeline(
  db: Db,
  of: TimelineOf,
): Promise<{ entries: TimelineEntry[]; isCut: boolean }> {
  const own = [of.paymentId, ...of.moneyBackIds];
  const [states, backs, calls, lines, asked] = await Promise.all([
    readStateEntries(db, { paymentIds: [of.paymentId], order: 'asc', take: MOST }),
    readBackEntries(db, { paymentIds: [of.paymentId], take: MOST }),
    readCallEntries(db, { purposes: own, order: 'asc', take: MOST }),
    readPaymentEntries(db, of.paymentId),
    readAsked(db, { about: { subjects: own }, take: MOST }),
  ]);
  const causes = [...states, ...backs].flatMap(({ cause }) =>
    cause.startsWith('event:') ? [cause.slice('event:'.length)] : [],
  );
  const events = await readEvents(db, of, causes);
  const typeOf = new Map(events.map((event) => [event.id, event.type]));
  const approvalIds = [...new Set([...of.approvalIds, ...asked])];
  const [acts, mails, deliveries, attempts] = await Promise.all([
    readActEntries(db, { subjects: [...own, ...approvalIds], take: MOST }),
    readMailEntries(db, { paymentIds: [of.paymentId], refundIds: of.moneyBackIds, approvalIds, take: MOST }),
    readDeliveries(db, of.realmId, typeOf),
    readAttempts(db, of.realmId, typeOf),
  ]);
  const told = events.map(({ receivedAt, ...event }): TimelineEntry => ({
    kind: 'event',
    key: `event:${event.id}`,
    at: receivedAt,
    ...event,
  }));
  const parts = [states, backs, acts, calls, told, deliveries, attempts, transfersOf(lines), mails];
  return {
    entries: inOrder(parts.flat()),
    isCut: [...parts, lines].some((part) => part.length >= MOST),
  };
}
