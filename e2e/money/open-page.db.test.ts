import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findPackForSale } from '../../app/modules/catalog/index.server';
import { startCheckout } from '../../app/modules/payments/index.server';
import { openPortal } from '../../app/modules/stripe/index.server';
import { useTestDatabase } from '../support/test-database';
import { openPlanShop, type PlanShop, type Subscriber } from './testing/plan-shop';
import { openTopUpDesk, type TopUpDesk } from './testing/top-up-desk';

const database = useTestDatabase();
let shop: PlanShop;
let desk: TopUpDesk;
beforeAll(async () => {
  shop = await openPlanShop(database.db);
  desk = openTopUpDesk(database.db, shop);
});
afterAll(() => shop.sandbox.stop());

const appUrl = 'http://127.0.0.1:3999';
const DOWN = { apiBase: 'http://127.0.0.1:9' };
type Over = Partial<PlanShop['settings']>;

async function checkout(customer: Subscriber, over: Over) {
  const { realm, settings } = shop;
  const pack = await findPackForSale(database.db, { realmId: realm.id, code: 'team', currency: 'usd' });
  if (!pack) throw new Error('The team pack is not for sale.');
  return startCheckout(database.db, { ...settings, ...over }, { realm, customer, pack, quantity: 1, appUrl });
}

/** What each page is opened for, and how the row that it is for ends where there is no page. */
const PAGES = {
  'to pay for a pack': {
    open: checkout,
    row: ({ id: customerId }: Subscriber) =>
      database.db.payment.findFirstOrThrow({ where: { customerId }, select: { id: true, state: true } }),
    ended: { outcome: 'refused', state: 'failed' },
  },
  'to begin a plan': {
    open: (customer: Subscriber, over: Over) => shop.start(customer, 'basic', database.db, over),
    row: ({ id: customerId }: Subscriber) =>
      database.db.subscriptionOrder.findFirstOrThrow({
        where: { customerId },
        select: { id: true, state: true },
      }),
    ended: { outcome: 'unknown', state: 'closed' },
  },
  'to save a card': {
    open: (customer: Subscriber, over: Over) => desk.agreeTo(customer, {}, {}, over),
    row: ({ id: customerId }: Subscriber) =>
      database.db.cardSetup.findFirstOrThrow({ where: { customerId }, select: { id: true, state: true } }),
    ended: { outcome: 'unknown', state: 'closed' },
  },
};

const stripeCustomerOf = async ({ id: customerId }: Subscriber) =>
  (await database.db.stripeCustomer.findFirst({ where: { customerId } }))?.stripeId;

describe.each(Object.entries(PAGES))('a page of Stripe’s %s', (_name, { open, row, ended }) => {
  it('opens for another Stripe customer when the account has lost the first', async () => {
    const customer = await shop.subscriber();
    await shop.stripe.customers.del(customer.stripeCustomer);

    expect(await open(customer, {})).toMatchObject({ outcome: 'redirect' });
    expect(await stripeCustomerOf(customer)).not.toBe(customer.stripeCustomer);
    const { id, state } = await row(customer);
    expect(state).toBe('open');
    const calls = await database.db.stripeCall.findMany({
      where: { purpose: id },
      orderBy: { attempt: 'asc' },
    });
    expect(calls).toMatchObject([
      { state: 'refused', errorCode: 'resource_missing' },
      { state: 'succeeded' },
    ]);
  });

  it('is asked for no more than twice', async () => {
    const customer = await shop.subscriber();
    await shop.stripe.customers.del(customer.stripeCustomer);
    await losing(customer);
    await expect(open(customer, {})).rejects.toThrow('lost the new customer');
    const { id } = await row(customer);
    expect(await database.db.stripeCall.count({ where: { purpose: id } })).toBe(2);
  });

  it('is not asked for without a Stripe customer, and what it was for ends', async () => {
    const customer = await shop.newCustomer();
    expect(await open({ ...customer, stripeCustomer: '' }, DOWN)).toMatchObject({ outcome: ended.outcome });
    const { id, state } = await row({ ...customer, stripeCustomer: '' });
    expect(state).toBe(ended.state);
    expect(await database.db.stripeCall.count({ where: { purpose: id } })).toBe(0);
  });
});

/** The Stripe customer that is made next is one that the account has lost as well. */
async function losing({ id: customerId }: Subscriber): Promise<void> {
  const { id } = await shop.stripe.customers.create({ email: 'lost@example.test' });
  await shop.stripe.customers.del(id);
  await database.db.stripeCall.create({
    data: {
      ...{ id: `scl_${customerId}`, realmId: shop.realm.id, kind: 'customer.create', purpose: customerId },
      ...{ attempt: 1, key: `${customerId}.1`, body: {}, state: 'succeeded', objectId: id },
    },
  });
}

describe('Stripe’s portal', () => {
  it('has nothing to manage for a customer whom the account has lost, who buys as a new one', async () => {
    const { realm, settings } = shop;
    const customer = await shop.subscriber();
    await shop.stripe.customers.del(customer.stripeCustomer);
    const opened = await openPortal(database.db, settings, {
      ...{ realmId: realm.id, customerId: customer.id, returnUrl: appUrl },
    });
    expect(opened).toEqual({ outcome: 'no_customer' });
    expect(await stripeCustomerOf(customer)).toBeUndefined();
    expect(await checkout(customer, {})).toMatchObject({ outcome: 'redirect' });
    expect(await stripeCustomerOf(customer)).not.toBe(customer.stripeCustomer);
  });
});
