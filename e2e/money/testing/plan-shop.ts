import type Stripe from 'stripe';

import { syncCatalog } from '../../../app/modules/payments/index.server';
import { findPlanForSale, type ItemInput, putCatalogItem } from '../../../app/modules/catalog/index.server';
import { readBalance } from '../../../app/modules/ledger/index.server';
import { drivenInbox, type SentEvent } from '../../../app/modules/payments/testing/driven-inbox';
import { type StripeSettings, sweepCalls } from '../../../app/modules/stripe/index.server';
import { askForChange, startPlan } from '../../../app/modules/subscriptions/index.server';
import { type Db, inTransaction } from '../../../app/platform/db.server';
import { days, hours, minutes, toUnix } from '../../../app/platform/time';
import { CALL_SETTLERS } from '../../../app/worker/settlers.server';
import { advance, useCard } from '../../stripe-sandbox/testing/billing';
import { clientFor } from '../../stripe-sandbox/testing/under-test';
import { saidOfCustomers } from './said-of-customers';
import { openShop } from './sandbox-shop';

const APP = 'http://127.0.0.1:3999';

const plan = (
  code: string,
  credits: bigint,
  usd: bigint,
  terms: NonNullable<ItemInput['plan']>,
): ItemInput => ({
  ...{ code, kind: 'plan', position: 1, name: code, description: code, credits, expiresDays: null },
  ...{ plan: terms, prices: { usd } },
});

const PLANS = {
  basic: plan('basic', 1_000n, 1_000n, { interval: 'month' }),
  plus: plan('plus', 3_000n, 2_500n, { interval: 'month', rolloverPeriods: 1 }),
  yearly: plan('yearly', 12_000n, 10_000n, { interval: 'year' }),
  tried: plan('tried', 1_000n, 1_000n, { interval: 'month', trial: { days: 14, credits: 100n } }),
};
export type PlanCode = keyof typeof PLANS;

export interface Subscriber {
  id: string;
  email: string;
  name: string;
  stripeCustomer: string;
}

const CARD = {
  ...{ cardNumber: '4242424242424242', expMonth: '12', expYear: '34', cvc: '123', name: 'Nora' },
  ...{ country: 'US', postalCode: '94107' },
};

export const addDays = (at: Date, count: number) => new Date(at.getTime() + days(count));

/** A shop with plans, whose customers live on one test clock and whose events nobody delivers unless a test does. */
export async function openPlanShop(db: Db) {
  const shop = await openShop(db);
  const { realm, settings, sandbox } = shop;
  await inTransaction(db, 'plans', async (tx) => {
    for (const item of Object.values(PLANS)) await putCatalogItem(tx, item);
  });
  await syncCatalog(db, settings, realm.id);
  const stripe = clientFor(sandbox.url, { key: settings.secretKey });
  const inbox = drivenInbox(db, realm, shop.reader);

  const newClock = async (): Promise<string> => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: toUnix(new Date()) });
    return clock.id;
  };

  const subscriber = async (clock?: string): Promise<Subscriber> => {
    const customer = await shop.newCustomer();
    const image = await stripe.customers.create({
      email: customer.email,
      ...(clock === undefined ? {} : { test_clock: clock }),
    });
    await db.stripeCustomer.create({
      data: { customerId: customer.id, realmId: realm.id, stripeId: image.id },
    });
    return { ...customer, stripeCustomer: image.id };
  };

  const forSale = async (code: string) => {
    const found = await findPlanForSale(db, { realmId: realm.id, code, currency: 'usd' });
    if (!found) throw new Error(`${code} is not for sale.`);
    return found;
  };

  const start = async (
    customer: Subscriber,
    code: PlanCode,
    at: Db = db,
    over: Partial<StripeSettings> = {},
  ) => startPlan(at, { ...settings, ...over }, { realm, customer, plan: await forSale(code), appUrl: APP });

  /** Chosen here and paid at Stripe; nothing more of it is known here yet. */
  const subscribe = async (customer: Subscriber, code: PlanCode = 'basic'): Promise<string> => {
    return payOrder(customer, await start(customer, code));
  };

  const payOrder = async (
    customer: Subscriber,
    started: Awaited<ReturnType<typeof startPlan>>,
  ): Promise<string> => {
    if (started.outcome !== 'redirect') throw new Error(started.outcome);
    const { stripeSession } = await db.subscriptionOrder.findUniqueOrThrow({
      where: { id: started.orderId },
    });
    const paid = await sandbox.sandbox.checkout.pay(stripeSession ?? '', { ...CARD, email: customer.email });
    if (paid.outcome !== 'paid') throw new Error(`The sandbox says ${paid.outcome}.`);
    const session = await stripe.checkout.sessions.retrieve(stripeSession ?? '');
    if (typeof session.subscription !== 'string') throw new Error('The session brought no subscription.');
    return session.subscription;
  };

  /** Two plans bought side by side, of which we have asked Stripe to end one: that one's id. */
  const buyTwo = async (customer: Subscriber): Promise<string> => {
    const orders = [await start(customer, 'basic'), await start(customer, 'plus')];
    for (const order of orders) await payOrder(customer, order);
    await hear(customer);
    await sweep();
    await hear(customer);
    const { stripeId } = await db.subscription.findFirstOrThrow({
      where: { customerId: customer.id, endsAt: { not: null } },
    });
    return stripeId;
  };

  const priceOf = async (code: PlanCode): Promise<{ id: string }> => {
    const { stripeId } = await db.stripePrice.findFirstOrThrow({
      where: { realmId: realm.id, price: { version: { item: { code } } } },
    });
    return { id: stripeId };
  };

  const subscriptionAt = (id: string): Promise<Stripe.Subscription> => stripe.subscriptions.retrieve(id);

  const periodEnd = async (id: string): Promise<number> => {
    const [item] = (await subscriptionAt(id)).items.data;
    if (!item) throw new Error(`${id} has no items.`);
    return item.current_period_end;
  };

  /** Past the end of the period, and past the hour for which its invoice stays a draft. */
  const renew = async (id: string): Promise<void> => {
    const { test_clock: clock } = await subscriptionAt(id);
    if (typeof clock !== 'string') throw new Error(`${id} has no clock.`);
    await advance(stripe, clock, (await periodEnd(id)) + hours(2) / 1000);
  };

  /** Some of the period goes by. */
  const pass = async (id: string, time: number): Promise<void> => {
    const { test_clock: clock, items } = await subscriptionAt(id);
    const [item] = items.data;
    if (typeof clock !== 'string' || !item) throw new Error(`${id} has no clock.`);
    await advance(stripe, clock, item.current_period_start + time / 1000);
  };

  const eventsOfAll = async (customers: readonly Subscriber[]): Promise<Map<string, SentEvent[]>> =>
    saidOfCustomers(
      sandbox.sandbox,
      customers.map(({ stripeCustomer }) => stripeCustomer),
    );

  const eventsOf = async (customer: Subscriber): Promise<SentEvent[]> =>
    (await eventsOfAll([customer])).get(customer.stripeCustomer) ?? [];

  /** Delivers events in that order, processes them, and passes the time until nothing waits any more. */
  const bring = async (events: readonly SentEvent[]): Promise<void> => {
    for (const event of events) await inbox.deliver(event);
    await inbox.settle();
  };

  /** Everything that Stripe has said of a customer until now, once more where it is known. */
  const hear = async (customer: Subscriber): Promise<void> => bring(await eventsOf(customer));

  const change = async (customer: Subscriber, wanted: PlanCode | 'cancel' | 'resume') => {
    const row = await db.subscription.findFirstOrThrow({
      where: { customerId: customer.id, endedAt: null },
      orderBy: { startedAt: 'asc' },
    });
    return askForChange(db, settings, {
      realm,
      customerId: customer.id,
      subscriptionId: row.id,
      wanted:
        wanted === 'cancel' || wanted === 'resume'
          ? { want: wanted }
          : { want: 'plan', plan: await forSale(wanted) },
    });
  };

  /** Sends the calls that wait to be sent, as the worker does every minute. */
  const sweep = (later = minutes(2)) =>
    sweepCalls(db, settings, {
      realmId: realm.id,
      settlers: CALL_SETTLERS,
      now: new Date(Date.now() + later),
    });

  const sync = () => syncCatalog(db, settings, realm.id);

  const cardOf = (customer: Subscriber, card: string) => useCard(stripe, customer.stripeCustomer, card);

  /** How everything of a customer's plans stands, but for ids. */
  const endOf = async ({ id: customerId }: Pick<Subscriber, 'id'>) => {
    const [subscriptions, payments, lots, balance, orders, backs] = await Promise.all([
      db.subscription.findMany({
        where: { customerId },
        orderBy: [{ startedAt: 'asc' }, { stripeId: 'asc' }],
        include: { version: { include: { item: true } }, paidVersion: { include: { item: true } } },
      }),
      db.payment.findMany({ where: { customerId }, orderBy: [{ createdAt: 'asc' }] }),
      db.lot.findMany({
        where: { wallet: { customerId } },
        orderBy: [{ expiresAt: 'asc' }],
        select: { kind: true, granted: true, expiresAt: true },
      }),
      readBalance(db, { book: 'test', customerId }),
      db.subscriptionOrder.findMany({ where: { customerId }, orderBy: { createdAt: 'asc' } }),
      db.moneyBack.findMany({
        where: { payment: { customerId } },
        orderBy: [{ kind: 'asc' }, { amount: 'asc' }],
        select: { kind: true, status: true, level: true, taken: true },
      }),
    ]);
    return {
      plans: subscriptions.map((row) => ({
        status: row.status,
        plan: row.version?.item.code,
        paid: row.paidVersion?.item.code,
        isEnding: row.endsAt !== null,
        owed: row.owedAmount,
      })),
      payments: payments.map((row) => ({
        ...{ state: row.state, credits: row.credits, paid: row.amountPaid },
        isLinked: row.stripeIntent !== null && row.stripeCharge !== null,
        hasCard: row.card !== null,
      })),
      lots,
      available: balance.available,
      orders: orders.map(({ state }) => state),
      backs,
    };
  };

  return {
    ...shop,
    ...{
      stripe,
      inbox,
      newClock,
      subscriber,
      start,
      subscribe,
      buyTwo,
      subscriptionAt,
      periodEnd,
      renew,
      pass,
      payOrder,
      priceOf,
      eventsOf,
      eventsOfAll,
    },
    ...{ bring, settle: inbox.settle, hear, change, sweep, sync, cardOf, endOf },
  };
}
export type PlanShop = Awaited<ReturnType<typeof openPlanShop>>;
