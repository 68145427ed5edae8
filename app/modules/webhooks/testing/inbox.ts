import { expect } from 'vitest';

import { type DoorOutcome, type RealmView } from '~/modules/stripe/shared';
import { deliveryOf, type EventInput, eventBody, SECRET } from '~/modules/stripe/testing/deliveries';
import { type Db, type Tx } from '~/platform/db.server';

import { type Dispatch } from '../ask-door.server';
import { type Claim, claimEvents } from '../claimed-event.server';
import { processEvent } from '../process-event.server';
import { receive } from '../receive.server';
import { type RealmReader } from '~/modules/stripe/index.server';

const effectOf = (cause: string) => `cst_${cause}`;

/** A door with a real effect, one customer per event, which then answers what the test wants. */
// why: each answer of a door is driven here by itself; the rooms' own doors are tested where they live.
export function doorThat(answer: (tx: Tx) => DoorOutcome | Promise<DoorOutcome>): Dispatch {
  return async (tx, _fact, { cause }) => {
    await tx.customer.create({ data: { id: effectOf(cause) }, select: { id: true } });
    return answer(tx);
  };
}

export const applied = (): DoorOutcome => ({
  outcome: 'decided',
  decision: 'applied',
  reason: 'tested',
  effects: ['pay_1'],
});
export const applies = doorThat(applied);

/** One realm's inbox, driven a try at a time. */
export function inboxOf(db: Db, realm: RealmView) {
  const noReader: RealmReader = {
    realmId: realm.id,
    readObject: (ref) => Promise.reject(new Error(`${ref.id} must not be read`)),
  };
  const update = (id: string, data: { dueAt?: Date; firstTryAt?: Date }) =>
    db.event.updateMany({ where: { id }, data });

  const given = async (input: EventInput = {}): Promise<string> => {
    const { id, body } = eventBody(input);
    await receive({ db, endpoints: [{ realm, secrets: [SECRET] }], now: new Date() }, deliveryOf(body));
    return id;
  };
  /** Makes the event due before every other and claims it. */
  const claim = async (id: string): Promise<Claim> => {
    await update(id, { dueAt: new Date(0) });
    const claims = await claimEvents(db, 1);
    expect(claims.map((claimed) => claimed.eventId)).toEqual([id]);
    const [first] = claims;
    if (first === undefined) throw new Error('nothing was claimed');
    return first;
  };
  return {
    noReader,
    given,
    claim,
    tryOnce: async (id: string, dispatch: Dispatch, reader = noReader): Promise<void> => {
      await processEvent({ db, dispatch, reader }, await claim(id));
    },
    eventRow: (id: string) => db.event.findFirstOrThrow({ where: { id } }),
    attempts: (id: string) =>
      db.attempt.findMany({ where: { eventId: id }, orderBy: [{ run: 'asc' }, { n: 'asc' }], take: 100 }),
    hasEffect: async (id: string) =>
      (await db.customer.count({ where: { id: effectOf(`event:${id}`) } })) === 1,
    dueIn: async (id: string) =>
      (await db.event.findFirstOrThrow({ where: { id } })).dueAt.getTime() - Date.now(),
    /** Moves its first try into the past. */
    age: (id: string, by: number) => update(id, { firstTryAt: new Date(Date.now() - by) }),
    dueAfter: (id: string, wait: number) => update(id, { dueAt: new Date(Date.now() + wait) }),
  };
}
