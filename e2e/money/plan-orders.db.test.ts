import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cutsOf, forEachCut, statementsOf } from '../../app/modules/payments/testing/cut-line';
import { drivenInbox, type SentEvent } from '../../app/modules/payments/testing/driven-inbox';
import { expectWholeBooks } from '../../app/modules/payments/testing/endings';
import { forEachOf } from '../../app/modules/payments/testing/orders';
import { processEvent } from '../../app/modules/webhooks/process-event.server';
import { claimEvents } from '../../app/modules/webhooks/claimed-event.server';
import { useTestDatabase } from '../support/test-database';
import { type CopiedPlans, copyPlans } from './testing/copied-plans';
import { copyReader } from './testing/copied-sales';
import { openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';

const database = useTestDatabase();
let shop: PlanShop;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
});
afterAll(() => shop.sandbox.stop());

interface Begun {
  customer: Subscriber;
  subscription: string;
}

async function begin(clock?: string): Promise<Begun> {
  const customer = await shop.subscriber(clock);
  return { customer, subscription: await shop.subscribe(customer) };
}

const once = (events: readonly SentEvent[], types: readonly string[]): SentEvent[] =>
  types.flatMap((type) => events.filter((event) => event.type === type).slice(-1));

/** How plans ended, but for times. */
async function endsOf(customers: readonly { id: string }[]) {
  const ends = await Promise.all(customers.map((customer) => shop.endOf(customer)));
  return ends.map(({ lots, ...end }) => ({
    ...end,
    lots: lots.map(({ kind, granted }) => ({ kind, granted })),
  }));
}

/** The last of them is the invoice. */
const BEGINS = [
  'charge.succeeded',
  'payment_intent.succeeded',
  'checkout.session.completed',
  'customer.subscription.created',
  'invoice.paid',
];
const PAID = { state: 'paid', credits: 1_000n, paid: 1_000n, isLinked: true, hasCard: true };
const LOT = { kind: 'plan', granted: 1_000n };
const BEGUN = {
  plans: [{ status: 'active', plan: 'basic', paid: 'basic', isEnding: false, owed: null }],
  payments: [PAID],
  lots: [LOT],
  available: 1_000n,
  orders: ['linked'],
  backs: [],
};

describe('events of a plan', () => {
  it('that all come three times, at once and again later, grant once', async () => {
    const one = await begin(await shop.newClock());
    await shop.renew(one.subscription);
    const events = await shop.eventsOf(one.customer);
    await Promise.all([...events, ...events].map((event) => shop.inbox.deliver(event)));
    await shop.settle();
    await shop.bring(events);
    await shop.inbox.replayAll(events.map(({ id }) => id));
    await shop.settle();
    expect(await endsOf([one.customer])).toEqual([
      { ...BEGUN, payments: [PAID, PAID], lots: [LOT, LOT], available: 2_000n },
    ]);
    await expectWholeBooks(database.db);
  });

  it('that got lost are caught up with, also where only the last one came', async () => {
    const one = await begin();
    const events = await shop.eventsOf(one.customer);
    await shop.bring(events.slice(-1));
    await shop.inbox.list(events);
    await shop.settle();
    expect(await endsOf([one.customer])).toEqual([BEGUN]);
  });

  it(
    'that lose their database before or after any statement are processed once all the same',
    { timeout: 240_000 },
    async () => {
      const inbox = drivenInbox(database.db, shop.realm, copyReader(shop));
      const { customer } = await begin();
      const events = once(await shop.eventsOf(customer), BEGINS);
      /** The subscription is known, and its invoice is about to be processed. */
      const ready = async (count: number, from: number): Promise<CopiedPlans[]> => {
        const copies: CopiedPlans[] = [];
        const numbers = Array.from({ length: count }, (_, n) => from + n);
        await forEachOf(numbers, 4, async (n) =>
          copies.push(await copyPlans(database.db, { customerId: customer.id, events }, n)),
        );
        await inbox.list(copies.flatMap((copy) => copy.events.slice(0, -1)));
        await inbox.settle();
        await inbox.list(copies.flatMap((copy) => copy.events.slice(-1)));
        return copies;
      };
      const work = async (db: typeof database.db): Promise<void> => {
        for (const claim of await claimEvents(db, 1)) await processEvent({ ...inbox.deps, db }, claim);
      };
      const samples = await ready(1, 1);
      const cuts = cutsOf(await statementsOf(database.url, work), 'connection');
      const copies = [...samples, ...(await ready(cuts.length, 2))];
      await forEachCut(
        database.url,
        cuts.map((cut) => ({ cut })),
        work,
      );
      await inbox.passTime();
      await inbox.settle();
      for (const end of await endsOf(copies)) expect(end).toEqual(BEGUN);
      await expectWholeBooks(database.db);
    },
  );
});
