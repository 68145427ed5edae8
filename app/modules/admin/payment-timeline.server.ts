import { type LedgerLine } from '~/modules/ledger/shared';
import { readPaymentEntries } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';

import { type TimelineEntry, type TimelineKind } from './shared';

/** The most rows of one kind that a timeline reads; a payment that has more says so. */
const MOST = 500;

export interface TimelineOf {
  paymentId: string;
  realmId: string;
  /** Stripe objects of the payment: events that speak of them belong to its story. */
  objectIds: string[];
}

/** Order among things of the same instant: what causes stands before what is caused. */
const CAUSE_ORDER: Record<TimelineKind, number> = {
  call: 0,
  event: 1,
  delivery: 2,
  attempt: 3,
  state: 4,
  transfer: 5,
};

async function readStates(db: Db, { paymentId }: TimelineOf): Promise<TimelineEntry[]> {
  const changes = await db.paymentChange.findMany({
    where: { paymentId },
    orderBy: { n: 'asc' },
    take: MOST,
    select: { n: true, from: true, to: true, reason: true, cause: true, at: true },
  });
  return changes.map(({ n, ...change }) => ({ kind: 'state', key: `state:${n}`, ...change }));
}

async function readCalls(db: Db, { paymentId, realmId }: TimelineOf): Promise<TimelineEntry[]> {
  const calls = await db.stripeCall.findMany({
    where: { purpose: paymentId, realmId },
    orderBy: { createdAt: 'asc' },
    take: MOST,
    select: {
      id: true,
      kind: true,
      state: true,
      sends: true,
      objectId: true,
      httpStatus: true,
      requestId: true,
      errorCode: true,
      errorMessage: true,
      firstSentAt: true,
      createdAt: true,
    },
  });
  return calls.map(({ kind, firstSentAt, createdAt, ...call }) => ({
    kind: 'call',
    key: `call:${call.id}`,
    at: firstSentAt ?? createdAt,
    call: kind,
    ...call,
  }));
}

/** Events that speak of the payment's Stripe objects, and any other that its state changes name as their cause. */
async function readEvents(db: Db, of: TimelineOf, causes: string[]) {
  return db.event.findMany({
    where: { realmId: of.realmId, OR: [{ objectId: { in: of.objectIds } }, { id: { in: causes } }] },
    orderBy: { receivedAt: 'asc' },
    take: MOST,
    select: {
      id: true,
      type: true,
      objectId: true,
      status: true,
      decision: true,
      reason: true,
      receivedAt: true,
    },
  });
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
      : [{ kind: 'delivery', key: `delivery:${id}`, eventId, type: typeOf.get(eventId) ?? '', ...delivery }],
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

/** A transfer's entries follow each other, for one wallet writes them under one lock. */
function transfersOf(lines: LedgerLine[]): TimelineEntry[] {
  const byTransfer = new Map<string, LedgerLine[]>();
  for (const line of lines) {
    const own = byTransfer.get(line.transferId);
    if (own === undefined) byTransfer.set(line.transferId, [line]);
    else own.push(line);
  }
  return [...byTransfer.entries()].flatMap(([id, own]): TimelineEntry[] => {
    const head = own[0];
    if (head === undefined) return [];
    const { recordedAt: at, kind: transfer, actor } = head;
    return [{ kind: 'transfer', key: `transfer:${id}`, at, id, transfer, actor, lines: own }];
  });
}

const byTimeThenCause = (a: TimelineEntry, b: TimelineEntry): number =>
  a.at.getTime() - b.at.getTime() || CAUSE_ORDER[a.kind] - CAUSE_ORDER[b.kind];

/** One stream of everything that is known of a payment, oldest first. */
export async function readTimeline(
  db: Db,
  of: TimelineOf,
): Promise<{ entries: TimelineEntry[]; isCut: boolean }> {
  const [states, calls, lines] = await Promise.all([
    readStates(db, of),
    readCalls(db, of),
    readPaymentEntries(db, of.paymentId),
  ]);
  const causes = states.flatMap((entry) =>
    entry.kind === 'state' && entry.cause.startsWith('event:') ? [entry.cause.slice('event:'.length)] : [],
  );
  const events = await readEvents(db, of, causes);
  const typeOf = new Map(events.map((event) => [event.id, event.type]));
  const [deliveries, attempts] = await Promise.all([
    readDeliveries(db, of.realmId, typeOf),
    readAttempts(db, of.realmId, typeOf),
  ]);
  const told = events.map(({ receivedAt, ...event }): TimelineEntry => ({
    kind: 'event',
    key: `event:${event.id}`,
    at: receivedAt,
    ...event,
  }));
  const parts = [states, calls, told, deliveries, attempts, transfersOf(lines)];
  return {
    entries: parts.flat().sort(byTimeThenCause),
    isCut: [...parts.slice(0, -1), lines].some((part) => part.length >= MOST),
  };
}
