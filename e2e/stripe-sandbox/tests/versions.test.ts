import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Past } from '../versions/past';
import { previousFor, shapeFor } from '../versions/shapes';
import { isKnownVersion } from '../versions/versions';
import { PACK, PAYER, SECRET, startReceiver, startUnderTest, until } from '../testing/under-test';
import type { Receiver, UnderTest } from '../testing/under-test';

const ENDIVE = '2026-10-28.endive';
const DAHLIA = '2026-07-29.dahlia';
const CLOVER = '2025-09-30.clover';
const BASIL = '2025-03-31.basil';
const ACACIA = '2024-10-28.acacia';
const OLDEST = '2024-06-20';

const coupon = { id: 'SAVE', object: 'coupon', percent_off: 20 };
const price = {
  id: 'price_1',
  object: 'price',
  currency: 'usd',
  unit_amount: 1500,
  recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
};
const discount = {
  id: 'di_1',
  object: 'discount',
  customer_account: null,
  source: { coupon: 'SAVE', type: 'coupon' },
};
const past: Past = {
  coupon: (id) => (id === 'SAVE' ? coupon : null),
  discount: (id) => (id === 'di_1' ? discount : null),
  price: (id) => (id === 'price_1' ? price : null),
  invoiceOfIntent: (id) => (id === 'pi_1' ? 'in_1' : null),
  intentOfInvoice: (id) => (id === 'in_1' ? 'pi_1' : null),
  chargeOfIntent: (id) => (id === 'pi_1' ? 'ch_1' : null),
};
const invoice = {
  id: 'in_1',
  object: 'invoice',
  amount_overpaid: 0,
  customer_account: null,
  discounts: ['di_1'],
  lines: {
    object: 'list',
    data: [
      {
        id: 'il_1',
        object: 'line_item',
        parent: {
          invoice_item_details: null,
          subscription_item_details: { invoice_item: null, proration: false, subscription_item: 'si_1' },
          type: 'subscription_item_details',
        },
        pricing: { price_details: { price: 'price_1', product: 'prod_1' }, type: 'price_details' },
        taxes: [
          {
            amount: 100,
            tax_behavior: 'exclusive',
            tax_rate_details: { tax_rate: 'txr_1' },
            taxable_amount: 1000,
          },
        ],
      },
    ],
  },
  parent: {
    subscription_details: { metadata: { plan: 'pro' }, subscription: 'sub_1' },
    type: 'subscription_details',
  },
  status: 'paid',
  status_details: {},
  total: 1500,
  total_taxes: [
    { amount: 100, tax_behavior: 'exclusive', tax_rate_details: { tax_rate: 'txr_1' }, taxable_amount: 1000 },
  ],
};
const subscription = {
  id: 'sub_1',
  object: 'subscription',
  billing_mode: { type: 'flexible' },
  billing_schedules: [],
  discounts: ['di_1'],
  items: {
    object: 'list',
    data: [{ id: 'si_1', object: 'subscription_item', current_period_end: 2000, current_period_start: 1000 }],
  },
  latest_invoice: invoice,
  managed_payments: null,
};

describe('shapes', () => {
  it('of the pinned version are the objects themselves', () => {
    expect(shapeFor(ENDIVE, invoice, past)).toBe(invoice);
  });

  it('before endive know no status details, before basil an invoice names its subscription and payment', () => {
    expect(shapeFor(DAHLIA, invoice, past)).toMatchObject({ parent: invoice.parent });
    expect(shapeFor(DAHLIA, invoice, past)).not.toHaveProperty('status_details');
    expect(shapeFor(BASIL, invoice, past)).toMatchObject({
      parent: invoice.parent,
      total_taxes: [{ amount: 100 }],
    });
    const old = shapeFor(ACACIA, invoice, past);
    expect(old).toMatchObject({
      charge: 'ch_1',
      discount: { id: 'di_1', coupon },
      paid: true,
      paid_out_of_band: false,
      payment_intent: 'pi_1',
      subscription: 'sub_1',
      subscription_details: { metadata: { plan: 'pro' } },
      tax: 100,
      total_tax_amounts: [{ amount: 100, inclusive: false, tax_rate: 'txr_1', taxable_amount: 1000 }],
    });
    for (const gone of ['parent', 'total_taxes', 'amount_overpaid', 'customer_account'])
      expect(old).not.toHaveProperty(gone);
  });

  it('before basil an invoice line holds its price and plan whole', () => {
    expect(shapeFor(OLDEST, invoice, past)).toMatchObject({
      lines: {
        data: [
          {
            plan: { id: 'price_1', object: 'plan', amount: 1500, interval: 'month' },
            price: { id: 'price_1', object: 'price' },
            proration: false,
            subscription_item: 'si_1',
            tax_amounts: [{ amount: 100 }],
            type: 'subscription',
          },
        ],
      },
    });
  });

  it('reach expanded objects and lists of objects', () => {
    const page = { object: 'list', data: [subscription] };
    const old = shapeFor(ACACIA, page, past);
    expect(old).toMatchObject({
      data: [
        {
          current_period_end: 2000,
          current_period_start: 1000,
          discount: { coupon },
          latest_invoice: { subscription: 'sub_1', paid: true },
        },
      ],
    });
    expect(JSON.stringify(old)).not.toMatch(/billing_mode|billing_schedules|managed_payments|"parent"/);
    const [item] = subscription.items.data;
    expect(shapeFor(ACACIA, { ...item }, past)).toEqual({ id: 'si_1', object: 'subscription_item' });
  });

  it('before clover a discount and a promotion code hold their coupon', () => {
    expect(shapeFor(CLOVER, discount, past)).toMatchObject({ source: { coupon: 'SAVE' } });
    expect(shapeFor(BASIL, discount, past)).toEqual({ id: 'di_1', object: 'discount', coupon });
    const promotion = { id: 'promo_1', object: 'promotion_code', promotion: { coupon, type: 'coupon' } };
    expect(shapeFor(BASIL, promotion, past)).toEqual({ id: 'promo_1', object: 'promotion_code', coupon });
  });

  it.each([
    ['hosted_page', 'hosted'],
    ['embedded_page', 'embedded'],
    ['elements', 'custom'],
  ])('before dahlia ui_mode %s is called %s', (now, before) => {
    const session = { id: 'cs_1', object: 'checkout.session', ui_mode: now, managed_payments: null };
    expect(shapeFor('2026-03-25.dahlia', session, past)).toMatchObject({ ui_mode: now });
    expect(shapeFor('2026-02-25.clover', session, past)).toEqual({
      id: 'cs_1',
      object: 'checkout.session',
      ui_mode: before,
    });
  });

  it('of previous attributes hold what changed in the old shape, and only that', () => {
    const list = (end: number) => ({
      object: 'list',
      data: [{ id: 'si_1', object: 'subscription_item', current_period_end: end, current_period_start: 1 }],
    });
    const renewed = {
      ...subscription,
      items: list(3000),
      latest_invoice: 'in_2',
      metadata: { a: '1', b: '2' },
    };
    const previous = { items: list(2000), metadata: { a: null } };
    expect(previousFor(ENDIVE, renewed, previous, past)).toBe(previous);
    expect(previousFor(ACACIA, renewed, previous, past)).toEqual({
      current_period_end: 2000,
      metadata: { a: null },
    });
  });
});

describe('a version', () => {
  it.each([
    [OLDEST, true],
    [ACACIA, true],
    [ENDIVE, true],
    ['2024-10-28', false],
    ['2027-01-01.fig', false],
    ['2025-03-31.acacia', false],
    ['today', false],
  ])('%s is known: %s', (version, known) => {
    expect(isKnownVersion(version)).toBe(known);
  });
});

describe('over HTTP', () => {
  let test: UnderTest;
  let receiver: Receiver;
  beforeAll(async () => {
    receiver = await startReceiver();
    test = await startUnderTest({ webhook: receiver.url, webhookSecret: SECRET });
  });
  afterAll(async () => {
    await test.stop();
    await receiver.close();
  });
  const inVersion = async (version: string | null, path: string): Promise<Response> =>
    fetch(`${test.url}${path}`, {
      headers: {
        Authorization: 'Bearer sk_test_1234567890abcdef',
        ...(version !== null && { 'Stripe-Version': version }),
      },
    });
  async function invoicedSale(): Promise<{ session: string; intent: string; invoice: string }> {
    const created = await test.stripe.checkout.sessions.create({
      ...PACK,
      invoice_creation: { enabled: true },
    });
    await test.sandbox.checkout.pay(created.id, PAYER);
    const session = await test.stripe.checkout.sessions.retrieve(created.id);
    return { session: created.id, intent: String(session.payment_intent), invoice: String(session.invoice) };
  }

  it('answers, lists and expansions take the shape of the request’s version', async () => {
    const sale = await invoicedSale();
    const old = await inVersion(ACACIA, `/v1/invoices/${sale.invoice}?expand[]=payment_intent.latest_charge`);
    expect(await old.json()).toMatchObject({
      paid: true,
      payment_intent: { id: sale.intent, invoice: sale.invoice, latest_charge: { invoice: sale.invoice } },
    });
    const list = await inVersion(ACACIA, '/v1/payment_intents?limit=1&expand[]=data.invoice');
    expect(await list.json()).toMatchObject({
      data: [{ invoice: { id: sale.invoice, subscription: null } }],
    });
    const refused = await inVersion(BASIL, `/v1/payment_intents/${sale.intent}?expand[]=invoice`);
    expect([refused.status, (await refused.json()).error.message]).toEqual([
      400,
      'This property cannot be expanded (invoice).',
    ]);
  });

  it('without a header are those of the account’s default', async () => {
    const { session, intent } = await invoicedSale();
    const plain = await inVersion(null, `/v1/payment_intents/${intent}`);
    expect(plain.headers.get('stripe-version')).toBe(DAHLIA);
    const body = await plain.json();
    expect(body).not.toHaveProperty('payment_record');
    expect(body).toHaveProperty('allowed_payment_method_types');
    expect(await (await inVersion(null, `/v1/checkout/sessions/${session}`)).json()).not.toHaveProperty(
      'allowed_payment_method_types',
    );
  });

  it('an endpoint gets events in its own version, the list keeps that of the event', async () => {
    const oldReceiver = await startReceiver();
    const endpoint = await test.stripe.webhookEndpoints.create({
      url: oldReceiver.url,
      enabled_events: ['payment_intent.succeeded', 'checkout.session.completed'],
      api_version: '2024-06-20',
    });
    const { intent, session } = await invoicedSale();
    await until(() => oldReceiver.received.length === 2);
    const told = oldReceiver.received.map(({ body, signature }) =>
      test.stripe.webhooks.constructEvent(body, signature, endpoint.secret ?? ''),
    );
    const succeeded = told.find((event) => event.type === 'payment_intent.succeeded');
    expect(succeeded?.api_version).toBe(OLDEST);
    expect(succeeded?.data.object).toMatchObject({ id: intent, invoice: expect.stringMatching(/^in_/) });
    expect(succeeded?.data.object).not.toHaveProperty('customer_account');
    const completed = told.find((event) => event.type === 'checkout.session.completed');
    expect(completed?.data.object).toMatchObject({ id: session, ui_mode: 'hosted' });

    const same = await until(() => receiver.events().find((event) => event.id === succeeded?.id));
    expect(same.api_version).toBe(Stripe.API_VERSION);
    expect(same.data.object).toHaveProperty('payment_record');
    const listed = await test.stripe.events.retrieve(same.id);
    expect(listed.api_version).toBe(DAHLIA);
    expect(listed.data.object).not.toHaveProperty('payment_record');
    await test.stripe.webhookEndpoints.del(endpoint.id);
    await oldReceiver.close();
  });

  it.each([
    ['2026-02-25.clover', 'hosted', 200],
    ['2026-02-25.clover', 'hosted_page', 400],
    [DAHLIA, 'hosted_page', 200],
    [DAHLIA, 'hosted', 400],
    [ENDIVE, 'hosted', 400],
  ])('%s takes ui_mode=%s: %i', async (version, mode, status) => {
    const body = new URLSearchParams({ mode: 'payment', success_url: 'http://shop.test/ok', ui_mode: mode });
    body.set('line_items[0][quantity]', '1');
    body.set('line_items[0][price_data][currency]', 'usd');
    body.set('line_items[0][price_data][unit_amount]', '500');
    body.set('line_items[0][price_data][product_data][name]', 'Pack');
    const headers = { Authorization: 'Bearer sk_test_1234567890abcdef', 'Stripe-Version': version };
    const response = await fetch(`${test.url}/v1/checkout/sessions`, { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    const names =
      version < '2026-03-25'
        ? 'custom, embedded, or hosted'
        : 'elements, embedded_page, form, or hosted_page';
    expect(await response.json()).toMatchObject(
      status === 200 ? { ui_mode: mode } : { error: { message: `Invalid ui_mode: must be one of ${names}` } },
    );
  });

  it('an event made by a request is listed in the request’s version', async () => {
    await test.stripe.paymentIntents.create({ amount: 700, currency: 'usd' });
    const [event] = (await test.stripe.events.list({ type: 'payment_intent.created', limit: 1 })).data;
    expect(event?.api_version).toBe(Stripe.API_VERSION);
    expect(event?.data.object).toHaveProperty('payment_record');
  });
});
