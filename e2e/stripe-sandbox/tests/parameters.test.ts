import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRoute } from '../api/routes';
import { PACK, PAYER, refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

/** The SDK's parameters by method; a file of the makers of this sandbox, not needed to use it. */
const FILE = path.resolve(import.meta.dirname, '../../../../shared/stripe/create-list-params.md');
const isHere = existsSync(FILE);

const METHODS: Record<string, string> = {
  PaymentIntentCreateParams: 'POST /v1/payment_intents',
  PaymentIntentListParams: 'GET /v1/payment_intents',
  RefundCreateParams: 'POST /v1/refunds',
  RefundListParams: 'GET /v1/refunds',
  DisputeListParams: 'GET /v1/disputes',
  EventListParams: 'GET /v1/events',
  WebhookEndpointCreateParams: 'POST /v1/webhook_endpoints',
  BalanceTransactionListParams: 'GET /v1/balance_transactions',
  CustomerCreateParams: 'POST /v1/customers',
  CustomerListParams: 'GET /v1/customers',
  PriceCreateParams: 'POST /v1/prices',
  PriceListParams: 'GET /v1/prices',
  ProductCreateParams: 'POST /v1/products',
  PromotionCodeCreateParams: 'POST /v1/promotion_codes',
  PromotionCodeListParams: 'GET /v1/promotion_codes',
  CouponCreateParams: 'POST /v1/coupons',
  ChargeListParams: 'GET /v1/charges',
  'Checkout.SessionCreateParams': 'POST /v1/checkout/sessions',
  'Checkout.SessionCreateParams.LineItem': 'POST /v1/checkout/sessions line_items[0]',
  'Checkout.SessionCreateParams.PaymentIntentData': 'POST /v1/checkout/sessions payment_intent_data',
  'Checkout.SessionCreateParams.SubscriptionData': 'POST /v1/checkout/sessions subscription_data',
  'Checkout.SessionListParams': 'GET /v1/checkout/sessions',
};

function namesOf(method: string): string[] {
  const line = readFileSync(FILE, 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`**${method}**:`));
  const names = (line ?? '').split(': ')[1]?.split(', ') ?? [];
  // `expand` is judged before all others.
  return names.map((name) => name.replace('?', '').trim()).filter((name) => name !== 'expand');
}

describe.skipIf(!isHere)('a parameter that Stripe knows is never called unknown', () => {
  it.each(Object.entries(METHODS))('in %s', async (method, route) => {
    const [verb = '', url = '', within] = route.split(' ');
    const names = namesOf(method).map((name) => (within === undefined ? name : `${within}[${name}]`));
    expect(names.length).toBeGreaterThan(3);
    const form = new URLSearchParams([...names, 'nobody_knows_this'].map((name) => [name, 'x']));
    const answer = await fetch(`${test.url}${url}${verb === 'GET' ? `?${form.toString()}` : ''}`, {
      method: verb,
      headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Stripe-Version': '2026-10-28.endive' },
      ...(verb === 'POST' && { body: form }),
    });
    expect(await answer.json()).toMatchObject({
      error: { code: 'parameter_unknown', message: 'Received unknown parameter: nobody_knows_this' },
    });
  });
});

/** `METHOD /v1/…` of everything that the SDK can call, with some id in its place. */
function callsOfSdk(): string[] {
  const folder = path.resolve(import.meta.dirname, '../../../node_modules/stripe/esm/resources');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const calls = files.flatMap((name) => {
    const source = readFileSync(path.join(folder, name), 'utf8');
    return [...source.matchAll(/\(\s*'(GET|POST|DELETE)',\s*[`'](\/v1\/[^`']+)[`']/g)].map(
      ([, method = '', url = '']) => `${method} ${url.replace(/\$\{[^}]+\}/g, 'some_id')}`,
    );
  });
  return [...new Set(calls)];
}

describe('a URL that Stripe knows', () => {
  it('is played or refused by its name, whatever the SDK calls', () => {
    const calls = callsOfSdk();
    expect(calls.length).toBeGreaterThan(300);
    const unrecognized = calls.filter((call) => {
      const [method = '', url = ''] = call.split(' ');
      try {
        return !findRoute(method, url);
      } catch (error) {
        return !(error instanceof Error && error.message === `The sandbox does not play ${call}.`);
      }
    });
    expect(unrecognized).toEqual([]);
  });

  it.each([
    ['GET', '/v1/foo'],
    ['GET', '/v1/customers/'],
    ['DELETE', '/v1/charges'],
    ['GET', '/v1/customers/cus_1/foo'],
    ['POST', '/v1/invoices/in_1/foo'],
  ])('is not one that it does not know: %s %s', async (method, url) => {
    const answer = await fetch(`${test.url}${url}`, {
      method,
      headers: { Authorization: 'Bearer sk_test_1234567890abcdef' },
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining(`Unrecognized request URL (${method}: ${url}).`) },
    });
  });
});

const session = (more: Partial<Stripe.Checkout.SessionCreateParams>): Promise<Stripe.Checkout.Session> =>
  test.stripe.checkout.sessions.create({ ...PACK, ...more });

describe('what Stripe plays and the sandbox does not', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['customer_account', 'customer_account', () => session({ customer_account: 'acct_1' })],
    [
      'permissions',
      'permissions',
      () => session({ permissions: { update_shipping_details: 'server_only' } }),
    ],
    ['managed_payments', 'managed_payments', () => session({ managed_payments: { enabled: true } })],
    [
      'name_collection',
      'name_collection',
      () => session({ name_collection: { business: { enabled: true } } }),
    ],
    [
      'optional_items',
      'optional_items',
      () => session({ optional_items: [{ price: 'price_1', quantity: 1 }] }),
    ],
    [
      'installments',
      'payment_method_options[card][installments]',
      () => session({ payment_method_options: { card: { installments: { enabled: true } } } }),
    ],
    [
      'liability of another account',
      'automatic_tax[liability][account]',
      () => session({ automatic_tax: { enabled: true, liability: { type: 'account', account: 'acct_2' } } }),
    ],
    [
      'customer_account',
      'customer_account',
      () => test.stripe.paymentIntents.list({ customer_account: 'acct_1' }),
    ],
    [
      'customer_account',
      'customer_account',
      () => test.stripe.promotionCodes.list({ customer_account: 'acct_1' }),
    ],
    [
      'amount_details',
      'amount_details',
      () =>
        test.stripe.paymentIntents.create({
          amount: 500,
          currency: 'usd',
          amount_details: { tax: { total_tax_amount: 5 } },
        }),
    ],
    [
      'payment methods of type ideal',
      'type',
      () => test.stripe.paymentMethods.create({ type: 'ideal', ideal: { bank: 'ing' } }),
    ],
    [
      'payments by ideal',
      'payment_settings[payment_method_types]',
      async () =>
        test.stripe.invoices.create({
          customer: (await test.stripe.customers.create({})).id,
          payment_settings: { payment_method_types: ['ideal'] },
        }),
    ],
    [
      'payment_method_options of an invoice',
      'payment_settings[payment_method_options]',
      () =>
        test.stripe.invoices.create({
          customer: 'cus_1',
          payment_settings: { payment_method_options: { card: { request_three_d_secure: 'any' } } },
        }),
    ],
    [
      'verification_method=microdeposits',
      'payment_method_options[us_bank_account][verification_method]',
      () =>
        test.stripe.paymentIntents.create({
          amount: 500,
          currency: 'usd',
          payment_method_options: { us_bank_account: { verification_method: 'microdeposits' } },
        }),
    ],
    [
      'setup_future_usage of one method',
      'payment_method_options[sepa_debit][setup_future_usage]',
      () =>
        test.stripe.paymentIntents.create({
          amount: 500,
          currency: 'eur',
          payment_method_options: { sepa_debit: { setup_future_usage: 'off_session' } },
        }),
    ],
    [
      'reference_prefix of a mandate',
      'payment_method_options[sepa_debit][mandate_options][reference_prefix]',
      () =>
        session({
          payment_method_options: { sepa_debit: { mandate_options: { reference_prefix: 'SHOP' } } },
        }),
    ],
    ['tax rates', 'line_items[0][tax_rates]', () => session({ line_items: [{ tax_rates: ['txr_1'] }] })],
    ['payment links', 'payment_link', () => test.stripe.checkout.sessions.list({ payment_link: 'plink_1' })],
    [
      'products with tax_details',
      'product_data[tax_details]',
      () =>
        test.stripe.prices.create({
          currency: 'usd',
          unit_amount: 500,
          product_data: { name: 'Credits', tax_details: { tax_code: 'txcd_1' } },
        }),
    ],
    [
      'moto',
      'payment_method_options[card][moto]',
      () =>
        test.stripe.paymentIntents.create({
          amount: 500,
          currency: 'usd',
          payment_method_options: { card: { moto: true } },
        }),
    ],
    [
      'the choice of a card network',
      'card[networks]',
      () =>
        test.stripe.paymentMethods.create({
          type: 'card',
          card: { token: 'tok_visa', networks: { preferred: 'visa' } },
        }),
    ],
    [
      'amount_to_confirm',
      'amount_to_confirm',
      async () => {
        const { id } = await test.stripe.paymentIntents.create({ amount: 500, currency: 'usd' });
        return test.stripe.paymentIntents.confirm(id, { amount_to_confirm: 300 });
      },
    ],
  ])('is refused by its name: %s (%s)', async (what, param, call) => {
    expect(await refusalOf(call())).toMatchObject({
      statusCode: 400,
      param,
      message: `The sandbox does not play ${what}.`,
    });
  });

  it('is passed over where it changes nothing', async () => {
    const options = { us_bank_account: { verification_method: 'automatic' }, ideal: {} } as const;
    const intent = { amount: 500, currency: 'usd', payment_method_options: options };
    await expect(test.stripe.paymentIntents.create(intent)).resolves.toBeDefined();
    await expect(session({ payment_method_options: options })).resolves.toBeDefined();
  });

  it('may be unset: that changes nothing', async () => {
    const form = new URLSearchParams({ amount: '500', currency: 'usd', amount_details: '' });
    const answer = await fetch(`${test.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { Authorization: 'Bearer sk_test_1234567890abcdef' },
      body: form,
    });
    expect(answer.status).toBe(200);
  });
});

describe('a session echoes', () => {
  it('how its page looks, and what the account says where it says nothing', async () => {
    const { branding_settings: look, wallet_options: wallets } = await session({
      branding_settings: { display_name: 'Credit Shop', button_color: '#112233', border_style: 'pill' },
      wallet_options: { link: { display: 'never' } },
    });
    expect(look).toMatchObject({
      display_name: 'Credit Shop',
      button_color: '#112233',
      border_style: 'pill',
      background_color: '#ffffff',
      font_family: 'default',
    });
    expect(wallets).toEqual({ link: { display: 'never' } });
  });

  it('that its payment methods are used under an agreement', async () => {
    const { consent_collection: consent } = await session({
      consent_collection: { payment_method_reuse_agreement: { position: 'auto' } },
    });
    expect(consent?.payment_method_reuse_agreement).toEqual({ position: 'auto' });
  });
});

describe('what a session says of cards', () => {
  const open = (card: Stripe.Checkout.SessionCreateParams.PaymentMethodOptions.Card) =>
    session({ customer_creation: 'always', payment_method_options: { card } });
  const paid = (id: string) =>
    test.stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent.payment_method'] });

  it('asks every card for its holder if it must', async () => {
    const { id, payment_method_options: options } = await open({ request_three_d_secure: 'any' });
    expect(options).toEqual({ card: { request_three_d_secure: 'any' } });
    expect(await test.sandbox.checkout.pay(id, PAYER)).toMatchObject({ outcome: 'challenge' });
    expect(await test.sandbox.checkout.answerChallenge(id, 'complete')).toMatchObject({ outcome: 'paid' });
    expect(await paid(id)).toMatchObject({
      payment_intent: { payment_method_options: { card: { request_three_d_secure: 'any' } } },
    });
  });

  it('only holds the money if it is captured by hand', async () => {
    const { id } = await open({ capture_method: 'manual' });
    await test.sandbox.checkout.pay(id, PAYER);
    expect(await paid(id)).toMatchObject({
      payment_status: 'unpaid',
      payment_intent: { status: 'requires_capture' },
    });
  });

  it('keeps the card of a customer for later, without saying so of other methods', async () => {
    const { id, customer_creation: creation } = await session({
      payment_method_options: { card: { setup_future_usage: 'off_session' } },
    });
    expect(creation).toBe('if_required');
    await test.sandbox.checkout.pay(id, PAYER);
    const { customer, payment_intent: intent } = await paid(id);
    expect(customer).toMatch(/^cus_/);
    expect(intent).toMatchObject({
      setup_future_usage: null,
      payment_method_options: { card: { setup_future_usage: 'off_session' } },
      payment_method: { customer },
    });
  });
});

it('an intent keeps the card that only its options ask to keep', async () => {
  const { id: customer } = await test.stripe.customers.create({ email: 'later@example.com' });
  const intent = await test.stripe.paymentIntents.create({
    amount: 900,
    currency: 'usd',
    customer,
    payment_method: 'pm_card_visa',
    payment_method_options: { card: { setup_future_usage: 'off_session' } },
  });
  const changed = await test.stripe.paymentIntents.update(intent.id, {
    payment_method_options: { card: { request_three_d_secure: 'any' } },
  });
  expect(changed.payment_method_options?.card).toMatchObject({
    request_three_d_secure: 'any',
    setup_future_usage: 'off_session',
  });
  // Nobody is there who could be asked.
  const paid = await test.stripe.paymentIntents.confirm(intent.id, { off_session: true });
  expect(paid.status).toBe('succeeded');
  const { data } = await test.stripe.paymentMethods.list({ customer });
  expect(data).toHaveLength(1);
});
