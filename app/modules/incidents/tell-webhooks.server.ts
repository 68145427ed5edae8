import { type Keep, namelessEvent } from '~/modules/stripe/index.server';
import { type Db } from '~/platform/db.server';

import { type IncidentFile } from './incident-file';
import { type Scope } from './find-scope.server';

type Told = Pick<IncidentFile, 'startedMs' | 'events' | 'deliveries'> &
  Pick<IncidentFile['incident'], 'refused' | 'omitted' | 'tries'> & {
    expected: IncidentFile['incident']['expected']['events'];
  };

const MAX_DELIVERIES = 5000;
const UNATTRIBUTED = 100;
const WORD = /^[a-z][a-z0-9_]{0,79}$/;

/** What came: events without names, deliveries as they came, tries as they were made, and what was decided. */
export async function tellWebhooks(db: Db, realmId: string, scope: Scope, keep: Keep): Promise<Told> {
  const rows = await db.event.findMany({
    where: { realmId, id: { in: scope.events } },
    include: { attempts: { orderBy: [{ run: 'asc' }, { n: 'asc' }] } },
    orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
    take: scope.events.length + 1,
  });
  const whole = rows.filter(({ redactedAt }) => redactedAt === null);
  const bodies = new Map(whole.map(({ id, payload }) => [id, namelessEvent(payload, keep)]));
  const moved = (at: Date): number => at.getTime() + keep.shiftSeconds * 1000;
  const startedMs = moved(rows[0]?.receivedAt ?? new Date(0));
  const [deliveries, refused] = await tellDeliveries(db, realmId, rows);
  const carried = [
    ...deliveries.map(({ at, eventId, verdict }) => ({ at, eventId, verdict })),
    ...whole
      .filter(({ source }) => source === 'catch_up')
      .map(({ id, receivedAt }) => ({ at: receivedAt, eventId: id, verdict: 'caught_up' })),
  ].sort((one, other) => one.at.getTime() - other.at.getTime());
  return {
    startedMs,
    events: whole.flatMap(({ id }) => {
      const body = bodies.get(id);
      if (body === undefined) return [];
      const { data, created, type } = body;
      return [
        {
          ...{ id: body.id, type, created, apiVersion: body.api_version ?? '' },
          request: { id: null, idempotency_key: null },
          ...{ object: data.object, previous: data.previous_attributes ?? null },
        },
      ];
    }),
    deliveries: carried.flatMap(({ at, eventId, verdict }, n) => {
      const body = bodies.get(eventId);
      if (body === undefined) return [];
      const isDropped = verdict === 'caught_up';
      return [
        {
          ...{ act: n + 1, eventId: body.id, eventType: body.type, endpoint: 0 },
          ...{ atMs: moved(at) - startedMs, afterActMs: 0 as const, nature: NATURES[verdict] ?? 'genuine' },
          ...{ faults: isDropped ? ['drop'] : [], refusals: 0 as const, isDropped, body, verdict },
        },
      ];
    }),
    refused: refused.map(({ at, verdict, eventId }) => ({
      ...{ atMs: moved(at), verdict, eventId: eventId === null ? null : keep.names.id(eventId) },
    })),
    omitted: rows
      .filter(({ redactedAt }) => redactedAt !== null)
      .map(({ id }) => ({ what: keep.names.id(id), why: 'its payload was redacted' })),
    tries: whole
      .flatMap(({ id, attempts }) =>
        attempts.map(({ run, n, outcome, endedAt }) => ({
          ...{ atMs: moved(endedAt), eventId: keep.names.id(id), run, n, outcome },
        })),
      )
      .sort((one, other) => one.atMs - other.atMs),
    expected: whole.map(({ id, type, status, decision, reason, attempts }) => ({
      ...{ id: keep.names.id(id), type, status, decision },
      reason: reason !== null && WORD.test(reason) ? reason : null,
      effects: attempts.flatMap(({ effects }) =>
        effects.map((effect) => effect.slice(0, effect.indexOf('_'))),
      ),
    })),
  };
}

const NATURES: Readonly<Record<string, IncidentFile['deliveries'][number]['nature']>> = {
  bad_signature: 'forged_signature',
  stale: 'stale',
};
/** What was said to a delivery whose body was believed. */
const TAKEN = ['first', 'repeat'];

interface Arrived {
  id: string;
  receivedAt: Date;
}

/** Deliveries of these events; and those that were refused meanwhile, for whose body nobody vouches. */
async function tellDeliveries(db: Db, realmId: string, events: readonly Arrived[]) {
  const select = { at: true, eventId: true, verdict: true } as const;
  const ids = events.map(({ id }) => id);
  const rows = await db.delivery.findMany({
    where: { realmId, eventId: { in: ids } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select,
    take: MAX_DELIVERIES,
  });
  const [first, last] = [events[0]?.receivedAt ?? new Date(0), events.at(-1)?.receivedAt ?? new Date(0)];
  const nameless = await db.delivery.findMany({
    where: { realmId: null, eventId: null, at: { gte: first, lte: last } },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select,
    take: UNATTRIBUTED,
  });
  // A forgery has no event that can be believed: its like is made of the incident's first one.
  const forged = nameless
    .filter(({ verdict }) => NATURES[verdict] !== undefined)
    .map((one) => ({ ...one, eventId: ids[0] ?? '' }));
  const taken = rows.flatMap(({ eventId, ...one }) =>
    eventId !== null && TAKEN.includes(one.verdict) ? [{ ...one, eventId }] : [],
  );
  const others = [
    ...rows.filter(({ verdict }) => !TAKEN.includes(verdict)),
    ...nameless.filter(({ verdict }) => NATURES[verdict] === undefined),
  ];
  return [[...taken, ...forged], others] as const;
}
