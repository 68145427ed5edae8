import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type DrivenInbox,
  drivenInbox,
  type SentEvent,
} from '../../app/modules/payments/testing/driven-inbox';
import {
  endingsOf,
  expectAllDecided,
  expectWholeBooks,
  grantedOnce,
} from '../../app/modules/payments/testing/endings';
import { isHandledEventType, translateEvent } from '../../app/modules/stripe/index.server';
import { startInbox } from '../../app/modules/webhooks/index.server';
import { type DoorOutcome, type FactContext, type StripeFact } from '../../app/modules/stripe/shared';
import { closeDb, createDb, type Db, inTransaction } from '../../app/platform/db.server';
import { isConnectionFault } from '../../app/platform/db-errors.server';
import { dispatchFact } from '../../app/worker/dispatch.server';
import { PINNED_VERSION } from '../stripe-sandbox/versions/versions';
import { until } from '../stripe-sandbox/testing/under-test';
import { useTestDatabase } from '../support/test-database';
import { openShop, type Shop } from './testing/sandbox-shop';

const database = useTestDatabase();
const COPIES = 100;
let shop: Shop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, shop.reader);
});
afterAll(() => shop.sandbox.stop());

async function paidSale(): Promise<{ sale: string; events: SentEvent[] }> {
  const sale = await shop.sell();
  const events = (await shop.eventsBySale([sale])).get(sale) ?? [];
  return { sale, events: events.filter(({ type }) => isHandledEventType(type)) };
}

/** A hundred copies of each, a hundred at a time, each time of all of them. */
function wavesOf<T>(items: readonly T[]): T[][] {
  const copies = Array.from({ length: COPIES }, () => items).flat();
  return items.map((_, n) => copies.slice(n * COPIES, (n + 1) * COPIES));
}

/** As the inbox does: a door that could not be reached is tried again. */
async function bringUntilAnswered(db: Db, fact: StripeFact, context: FactContext): Promise<DoorOutcome> {
  for (;;) {
    try {
      return await inTransaction(db, 'copy', (tx) => dispatchFact(tx, fact, context));
    } catch (error) {
      if (!isConnectionFault(error)) throw error;
    }
  }
}

describe('a hundred copies of every event of a sale', () => {
  it(
    'received at once while two workers run are all logged, and grant once',
    { timeout: 120_000 },
    async () => {
      const { sale, events } = await paidSale();
      expect(events.length).toBeGreaterThan(6);
      const clients = [1, 2].map(() => createDb(database.url, 6));
      const workers = clients.map((db) => startInbox({ ...inbox.deps, db, concurrency: 4 }));
      try {
        for (const wave of wavesOf(events)) await Promise.all(wave.map((event) => inbox.deliver(event)));
        await until(
          async () =>
            (await database.db.event.count({
              where: { status: 'done', id: { in: events.map(({ id }) => id) } },
            })) === events.length,
        );
      } finally {
        await Promise.all(workers.map((worker) => worker.stop()));
        await Promise.all(clients.map(closeDb));
      }
      expect(await endingsOf(database.db, [sale])).toMatchObject([{ ending: grantedOnce() }]);
      await expectAllDecided(database.db);
      await expectWholeBooks(database.db);
      const logged = await database.db.delivery.groupBy({ by: ['eventId', 'verdict'], _count: true });
      const counts = events.flatMap(({ id }) => [
        { eventId: id, verdict: 'first', _count: 1 },
        { eventId: id, verdict: 'repeat', _count: COPIES - 1 },
      ]);
      expect(logged).toEqual(expect.arrayContaining(counts));
      expect(logged).toHaveLength(counts.length);
    },
  );

  it('brought to the door at once settle once', { timeout: 120_000 }, async () => {
    const { sale, events } = await paidSale();
    const session = await shop.reader.readObject({
      object: 'checkout.session',
      id: await shop.sessionOf(sale),
    });
    if (!session) throw new Error('The sandbox has no such session.');
    const context = {
      ...{ realmId: shop.realm.id, book: 'test' as const, cause: 'event:evt_copy' },
      ...{ at: new Date(), evidence: [session] },
    };
    const facts = events.map(({ body }) => {
      const translated = translateEvent({ apiVersion: PINNED_VERSION, payload: body });
      if (translated.outcome !== 'fact') throw new Error('Each of these events carries a fact.');
      return translated.fact;
    });
    const db = createDb(database.url, 40);
    const outcomes: DoorOutcome[] = [];
    for (const wave of wavesOf(facts))
      outcomes.push(...(await Promise.all(wave.map((fact) => bringUntilAnswered(db, fact, context)))));
    await closeDb(db);
    expect(outcomes).toHaveLength(facts.length * COPIES);
    const settled = outcomes.filter((one) => one.outcome === 'decided' && one.reason === 'settled');
    expect(settled).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome !== 'decided')).toEqual([]);
    expect(await endingsOf(database.db, [sale])).toMatchObject([{ ending: grantedOnce() }]);
    await expectWholeBooks(database.db);
  });
});
