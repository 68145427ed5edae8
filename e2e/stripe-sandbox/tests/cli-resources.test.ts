import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../json';
import { STARTS_A_PROCESS, startCli, type Cli } from '../testing/run-cli';
import { startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;
let cli: Cli;
beforeAll(async () => {
  test = await startUnderTest();
  cli = startCli(test.url);
});
afterAll(async () => {
  cli.close();
  await test.stop();
});

/** What the CLI prints of an answer. */
async function answerOf(...args: string[]): Promise<JsonObject> {
  const { code, output, stdout } = await cli.run(...args);
  expect(code, output).toBe(0);
  const body: Json = JSON.parse(stdout.slice(stdout.indexOf('{')));
  if (!isJsonObject(body)) throw new Error(output);
  return body;
}

const idOf = async (...args: string[]): Promise<string> => String((await answerOf(...args))['id']);

describe('resource commands', STARTS_A_PROCESS, () => {
  it('create, read, change, list and delete a customer', async () => {
    const id = await idOf('customers', 'create', '--email', 'cli@example.com', '--name', 'Jenny Rosen');
    expect(await answerOf('customers', 'retrieve', id)).toMatchObject({ id, email: 'cli@example.com' });
    const changed = await answerOf('customers', 'update', id, '-d', 'metadata[a]=1', '-d', 'description=x y');
    expect(changed).toMatchObject({ id, description: 'x y', metadata: { a: '1' } });
    expect(await answerOf('customers', 'list', '--limit', '1')).toMatchObject({
      object: 'list',
      data: [{ id }],
    });
    const search = await answerOf('customers', 'search', '--query', "metadata['a']:'1'");
    expect(search).toMatchObject({ object: 'search_result', data: [{ id }] });
    expect(await answerOf('customers', 'delete', id, '--confirm')).toMatchObject({ id, deleted: true });
  });

  it('sell, pay, refund and dispute', async () => {
    const product = await idOf('products', 'create', '--name', 'Pack of 100');
    const price = await idOf(
      ...['prices', 'create', '--product', product, '--currency', 'usd', '--unit-amount', '1500'],
    );
    const session = await answerOf(
      ...['checkout', 'sessions', 'create', '--mode', 'payment', '--success-url', 'http://shop.test/ok'],
      ...['-d', `line_items[0][price]=${price}`, '-d', 'line_items[0][quantity]=2'],
      ...['-e', 'line_items'],
    );
    expect(session).toMatchObject({
      amount_total: 3000,
      line_items: { data: [{ quantity: 2 }] },
      url: expect.stringContaining('/c/pay/'),
    });
    const paid = await answerOf(
      ...['payment_intents', 'create', '--amount', '2000', '--currency', 'usd', '--confirm=true'],
      ...[
        '--payment-method',
        'pm_card_createDispute',
        '-d',
        'payment_method_types[]=card',
        '-e',
        'latest_charge',
      ],
    );
    expect(paid).toMatchObject({ status: 'succeeded', latest_charge: { object: 'charge', amount: 2000 } });
    const other = await idOf(
      ...['payment_intents', 'create', '--amount', '900', '--currency', 'usd', '--confirm=true'],
      ...['--payment-method', 'pm_card_visa', '-d', 'payment_method_types[]=card'],
    );
    expect(await answerOf('refunds', 'create', '--payment-intent', other, '--amount', '400')).toMatchObject({
      object: 'refund',
      amount: 400,
      payment_intent: other,
      status: 'succeeded',
    });
    expect(await answerOf('disputes', 'list', '--payment-intent', String(paid['id']))).toMatchObject({
      data: [{ object: 'dispute', amount: 2000, status: 'needs_response' }],
    });
  });

  it('subscribe, invoice and take off', async () => {
    const customer = await idOf('customers', 'create', '--payment-method', 'pm_card_visa');
    const methods = await answerOf('payment_methods', 'list', '--customer', customer, '--type', 'card');
    const [method] = Array.isArray(methods['data']) ? methods['data'] : [];
    const coupon = await idOf('coupons', 'create', '--percent-off', '20', '--duration', 'forever');
    const promotion = await answerOf(
      ...['promotion_codes', 'create', '-d', `promotion[coupon]=${coupon}`, '-d', 'promotion[type]=coupon'],
    );
    expect(promotion).toMatchObject({ promotion: { coupon, type: 'coupon' } });
    const price = await idOf(
      ...[
        'prices',
        'create',
        '--currency',
        'usd',
        '--unit-amount',
        '1000',
        '-d',
        'recurring[interval]=month',
      ],
      ...['-d', 'product_data[name]=Plan'],
    );
    const subscription = await answerOf(
      ...['subscriptions', 'create', '--customer', customer, '-d', `items[0][price]=${price}`],
      ...['-d', `default_payment_method=${isJsonObject(method) ? String(method['id']) : ''}`],
      ...['-d', `discounts[0][coupon]=${coupon}`, '-e', 'latest_invoice'],
    );
    expect(subscription).toMatchObject({ status: 'active', latest_invoice: { total: 800, status: 'paid' } });
    expect(await answerOf('subscriptions', 'cancel', String(subscription['id']), '--confirm')).toMatchObject({
      status: 'canceled',
    });
    expect(await answerOf('invoices', 'list', '--customer', customer)).toMatchObject({
      data: [{ total: 800 }],
    });
  });
});

describe('get, post and delete', STARTS_A_PROCESS, () => {
  it('work by path and by id', async () => {
    const id = await idOf('post', '/v1/products', '-d', 'name=By path');
    expect(await answerOf('get', `/v1/products/${id}`)).toMatchObject({ id, name: 'By path' });
    expect(await answerOf('get', id)).toMatchObject({ id });
    expect(await answerOf('get', '/v1/products', '--limit', '1', '-e', 'data.default_price')).toMatchObject({
      data: [{ id }],
    });
    expect(await answerOf('delete', `/v1/products/${id}`, '--confirm')).toMatchObject({ id, deleted: true });
    const gone = await cli.run('get', `/v1/products/${id}`);
    expect(gone.output).toContain(`No such product: '${id}'`);
  });

  it('send an idempotency key that is remembered', async () => {
    const make = ['products', 'create', '--name', 'Once', '-i', 'cli-key'];
    expect(await idOf(...make)).toBe(await idOf(...make));
    const other = await cli.run('products', 'create', '--name', 'Twice', '-i', 'cli-key');
    expect(other.output).toContain('idempotency_error');
  });

  it('ask for a version', async () => {
    const id = await idOf('post', '/v1/payment_intents', '-d', 'amount=500', '-d', 'currency=usd');
    const old = await answerOf('get', `/v1/payment_intents/${id}`, '-v', '2024-06-20');
    expect(old).toMatchObject({ id, invoice: null });
    expect(old).not.toHaveProperty('customer_account');
    const shown = await cli.run('get', `/v1/payment_intents/${id}`, '-v', '2024-06-20', '-s');
    expect(shown.output.toLowerCase()).toContain('stripe-version: 2024-06-20');
  });
});

describe('fixtures', STARTS_A_PROCESS, () => {
  it('run in order and pass ids on', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'fixtures-'));
    const file = path.join(folder, 'sale.json');
    const fixtures = [
      { name: 'customer', path: '/v1/customers', method: 'post', params: { email: 'fixture@example.com' } },
      {
        name: 'intent',
        path: '/v1/payment_intents',
        method: 'post',
        params: {
          amount: 700,
          currency: 'usd',
          confirm: true,
          customer: '${customer:id}',
          payment_method: 'pm_card_visa',
          payment_method_types: ['card'],
        },
      },
    ];
    writeFileSync(file, JSON.stringify({ _meta: { template_version: 0 }, fixtures }));
    const run = await cli.run('fixtures', file);
    expect(run.code, run.output).toBe(0);
    await rm(folder, { recursive: true });
    const [customer] = (await test.stripe.customers.list({ email: 'fixture@example.com' })).data;
    const { data } = await test.stripe.paymentIntents.list({ customer: customer?.id ?? '' });
    expect(data).toMatchObject([{ amount: 700, status: 'succeeded' }]);
  });

  it('are changed by overrides, additions and a version', async () => {
    const run = await cli.run(
      ...['trigger', 'payment_intent.succeeded', '--override', 'payment_intent:amount=4200'],
      ...['--add', 'payment_intent:metadata.order=7', '--api-version', '2025-03-31.basil'],
    );
    expect(run.code, run.output).toBe(0);
    const [event] = (await test.stripe.events.list({ type: 'payment_intent.succeeded', limit: 1 })).data;
    expect(event).toMatchObject({
      api_version: '2025-03-31.basil',
      data: { object: { amount: 4200, metadata: { order: '7' } } },
    });
    expect(event?.data.object).not.toHaveProperty('customer_account');
  });
});
