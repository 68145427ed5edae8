import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
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
let receiver: Receiver;
let test: UnderTest;
let clockOffsetMs = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({
    webhook: receiver.url,
    webhookSecret: SECRET,
    settings: { settleDelayMs: HOUR, orderPatienceMs: 10_000 },
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

const urls = { success_url: 'http://shop.test/ok', cancel_url: 'http://shop.test/back' };

const plan = (unitAmount: number, more: Partial<CreateParams> = {}): CreateParams => ({
  ...urls,
  mode: 'subscription',
  line_items: [
    {
      quantity: 1,
      price_data: {
        currency: 'usd',
        unit_amount: unitAmount,
        recurring: { interval: 'month' },
        product_data: { name: 'Plan' },
      },
    },
  ],
  ...more,
});

const create = (params: CreateParams): Promise<Stripe.Checkout.Session> =>
  test.stripe.checkout.sessions.create(params);

async function paid(params: CreateParams, card = PAYER.cardNumber): Promise<Stripe.Checkout.Session> {
  const { id } = await create(params);
  const outcome = await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: card });
  expect(outcome).toMatchObject({ outcome: 'paid' });
  return test.stripe.checkout.sessions.retrieve(id);
}

/** The types that arrived about any of the ids. */
function arrivals(ids: unknown[]): string[] {
  return receiver
    .events()
    .filter((event) =>
      ids.some((id) => typeof id === 'string' && JSON.stringify(event.data.object).includes(id)),
    )
    .map((event) => event.type);
}

describe('subscription mode', () => {
  it.each([
    ['flexible', undefined, undefined],
    ['classic', 'classic', undefined],
    ['classic', undefined, '2025-06-30.basil'],
    ['flexible', 'flexible', '2025-06-30.basil'],
  ] as const)(
    'sells in the billing mode %s where it asks for %s in version %s',
    async (type, asked, apiVersion) => {
      const params = plan(1500, asked && { subscription_data: { billing_mode: { type: asked } } });
      const { id } = await test.stripe.checkout.sessions.create(params, {
        ...(apiVersion && { apiVersion }),
      });
      await test.sandbox.checkout.pay(id, PAYER);
      const { subscription } = await test.stripe.checkout.sessions.retrieve(id);
      const { billing_mode: mode } = await test.stripe.subscriptions.retrieve(String(subscription));
      expect(mode.type).toBe(type);
    },
  );

  it('makes subscription and invoice after the payment and tells of them as Stripe is seen to', async () => {
    const session = await paid(plan(1500, { subscription_data: { metadata: { plan: 'pro' } } }));
    expect(session).toMatchObject({
      mode: 'subscription',
      status: 'complete',
      payment_status: 'paid',
      payment_intent: null,
      amount_total: 1500,
      subscription: expect.stringMatching(/^sub_/) as unknown,
      invoice: expect.stringMatching(/^in_/) as unknown,
      customer: expect.stringMatching(/^cus_/) as unknown,
    });
    const subscription = await test.stripe.subscriptions.retrieve(String(session.subscription));
    expect(subscription).toMatchObject({
      status: 'active',
      metadata: { plan: 'pro' },
      customer: session.customer,
    });
    expect(subscription.default_payment_method).toMatch(/^pm_/);
    const invoice = await test.stripe.invoices.retrieve(String(session.invoice), { expand: ['payments'] });
    expect(invoice).toMatchObject({
      attempt_count: 1,
      auto_advance: false,
      billing_reason: 'subscription_create',
      status: 'paid',
      amount_paid: 1500,
      parent: { subscription_details: { subscription: subscription.id, metadata: { plan: 'pro' } } },
    });
    const intent = String(invoice.payments?.data[0]?.payment.payment_intent);
    expect(await test.stripe.paymentIntents.retrieve(intent)).toMatchObject({
      setup_future_usage: 'off_session',
      customer: session.customer,
      status: 'succeeded',
    });
    const ids = [session.id, session.customer, subscription.id, invoice.id, intent];
    await pass(HOUR + 1000);
    await until(() => arrivals(ids).includes('invoice_payment.paid'));
    expect(arrivals(ids).slice(0, 12)).toEqual([
      'charge.succeeded',
      'payment_method.attached',
      'customer.created',
      'customer.updated',
      'checkout.session.completed',
      'customer.subscription.created',
      'payment_intent.created',
      'payment_intent.succeeded',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
  });

  it('leaves nothing behind a decline but the intent, which the next try uses again', async () => {
    const before = (await test.stripe.subscriptions.list({ limit: 100 })).data.length;
    const { id } = await create(plan(1500));
    const declined = await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: '4000000000000002' });
    expect(declined).toMatchObject({ outcome: 'declined' });
    expect(await test.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      status: 'open',
      subscription: null,
      payment_intent: null,
    });
    expect((await test.stripe.subscriptions.list({ limit: 100 })).data).toHaveLength(before);
    const asked = await test.sandbox.checkout.pay(id, { ...PAYER, cardNumber: '4000000000003220' });
    expect(asked).toMatchObject({ outcome: 'challenge' });
    expect(test.sandbox.checkout.find(id)?.challenge).not.toBeNull();
    expect(await test.sandbox.checkout.answerChallenge(id, 'complete')).toMatchObject({ outcome: 'paid' });
    const done = await test.stripe.checkout.sessions.retrieve(id);
    const intents = await test.stripe.paymentIntents.list({ customer: String(done.customer) });
    expect(intents.data).toHaveLength(1);
    const charges = await test.stripe.charges.list({ payment_intent: intents.data[0]?.id ?? '' });
    expect(charges.data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  it('keeps a card for after a trial, without a payment', async () => {
    const session = await paid(plan(1500, { subscription_data: { trial_period_days: 14 } }));
    expect(session).toMatchObject({
      amount_total: 0,
      payment_status: 'no_payment_required',
      payment_intent: null,
      setup_intent: null,
    });
    const subscription = await test.stripe.subscriptions.retrieve(String(session.subscription), {
      expand: ['default_payment_method', 'latest_invoice'],
    });
    expect(subscription).toMatchObject({
      status: 'trialing',
      default_payment_method: { customer: session.customer, type: 'card' },
      latest_invoice: { total: 0, status: 'paid' },
    });
    expect((subscription.trial_end ?? 0) - (subscription.trial_start ?? 0)).toBe(14 * 86_400);
    const [setup] = (await test.stripe.setupIntents.list({ customer: String(session.customer) })).data;
    const ids = [session.customer, setup?.id];
    await until(() => arrivals(ids).length === 11);
    expect(arrivals(ids)).toEqual([
      'setup_intent.created',
      'setup_intent.succeeded',
      'payment_method.attached',
      'customer.created',
      'customer.updated',
      'checkout.session.completed',
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    const challenged = await create(plan(1500, { subscription_data: { trial_period_days: 14 } }));
    const asked = await test.sandbox.checkout.pay(challenged.id, {
      ...PAYER,
      cardNumber: '4000000000003220',
    });
    expect(asked).toMatchObject({ outcome: 'challenge' });
    expect(await test.sandbox.checkout.answerChallenge(challenged.id, 'complete')).toMatchObject({
      outcome: 'paid',
    });
  });

  it('asks for no card when nothing is due and none is wanted for later', async () => {
    const { id: coupon } = await test.stripe.coupons.create({ percent_off: 100, duration: 'forever' });
    const params = plan(1500, { discounts: [{ coupon }], payment_method_collection: 'if_required' });
    const session = await paid(params, '');
    const invoice = await test.stripe.invoices.retrieve(String(session.invoice));
    expect(invoice).toMatchObject({ total: 0, status: 'paid', subtotal: 1500 });
    expect(invoice.total_discount_amounts?.[0]?.amount).toBe(1500);
    const subscription = await test.stripe.subscriptions.retrieve(String(session.subscription));
    expect(subscription).toMatchObject({ status: 'active', default_payment_method: null });
    expect(subscription.discounts).toHaveLength(1);
    expect((await test.stripe.paymentIntents.list({ customer: String(session.customer) })).data).toEqual([]);
  });

  it.each<[string, CreateParams]>([
    ['passed a recurring price', { ...plan(1500), mode: 'payment' }],
    ['at least one recurring price', { ...PACK, payment_intent_data: {}, mode: 'subscription' }],
    [
      'You can not pass `payment_intent_data` in `subscription` mode.',
      plan(1500, { payment_intent_data: { description: 'x' } }),
    ],
    ['You can only enable invoice creation', plan(1500, { invoice_creation: { enabled: true } })],
    [
      'has to be at least 2 days',
      plan(1500, { subscription_data: { trial_end: 1_900_000_000 - 1_890_000_000 } }),
    ],
    [
      'does not play billing_cycle_anchor',
      plan(1500, { subscription_data: { billing_cycle_anchor: 2_000_000_000 } }),
    ],
    ['You can not pass `line_items` in `setup` mode.', { ...PACK, mode: 'setup', payment_intent_data: {} }],
  ])('refuses what does not go with the mode: %s', async (message, params) => {
    const { payment_intent_data: data, ...rest } = params;
    const sent = data && Object.keys(data).length > 0 ? params : rest;
    expect((await refusalOf(create(sent))).message).toContain(message);
  });
});

describe('setup mode', () => {
  it('saves a card for the customer without a payment', async () => {
    const customer = await test.stripe.customers.create({ email: 'karl@example.com' });
    const session = await create({
      ...urls,
      mode: 'setup',
      currency: 'usd',
      customer: customer.id,
      setup_intent_data: { metadata: { why: 'auto top-up' } },
    });
    expect(session).toMatchObject({
      amount_total: null,
      amount_subtotal: null,
      payment_status: 'no_payment_required',
      setup_intent: expect.stringMatching(/^seti_/) as unknown,
    });
    const refused = await test.sandbox.checkout.pay(session.id, { ...PAYER, cardNumber: '4000000000000002' });
    expect(refused).toMatchObject({ outcome: 'declined', declineCode: 'generic_decline' });
    expect(await test.sandbox.checkout.pay(session.id, PAYER)).toMatchObject({ outcome: 'paid' });
    const done = await test.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['setup_intent.payment_method'],
    });
    expect(done).toMatchObject({
      status: 'complete',
      payment_intent: null,
      setup_intent: {
        status: 'succeeded',
        metadata: { why: 'auto top-up' },
        payment_method: { customer: customer.id },
      },
    });
    const ids = [session.id, session.setup_intent];
    await until(() => arrivals(ids).includes('checkout.session.completed'));
    expect(arrivals(ids)).toEqual([
      'setup_intent.created',
      'setup_intent.setup_failed',
      'setup_intent.succeeded',
      'checkout.session.completed',
    ]);
  });

  it('needs a currency, and cancels its setup when it expires', async () => {
    expect((await refusalOf(create({ ...urls, mode: 'setup' }))).param).toBe('currency');
    const session = await create({ ...urls, mode: 'setup', currency: 'eur' });
    await test.stripe.checkout.sessions.expire(session.id);
    const setup = await test.stripe.setupIntents.retrieve(String(session.setup_intent));
    expect(setup.status).toBe('canceled');
  });
});

describe('payment mode', () => {
  it('holds the money of a manual capture: complete and unpaid', async () => {
    const session = await paid({ ...PACK, payment_intent_data: { capture_method: 'manual' } });
    expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    const intent = await test.stripe.paymentIntents.retrieve(String(session.payment_intent));
    expect(intent).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 3000,
      capture_method: 'manual',
    });
  });

  it('keeps the card of a customer for later, and what the page may change of them', async () => {
    const customer = await test.stripe.customers.create({ email: 'ann@example.com', name: 'Ann' });
    const session = await paid({
      ...PACK,
      customer: customer.id,
      customer_update: { address: 'auto', name: 'auto' },
      payment_intent_data: { setup_future_usage: 'off_session' },
    });
    expect(session.customer).toBe(customer.id);
    const methods = await test.stripe.customers.listPaymentMethods(customer.id);
    expect(methods.data.map(({ type }) => type)).toEqual(['card']);
    expect(await test.stripe.customers.retrieve(customer.id)).toMatchObject({
      name: 'Jenny Rosen',
      email: 'ann@example.com',
      address: { country: 'US', postal_code: '94103' },
    });
    const plain = await test.stripe.customers.create({ email: 'bob@example.com', name: 'Bob' });
    await paid({ ...PACK, customer: plain.id });
    expect(await test.stripe.customers.retrieve(plain.id)).toMatchObject({ name: 'Bob', address: null });
  });

  it('echoes custom fields and fills them from the page', async () => {
    const session = await create({
      ...PACK,
      custom_fields: [
        { key: 'team', type: 'text', label: { type: 'custom', custom: 'Team' }, optional: true },
        {
          key: 'size',
          type: 'dropdown',
          label: { type: 'custom', custom: 'Size' },
          dropdown: {
            options: [
              { label: 'Small', value: 's' },
              { label: 'Large', value: 'l' },
            ],
          },
        },
      ],
    });
    expect(session.custom_fields.map(({ key, type }) => [key, type])).toEqual([
      ['team', 'text'],
      ['size', 'dropdown'],
    ]);
    expect(session.custom_fields[1]?.dropdown?.value).toBeNull();
  });
});
