import { beforeAll, describe, expect, it } from 'vitest';

import { syncCatalog } from '../../app/modules/payments/index.server';
import { findPackForSale, listPacks, putCatalogItem } from '../../app/modules/catalog/index.server';
import { readBalance } from '../../app/modules/ledger/index.server';
import { checkOnReturn, checkPayment, startCheckout } from '../../app/modules/payments/index.server';
import { type StripeSettings } from '../../app/modules/stripe/index.server';
import { type RealmView } from '../../app/modules/stripe/shared';
import { inTransaction } from '../../app/platform/db.server';
import { newId } from '../../app/platform/ids.server';
import { DEMO_PACKS } from '../../prisma/demo';
import { asStarted, type Shop } from './testing/sandbox-shop';
import { useTestStore } from './testing/store';

const store = useTestStore();
const APP = 'http://127.0.0.1:3999';

let realm: RealmView;
let settings: StripeSettings;
beforeAll(() => {
  ({ realm, settings } = store.shop);
});

const newCustomer = () => store.shop.newCustomer();
const pay = (paymentId: string) => store.shop.pay(paymentId);

async function teamPack() {
  const pack = await findPackForSale(store.db, { realmId: realm.id, code: 'team', currency: 'usd' });
  if (!pack) throw new Error('The team pack is not for sale.');
  return pack;
}

async function buy(
  customer: Awaited<ReturnType<Shop['newCustomer']>>,
  over: Partial<StripeSettings> = {},
  quantity = 1,
) {
  const request = { realm, customer, pack: await teamPack(), quantity, appUrl: APP };
  return asStarted(await startCheckout(store.db, { ...settings, ...over }, request));
}

describe('the catalogue at Stripe', () => {
  it('is made once, however often it is synced, and made again where the account lost it', async () => {
    const prices = DEMO_PACKS.flatMap((pack) => Object.keys(pack.prices)).length;
    expect(await syncCatalog(store.db, settings, realm.id)).toEqual({ kept: prices, made: 0 });
    await store.db.stripePrice.updateMany({
      where: { realmId: realm.id, versionId: (await teamPack()).versionId, currency: 'usd' },
      data: { stripeId: 'price_gone' },
    });
    expect(await syncCatalog(store.db, settings, realm.id)).toEqual({
      kept: prices - 1,
      made: 1,
    });
    expect((await teamPack()).stripePrice).not.toBe('price_gone');
    const products = await fetch(`${store.shop.sandbox.url}/v1/products?limit=100`, {
      headers: { authorization: `Bearer ${settings.secretKey}` },
    });
    expect(await products.json()).toMatchObject({ data: { length: DEMO_PACKS.length } });
  });

  it('marks the pack with the lowest price per credit, and only it', async () => {
    const packs = await listPacks(store.db, realm.id, 'usd');
    expect(packs.filter(({ isBestValue }) => isBestValue).map(({ code }) => code)).toEqual(['studio']);
  });
});

describe('a checkout', () => {
  it('stands as a row with its snapshot before Stripe hears of it, and leads to the payment page', async () => {
    const started = await buy(await newCustomer(), {}, 3);
    if (started.outcome !== 'redirect') throw new Error(started.outcome);
    expect(new URL(started.url).origin).toBe(store.shop.sandbox.url);
    const payment = await store.db.payment.findUniqueOrThrow({
      where: { id: started.paymentId },
      include: { changes: { orderBy: { n: 'asc' } } },
    });
    expect(payment).toMatchObject({
      state: 'open',
      credits: 7500n,
      amountSubtotal: 6000n,
      currency: 'usd',
      quantity: 3,
    });
    expect(payment.changes.map(({ from, to }) => [from, to])).toEqual([
      [null, 'created'],
      ['created', 'open'],
    ]);
    const calls = await store.db.stripeCall.findMany({ where: { purpose: started.paymentId } });
    expect(calls).toMatchObject([
      { key: `${started.paymentId}.1`, state: 'succeeded', sends: 1, objectId: payment.stripeSession },
    ]);
  });

  it('settles by a look at Stripe when no webhook comes, and once however often it looks', async () => {
    const customer = await newCustomer();
    const { paymentId } = await buy(customer);
    const before = await checkPayment(store.db, settings, { realm, paymentId, cause: 'check:test' });
    expect(before).toMatchObject({ decision: { decision: 'noop', reason: 'session_open' } });
    await pay(paymentId);
    await Promise.all(
      Array.from({ length: 5 }, () =>
        checkPayment(store.db, settings, { realm, paymentId, cause: 'check:test' }),
      ),
    );
    expect(await readBalance(store.db, { book: 'test', customerId: customer.id })).toMatchObject({
      available: 2500n,
    });
    expect(await store.db.transfer.count({ where: { paymentId } })).toBe(1);
  });

  it('in two tabs of a new customer makes one Stripe customer and two sessions, each granted', async () => {
    const customer = await newCustomer();
    const started = await Promise.all([buy(customer), buy(customer)]);
    expect(await store.db.stripeCustomer.count({ where: { customerId: customer.id } })).toBe(1);
    expect(await store.db.stripeCall.count({ where: { purpose: customer.id } })).toBe(1);
    for (const { paymentId } of started) {
      await pay(paymentId);
      await checkPayment(store.db, settings, { realm, paymentId, cause: 'check:test' });
    }
    expect(await readBalance(store.db, { book: 'test', customerId: customer.id })).toMatchObject({
      available: 5000n,
    });
  });

  it('still grants what was bought when the pack changes while the page is open', async () => {
    const customer = await newCustomer();
    const { paymentId } = await buy(customer);
    const team = DEMO_PACKS.find(({ code }) => code === 'team');
    if (!team) throw new Error('The demo has no team pack.');
    const change = (credits: bigint) =>
      inTransaction(store.db, 'change', (tx) =>
        putCatalogItem(tx, { ...team, credits, prices: { usd: 4_000n } }),
      );
    expect(await change(1n)).toMatchObject({ outcome: 'versioned' });
    await pay(paymentId);
    await checkPayment(store.db, settings, { realm, paymentId, cause: 'check:test' });
    expect(await readBalance(store.db, { book: 'test', customerId: customer.id })).toMatchObject({
      available: 2500n,
    });
    await inTransaction(store.db, 'change back', (tx) => putCatalogItem(tx, team));
    await syncCatalog(store.db, settings, realm.id);
  });

  it('that Stripe refuses ends as failed, with the reason kept', async () => {
    const pack = { ...(await teamPack()), stripePrice: 'price_of_another_account' };
    const customer = await newCustomer();
    const request = { realm, customer, pack, quantity: 1, appUrl: APP };
    const started = asStarted(await startCheckout(store.db, settings, request));
    expect(started.outcome).toBe('refused');
    expect(await store.db.payment.findUniqueOrThrow({ where: { id: started.paymentId } })).toMatchObject({
      state: 'failed',
    });
    const call = await store.db.stripeCall.findFirstOrThrow({ where: { purpose: started.paymentId } });
    expect(call).toMatchObject({ state: 'refused', errorCode: 'resource_missing' });
    expect(call.errorMessage).toContain('price_of_another_account');
  });

  it('that finds Stripe down says so; the customer’s call stays open and the next checkout sends it again under its key', async () => {
    const customer = await newCustomer();
    const down = await buy(customer, { apiBase: 'http://127.0.0.1:9' });
    expect(down.outcome).toBe('refused');
    const open = await store.db.stripeCall.findFirstOrThrow({ where: { purpose: customer.id } });
    expect(open).toMatchObject({ state: 'open', key: `${customer.id}.1`, sends: 1 });
    const up = await buy(customer);
    expect(up.outcome).toBe('redirect');
    expect(await store.db.stripeCall.findUniqueOrThrow({ where: { id: open.id } })).toMatchObject({
      state: 'succeeded',
      sends: 2,
    });
  });
});

describe('an order', () => {
  it('sent ten times at once is one payment and one payment page', async () => {
    const customer = await newCustomer();
    const orderId = newId('pay');
    const order = { realm, customer, pack: await teamPack(), quantity: 1, appUrl: APP, orderId };
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => asStarted(await startCheckout(store.db, settings, order))),
    );
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual([
      'redirect',
      ...Array.from({ length: 9 }, () => 'repeated'),
    ]);
    expect(new Set(answers.map(({ paymentId }) => paymentId))).toEqual(new Set([orderId]));
    expect(await store.db.payment.count({ where: { customerId: customer.id } })).toBe(1);
    expect(await store.db.stripeCall.count({ where: { purpose: orderId } })).toBe(1);
  });

  it('of another pack or another customer under the same id is an order of its own', async () => {
    const [customer, other] = [await newCustomer(), await newCustomer()];
    const orderId = newId('pay');
    const order = { realm, customer, pack: await teamPack(), quantity: 1, appUrl: APP, orderId };
    await startCheckout(store.db, settings, order);
    const more = asStarted(await startCheckout(store.db, settings, { ...order, quantity: 2 }));
    const foreign = asStarted(await startCheckout(store.db, settings, { ...order, customer: other }));
    expect([more.outcome, foreign.outcome]).toEqual(['redirect', 'redirect']);
    expect(new Set([orderId, more.paymentId, foreign.paymentId]).size).toBe(3);
  });
});

describe('the page that a customer comes back to', () => {
  const look = (paymentId: string, now: number, over: Partial<StripeSettings> = {}) =>
    checkOnReturn(store.db, { ...settings, ...over }, { realm, paymentId, now });

  it('gives the webhook three seconds, then settles by itself, once', async () => {
    const customer = await newCustomer();
    const { paymentId } = await buy(customer);
    await pay(paymentId);
    const state = async () => (await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } })).state;
    await look(paymentId, 0);
    await look(paymentId, 2_999);
    expect(await state()).toBe('open');
    await look(paymentId, 3_000);
    expect(await state()).toBe('paid');
    await look(paymentId, 9_000);
    expect(await readBalance(store.db, { book: 'test', customerId: customer.id })).toMatchObject({
      available: 2500n,
    });
  });

  it.each([
    ['Stripe is down', { apiBase: 'http://127.0.0.1:9' }],
    ['the key is refused', { secretKey: 'sk_live_unknown00000' }],
  ])('still shows what is known while %s', async (_name, over) => {
    const { paymentId } = await buy(await newCustomer());
    await look(paymentId, 0, over);
    await look(paymentId, 3_000, over);
    expect(await store.db.payment.findUniqueOrThrow({ where: { id: paymentId } })).toMatchObject({
      state: 'open',
    });
  });
});
