import { type Db } from '~/platform/db.server';

import { faultOf, SPEAKS_OF_FAULT } from './event-fault';
import { isId } from './filters.server';
import { deliveriesOf } from './list-deliveries.server';
import { readRealms, REALM_REF } from './realms.server';
import { readStuck } from './stuck.server';
import { type AttemptView, type EffectView, type EventView } from './shared';

const MOST = 200;

async function findEvent(db: Db, id: string) {
  return db.event.findFirst({
    // The key is (realm, id): naming the realms lets its index find the id. Stripe's ids are unique among accounts.
    where: { id, realmId: { in: (await readRealms(db)).map((realm) => realm.id) } },
    orderBy: { receivedAt: 'desc' },
    select: {
      id: true,
      realmId: true,
      type: true,
      objectId: true,
      apiVersion: true,
      account: true,
      created: true,
      payload: true,
      redactedAt: true,
      redactedFor: true,
      receivedAt: true,
      status: true,
      source: true,
      decision: true,
      reason: true,
      waitsFor: true,
      run: true,
      tries: true,
      dueAt: true,
      decidedAt: true,
    },
  });
}

async function readAttempts(db: Db, realmId: string, eventId: string): Promise<AttemptView[]> {
  const attempts = await db.attempt.findMany({
    where: { realmId, eventId },
    orderBy: [{ run: 'desc' }, { n: 'desc' }],
    take: MOST,
    select: {
      run: true,
      n: true,
      startedAt: true,
      endedAt: true,
      outcome: true,
      code: true,
      detail: true,
      effects: true,
    },
  });
  const effects = await nameEffects(db, [...new Set(attempts.flatMap((attempt) => attempt.effects))]);
  return attempts.map(({ endedAt, ...attempt }) => ({
    ...attempt,
    ms: endedAt.getTime() - attempt.startedAt.getTime(),
    effects: attempt.effects.map((id) => effects.get(id) ?? { kind: 'other', id }),
  }));
}

/** Says of each id what it is, as far as a page can show it. */
async function nameEffects(db: Db, ids: string[]): Promise<Map<string, EffectView>> {
  const transfers = await db.transfer.findMany({
    where: { id: { in: ids.filter((id) => id.startsWith('txf_')) } },
    take: MOST,
    select: { id: true, kind: true, amount: true, wallet: { select: { customerId: true } } },
  });
  return new Map<string, EffectView>([
    ...ids
      .filter((id) => id.startsWith('pay_'))
      .map((id): [string, EffectView] => [id, { kind: 'payment', id }]),
    ...transfers.map(({ id, kind, amount, wallet }): [string, EffectView] => [
      id,
      { kind: 'transfer', id, transfer: kind, amount, customerId: wallet.customerId },
    ]),
  ]);
}

/** Payments that the event changed, and those that name its object as theirs, each column by its own index. */
async function paymentsOf(db: Db, realmId: string, objectId: string | null, changed: string[]) {
  const naming =
    objectId === null
      ? []
      : [
          { stripeSession: objectId },
          { stripeIntent: objectId },
          { stripeCharge: objectId },
          { stripeInvoice: objectId },
        ];
  return db.payment.findMany({
    where: { realmId, OR: [{ id: { in: changed } }, ...naming] },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 10,
    select: { id: true, state: true },
  });
}

/** What is known of one event; undefined when it was never received. */
export async function readEvent(db: Db, id: string): Promise<EventView | undefined> {
  if (!isId(id)) return undefined;
  const found = await findEvent(db, id);
  if (found === null) return undefined;
  const { realmId, ...event } = found;
  const [realm, deliveries, attempts] = await Promise.all([
    db.realm.findUniqueOrThrow({
      where: { id: realmId },
      select: REALM_REF,
    }),
    deliveriesOf(db, realmId, id),
    readAttempts(db, realmId, id),
  ]);
  const changed = attempts.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.kind === 'payment' ? [effect.id] : [])),
  );
  const isStuck = event.status === 'quarantined' || event.status === 'dead';
  const stuck = isStuck ? await readStuck(db, [found]) : undefined;
  return {
    ...event,
    realm,
    stuck: stuck?.get(id) ?? null,
    replays: await db.replayItem
      .findMany({
        where: { realmId, eventId: id, replay: { dryRun: false } },
        select: { replayId: true, runBefore: true },
        orderBy: { replayId: 'desc' },
        take: 20,
      })
      .then((items) => items.map(({ replayId, runBefore }) => ({ id: replayId, runBefore }))),
    deliveries,
    attempts,
    fault: SPEAKS_OF_FAULT.has(event.type) ? faultOf(event.payload) : null,
    payments: await paymentsOf(db, realmId, event.objectId, changed),
  };
}
