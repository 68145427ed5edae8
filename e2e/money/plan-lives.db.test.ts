import { afterAll, beforeAll, expect, it } from 'vitest';

import { expectAllDecided, expectWholeBooks } from '../../app/modules/payments/testing/endings';
import {
  type DrivenInbox,
  drivenInbox,
  type SentEvent,
} from '../../app/modules/payments/testing/driven-inbox';
import { diceOf, forEachOf, permutations, seedOf } from '../../app/modules/payments/testing/orders';
import { subscriptionUpdateBody, type SubscriptionChange } from '../../app/modules/stripe/index.server';
import { days } from '../../app/platform/time';
import { useTestDatabase } from '../support/test-database';
import { type CopiedPlans, copyPlans } from './testing/copied-plans';
import { copyReader } from './testing/copied-sales';
import { openPlanShop, type PlanCode, type PlanShop, type Subscriber } from './testing/plan-shop';

/**
 * Lives of plans as the sandbox lives them, five of their events in every order, each delivered twice at once and one of
 * them processed twice: every order ends as Stripe's own objects stand. A run plays half of the orders, the seed says which.
 */
const database = useTestDatabase();
let shop: PlanShop;
let inbox: DrivenInbox;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
  inbox = drivenInbox(database.db, shop.realm, copyReader(shop));
});
afterAll(async () => {
  await shop.sandbox.stop();
});

interface Life {
  /** What happens at Stripe, from the first page on. */
  happens: (nora: Subscriber) => Promise<void>;
  /** Which of its events come, by type and which of that type, counted from the first. */
  events: (readonly [type: string, nth: number])[];
  /** Credits that can be spent at its end. */
  available: bigint;
  /** Credits of each payment, the least first. */
  credits: bigint[];
  findings?: string[];
}

const change = async (id: string, wanted: SubscriptionChange): Promise<void> => {
  const act = { id: 'sba_of_a_test', realmId: shop.realm.id };
  await shop.stripe.subscriptions.update(id, subscriptionUpdateBody(act, wanted));
};
const toPlan = async (id: string, planCode: PlanCode) => {
  const { stripeId: stripePrice } = await database.db.stripePrice.findFirstOrThrow({
    where: { realmId: shop.realm.id, price: { version: { item: { code: planCode } } } },
  });
  const [item] = (await shop.subscriptionAt(id)).items.data;
  return { stripeItem: item?.id ?? '', stripePrice, planCode };
};
const ending = (id: string, atPeriodEnd: boolean) => change(id, { change: 'end', atPeriodEnd });

const LIVES: Record<string, Life> = {
  'a plan that begins': {
    happens: async (nora) => {
      await shop.subscribe(nora);
    },
    events: [
      ['charge.succeeded', 0],
      ['payment_intent.succeeded', 0],
      ['checkout.session.completed', 0],
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
    ],
    ...{ available: 1_000n, credits: [1_000n] },
  },
  'a renewal that failed and was paid later': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      const bad = await shop.cardOf(nora, 'pm_card_chargeCustomerFail');
      await shop.stripe.subscriptions.update(id, { default_payment_method: bad.id });
      await shop.renew(id);
      const { latest_invoice: owed } = await shop.subscriptionAt(id);
      const good = await shop.cardOf(nora, 'pm_card_visa');
      await shop.stripe.invoices.pay(String(owed), { payment_method: good.id });
    },
    events: [
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['invoice.payment_failed', 0],
      ['customer.subscription.updated', -1],
      ['invoice.paid', 1],
    ],
    ...{ available: 2_000n, credits: [1_000n, 1_000n] },
  },
  'a renewal that failed and is owed': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      const bad = await shop.cardOf(nora, 'pm_card_chargeCustomerFail');
      await shop.stripe.subscriptions.update(id, { default_payment_method: bad.id });
      await shop.renew(id);
    },
    events: [
      ['checkout.session.completed', 0],
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['invoice.payment_failed', 0],
      ['customer.subscription.updated', -1],
    ],
    ...{ available: 1_000n, credits: [1_000n] },
  },
  'a plan that was canceled, resumed, canceled again and ended': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      for (const isEnding of [true, false, true]) await ending(id, isEnding);
      await shop.renew(id);
    },
    events: [
      ['invoice.paid', 0],
      ['customer.subscription.updated', 0],
      ['customer.subscription.updated', 1],
      ['customer.subscription.updated', 2],
      ['customer.subscription.deleted', 0],
    ],
    ...{ available: 1_000n, credits: [1_000n] },
  },
  'a plan that was canceled and resumed': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      for (const isEnding of [true, false]) await ending(id, isEnding);
      await shop.renew(id);
    },
    events: [
      ['customer.subscription.created', 0],
      ['customer.subscription.updated', 0],
      ['customer.subscription.updated', 1],
      ['invoice.paid', 0],
      ['invoice.paid', 1],
    ],
    ...{ available: 2_000n, credits: [1_000n, 1_000n] },
  },
  'an upgrade in the middle of a month': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      await shop.pass(id, days(10));
      await change(id, { change: 'price_now', ...(await toPlan(id, 'plus')) });
    },
    events: [
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['customer.subscription.updated', -1],
      ['invoice.paid', 1],
      ['payment_intent.succeeded', 1],
    ],
    ...{ available: 4_000n, credits: [1_000n, 3_000n] },
  },
  'a downgrade with the next month': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora, 'plus');
      await change(id, { change: 'price_next', ...(await toPlan(id, 'basic')) });
      await shop.renew(id);
    },
    events: [
      ['invoice.paid', 0],
      ['customer.subscription.updated', 0],
      ['customer.subscription.updated', -1],
      ['invoice.paid', 1],
      ['charge.succeeded', 1],
    ],
    ...{ available: 4_000n, credits: [1_000n, 3_000n] },
  },
  'another rhythm once the month is over': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      const periodEnd = await shop.periodEnd(id);
      await change(id, { change: 'rhythm_next', ...(await toPlan(id, 'yearly')), periodEnd });
      await shop.renew(id);
    },
    events: [
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['customer.subscription.updated', 0],
      ['customer.subscription.updated', -1],
      ['invoice.paid', 1],
    ],
    ...{ available: 13_000n, credits: [1_000n, 12_000n] },
  },
  'a trial and what was paid after it': {
    happens: async (nora) => {
      await shop.renew(await shop.subscribe(nora, 'tried'));
    },
    events: [
      ['checkout.session.completed', 0],
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['invoice.paid', 1],
      ['payment_intent.succeeded', 0],
    ],
    ...{ available: 1_100n, credits: [100n, 1_000n] },
  },
  'a second plan from another tab': {
    happens: async (nora) => {
      const orders = [await shop.start(nora, 'basic'), await shop.start(nora, 'plus')];
      for (const order of orders) await shop.payOrder(nora, order);
    },
    events: [
      ['checkout.session.completed', 1],
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['customer.subscription.created', 1],
      ['invoice.paid', 1],
    ],
    ...{ available: 4_000n, credits: [1_000n, 3_000n], findings: ['second_subscription'] },
  },
  'prorations made in the Dashboard, and the next renewal': {
    happens: async (nora) => {
      const id = await shop.subscribe(nora);
      const { stripeItem, stripePrice } = await toPlan(id, 'plus');
      await shop.stripe.subscriptions.update(id, {
        ...{ items: [{ id: stripeItem, price: stripePrice }], proration_behavior: 'always_invoice' },
      });
      await shop.renew(id);
    },
    events: [
      ['customer.subscription.created', 0],
      ['invoice.paid', 0],
      ['customer.subscription.updated', 0],
      ['invoice.paid', 1],
      ['invoice.paid', 2],
    ],
    ...{ available: 4_000n, credits: [1_000n, 3_000n], findings: ['proration'] },
  },
};

/** The chosen events; counted from behind below zero. */
function chosen(said: readonly SentEvent[], { events }: Life): SentEvent[] {
  return events.map(([type, nth]) => {
    const event = said.filter((one) => one.type === type).at(nth);
    if (!event)
      throw new Error(`${type} ${String(nth)} is none of ${said.map((one) => one.type).join(', ')}`);
    return event;
  });
}

/** What Stripe says of the customer's plans by now, in our words. */
async function standingAtStripe({ stripeCustomer }: Subscriber) {
  const { data } = await shop.stripe.subscriptions.list({ customer: stripeCustomer, status: 'all' });
  const plans = [...data].sort((a, b) => a.start_date - b.start_date || (a.id < b.id ? -1 : 1));
  const invoices = await shop.stripe.invoices.list({ customer: stripeCustomer, status: 'paid' });
  return {
    plans: plans.map(({ status, cancel_at: endsAt, ended_at: endedAt }) => ({
      status,
      isEnding: endsAt !== null || endedAt !== null,
    })),
    paid: invoices.data.map((invoice) => BigInt(invoice.amount_paid)),
  };
}

/** How a copy ended, whatever order its rows were written in. */
const endOf = async ({ id }: CopiedPlans) => {
  const { plans, payments, lots, backs, available } = await shop.endOf({ id });
  const findings = await database.db.finding.findMany({
    where: { subject: { endsWith: COPY.exec(id)?.[0] ?? '' } },
    select: { kind: true },
  });
  return {
    ...{ plans, available, backs },
    payments: [...payments].sort((a, b) => Number(a.credits - b.credits)),
    lots: [...lots].sort((a, b) => Number(a.granted - b.granted)),
    findings: findings.map(({ kind }) => kind),
  };
};
const COPY = /x\d+$/;

let copied = 0;
const half = diceOf(seedOf('ORDERS_SEED')).roll(2);

it.each(Object.keys(LIVES))('%s ends alike in every order', { timeout: 240_000 }, async (name) => {
  const life = LIVES[name];
  if (!life) throw new Error('There is no such life.');
  const nora = await shop.subscriber(await shop.newClock());
  await life.happens(nora);
  const orders = permutations(chosen(await shop.eventsOf(nora), life)).filter((_, n) => n % 2 === half);
  const all: CopiedPlans[] = [];
  await forEachOf(orders, 4, async (events) => {
    copied += 1;
    all.push(await copyPlans(database.db, { customerId: nora.id, events }, copied));
  });
  for (let step = 0; step < life.events.length; step += 1) {
    const events = all.flatMap((copy) => copy.events.slice(step, step + 1));
    await forEachOf(events, 8, (event) => Promise.all([inbox.deliver(event), inbox.deliver(event)]));
    await inbox.drain();
    // Of each copy one event is processed again.
    await inbox.replayAll(events.filter((_, n) => n % life.events.length === step).map(({ id }) => id));
    await inbox.drain();
  }
  await inbox.settle();
  await expectAllDecided(database.db);
  for (const verdict of ['first', 'repeat'] as const)
    expect(await database.db.delivery.count({ where: { verdict } })).toBe(copied * life.events.length);

  const ends: Awaited<ReturnType<typeof endOf>>[] = [];
  await forEachOf(all, 4, async (copy) => ends.push(await endOf(copy)));
  const [first, ...others] = ends;
  for (const end of others) expect(end).toEqual(first);
  const stripe = await standingAtStripe(nora);
  expect(first).toMatchObject({
    plans: stripe.plans,
    available: life.available,
    payments: life.credits.map((credits) => ({ credits, state: 'paid' })),
    findings: life.findings ?? [],
  });
  for (const { paid } of first?.payments ?? []) expect(stripe.paid).toContain(paid);
  await expectWholeBooks(database.db);
});
