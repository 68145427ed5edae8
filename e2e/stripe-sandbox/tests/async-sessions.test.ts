import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clientFor,
  PACK,
  PAYER,
  refusalOf,
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

type CreateParams = Stripe.Checkout.SessionCreateParams;

const HOUR = 3_600_000;
const PAYS = 'AT611904300234573201';
const FAILS = 'IT60X0542811101000000123456';

let receiver: Receiver;
let test: UnderTest;
let clockOffsetMs = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({
    webhook: receiver.url,
    webhookSecret: SECRET,
    settings: { debitSettleMs: HOUR, settleDelayMs: HOUR, orderPatienceMs: 10_000 },
  });
});
afterAll(async () => {
  await test.stop();
  await receiver.close();
});

/** Lets everything arrive, then lets time pass in the sandbox. */
async function pass(milliseconds: number): Promise<void> {
  await until(() => test.sandbox.deliveries.list().rows.every(({ status }) => status !== 'pending'));
  clockOffsetMs += milliseconds;
  await fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ clockOffsetMs }) });
}

const EUROS: CreateParams = {
  ...PACK,
  allowed_payment_method_types: ['card', 'sepa_debit'],
  line_items: [
    {
      quantity: 2,
      price_data: { currency: 'eur', unit_amount: 1500, product_data: { name: 'Pack of 100' } },
    },
  ],
};

async function debited(iban: string, params: CreateParams = EUROS): Promise<Stripe.Checkout.Session> {
  const session = await test.stripe.checkout.sessions.create(params);
  const method = await test.stripe.paymentMethods.create({
    type: 'sepa_debit',
    sepa_debit: { iban },
    billing_details: { email: PAYER.email, name: PAYER.name },
  });
  await confirm(session.id, method.id, 3000);
  return test.stripe.checkout.sessions.retrieve(session.id);
}

/** As the CLI's triggers do it. */
function confirm(session: string, method: string, expectedAmount: number): Promise<unknown> {
  return test.stripe.rawRequest('POST', `/v1/payment_pages/${session}/confirm`, {
    payment_method: method,
    expected_amount: expectedAmount,
  });
}

function arrivals(ids: unknown[]): string[] {
  return receiver
    .events()
    .filter((event) =>
      ids.some((id) => typeof id === 'string' && JSON.stringify(event.data.object).includes(id)),
    )
    .map((event) => event.type);
}

function sessionEvent(type: Stripe.Event.Type, id: string): Stripe.Event.Data.Object {
  const found = receiver
    .events()
    .find((event) => event.type === type && 'id' in event.data.object && event.data.object.id === id);
  if (!found) throw new Error(`No ${type} of ${id} came.`);
  return found.data.object;
}

describe('a session paid by a bank debit', () => {
  it('is complete and unpaid at once, and paid when the bank says so', async () => {
    const session = await debited(PAYS);
    expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid', url: null });
    const ids = [session.id, session.payment_intent];
    expect(await test.stripe.paymentIntents.retrieve(String(session.payment_intent))).toMatchObject({
      status: 'processing',
      amount_received: 0,
    });
    await until(() => arrivals(ids).includes('checkout.session.completed'));
    expect(arrivals(ids)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'charge.pending',
      'checkout.session.completed',
    ]);
    expect(sessionEvent('checkout.session.completed', session.id)).toMatchObject({
      payment_status: 'unpaid',
    });
    await pass(HOUR + 1000);
    await until(() => arrivals(ids).includes('checkout.session.async_payment_succeeded'));
    expect(arrivals(ids).slice(4)).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
    ]);
    expect(sessionEvent('checkout.session.async_payment_succeeded', session.id)).toMatchObject({
      payment_status: 'paid',
      status: 'complete',
    });
  });

  it('stays complete and unpaid when the bank refuses', async () => {
    const session = await debited(FAILS);
    const ids = [session.id, session.payment_intent];
    await pass(HOUR + 1000);
    await until(() => arrivals(ids).includes('checkout.session.async_payment_failed'));
    expect(arrivals(ids).slice(4)).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ]);
    expect(await test.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
  });

  it('gets its invoice when it is paid, not before', async () => {
    const session = await debited(PAYS, { ...EUROS, invoice_creation: { enabled: true } });
    expect(session).toMatchObject({ invoice: null, customer: expect.stringMatching(/^cus_/) as unknown });
    await pass(HOUR + 1000);
    const paid = await until(async () => {
      const read = await test.stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] });
      return read.payment_status === 'paid' && read;
    });
    expect(paid.invoice).toMatchObject({ status: 'paid', amount_paid: 3000, currency: 'eur' });
  });
});

describe('a subscription paid by a bank debit', () => {
  const MONTHLY: CreateParams = {
    mode: 'subscription',
    success_url: 'http://shop.test/ok',
    allowed_payment_method_types: ['card', 'sepa_debit'],
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: 'eur',
          unit_amount: 3000,
          recurring: { interval: 'month' },
          product_data: { name: 'Plan' },
        },
      },
    ],
  };
  const expand = ['subscription', 'invoice'];
  const BEGINNING = [
    'payment_method.attached',
    'customer.created',
    'customer.updated',
    'checkout.session.completed',
    'customer.subscription.created',
    'payment_intent.created',
    'invoice.created',
    'invoice.finalized',
    'payment_intent.processing',
    'charge.pending',
  ];

  it.each([
    [
      'paid',
      PAYS,
      { payment_status: 'paid', subscription: { status: 'active' }, invoice: { status: 'paid' } },
      [
        'charge.succeeded',
        'payment_intent.succeeded',
        'checkout.session.async_payment_succeeded',
        'invoice.paid',
        'invoice.payment_succeeded',
      ],
    ],
    [
      'refused',
      FAILS,
      { payment_status: 'unpaid', subscription: { status: 'past_due' }, invoice: { status: 'open' } },
      [
        'charge.failed',
        'payment_intent.payment_failed',
        'checkout.session.async_payment_failed',
        'invoice.payment_failed',
        'customer.subscription.updated',
      ],
    ],
  ])('is active while its first invoice is processing, until it is %s', async (_end, iban, end, told) => {
    const { id, customer } = await debited(iban, MONTHLY);
    const begun = await test.stripe.checkout.sessions.retrieve(id, { expand });
    expect(begun).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
      subscription: { status: 'active' },
      invoice: { status: 'open' },
    });
    const intent = (await test.stripe.paymentIntents.list({ customer: String(customer) })).data[0]?.id;
    const arrived = () => arrivals([customer, intent]);
    await until(() => arrived().length === BEGINNING.length);
    expect(arrived()).toEqual(BEGINNING);
    await pass(HOUR + 1000);
    await until(() => arrived().length === BEGINNING.length + told.length);
    expect(arrived().slice(BEGINNING.length)).toEqual(told);
    const ended = await test.stripe.checkout.sessions.retrieve(id, { expand });
    expect(ended).toMatchObject({ status: 'complete', ...end });
  });
});

describe('the kinds of method on the page', () => {
  it('are cards unless the caller chooses, and fit the currency', async () => {
    const create = (params: Partial<CreateParams>) =>
      test.stripe.checkout.sessions.create({ ...EUROS, ...params });
    expect((await test.stripe.checkout.sessions.create(PACK)).payment_method_types).toEqual(['card']);
    expect(await create({})).toMatchObject({
      payment_method_types: ['card', 'sepa_debit'],
      allowed_payment_method_types: ['card', 'sepa_debit'],
    });
    expect(await create({ excluded_payment_method_types: ['sepa_debit'] })).toMatchObject({
      payment_method_types: ['card'],
      excluded_payment_method_types: ['sepa_debit'],
    });
    const ideal = await refusalOf(create({ allowed_payment_method_types: ['ideal'] }));
    expect(ideal.message).toContain('does not play');
  });

  it('are those that the Dashboard has switched on and that take the currency, unless the caller chooses', async () => {
    const switchOn = (...checkoutMethods: string[]) =>
      fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ checkoutMethods }) });
    const typesIn = async (params: CreateParams) => {
      const { line_items = [] } = EUROS;
      const session = await test.stripe.checkout.sessions.create({ ...PACK, line_items, ...params });
      return session.payment_method_types;
    };
    await switchOn('card', 'sepa_debit', 'us_bank_account');
    expect(await typesIn({})).toEqual(['card', 'sepa_debit']);
    expect(await typesIn({ excluded_payment_method_types: ['card'] })).toEqual(['sepa_debit']);
    expect(await typesIn({ allowed_payment_method_types: ['card'] })).toEqual(['card']);
    await switchOn('card');
    expect(await typesIn({})).toEqual(['card']);
  });

  it('can no longer be named as payment_method_types from endive on, but before', async () => {
    const named = { ...PACK, payment_method_types: ['card'] };
    const refused = await refusalOf(test.stripe.checkout.sessions.create(named));
    expect(refused.code).toBe('payment_method_types_no_longer_supported');
    const old = await test.stripe.checkout.sessions.create(named, { apiVersion: '2026-07-29.dahlia' });
    expect(old.payment_method_types).toEqual(['card']);
  });
});

describe('the page that the CLI confirms', () => {
  it('takes only the amount that the session is over', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    const page = await test.stripe.rawRequest('GET', `/v1/payment_pages/${session.id}`);
    expect(page).toMatchObject({ session_id: session.id, amount_total: 3000 });
    const refused = await refusalOf(confirm(session.id, 'pm_card_visa', 500));
    expect(refused.code).toBe('checkout_amount_mismatch');
    await confirm(session.id, 'pm_card_visa', 3000);
    expect(await test.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      payment_status: 'paid',
    });
  });

  it('answers a declined card with its error, and leaves the session open', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    const refused = await refusalOf(confirm(session.id, 'pm_card_chargeDeclined', 3000));
    expect(refused).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect(await test.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' });
  });
});

describe('sessions that change or end', () => {
  it('are changed by the caller while they are open', async () => {
    const session = await test.stripe.checkout.sessions.create(PACK);
    const { data } = await test.stripe.checkout.sessions.listLineItems(session.id);
    const changed = await test.stripe.checkout.sessions.update(session.id, {
      metadata: { order: '8' },
      payment_intent_data: { metadata: { more: 'yes' }, description: 'Ten packs' },
      line_items: [{ id: data[0]?.id ?? '', quantity: 10 }],
    });
    expect(changed).toMatchObject({ amount_total: 15_000, metadata: { order: '8' } });
    await test.sandbox.checkout.pay(session.id, PAYER);
    const done = await test.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(done.payment_intent).toMatchObject({
      amount: 15_000,
      description: 'Ten packs',
      metadata: { payment: 'pay_7', more: 'yes' },
    });
    const late = test.stripe.checkout.sessions.update(session.id, {
      payment_intent_data: { description: 'x' },
    });
    await expect(late).rejects.toThrow('can be updated');
    expect(
      await test.stripe.checkout.sessions.update(session.id, { metadata: { late: 'fine' } }),
    ).toMatchObject({
      metadata: { order: '8', late: 'fine' },
    });
  });

  it('offer a way back when they expire, if they are asked to', async () => {
    const session = await test.stripe.checkout.sessions.create({
      ...PACK,
      after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
    });
    expect(session.after_expiration?.recovery).toMatchObject({ enabled: true, url: null, expires_at: null });
    const expired = await test.stripe.checkout.sessions.expire(session.id);
    const recovery = expired.after_expiration?.recovery;
    expect(recovery?.url).toMatch(/\/r\/test_\w{32}$/);
    expect(recovery?.expires_at).toBeGreaterThan(expired.created + 29 * 86_400);
  });
});

describe('a restart', () => {
  it('keeps an open session with its discount and its tax', async () => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const data = await mkdtemp('/tmp/sandbox-session-');
    const first = await startUnderTest({ data });
    const { id: coupon } = await first.stripe.coupons.create({ percent_off: 10 });
    const session = await first.stripe.checkout.sessions.create({
      ...PACK,
      discounts: [{ coupon }],
      automatic_tax: { enabled: true },
    });
    const expand = ['total_details.breakdown', 'line_items.data.taxes'];
    const before = await first.stripe.checkout.sessions.retrieve(session.id, { expand });
    await first.stop();
    const second = await startUnderTest({ data });
    const stripe = clientFor(second.url);
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand });
    expect(JSON.parse(JSON.stringify(after))).toEqual({
      ...(JSON.parse(JSON.stringify(before)) as object),
      url: session.url,
    });
    expect(await second.sandbox.checkout.pay(session.id, PAYER)).toMatchObject({ outcome: 'paid' });
    expect((await stripe.coupons.retrieve(coupon)).times_redeemed).toBe(1);
    await second.stop();
    await rm(data, { recursive: true });
  });
});
