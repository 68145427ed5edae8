import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACK, refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

const KEY = 'sk_test_1234567890abcdef';
const asForm = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: {
    Authorization: `Bearer ${KEY}`,
    'Content-Type': 'application/x-www-form-urlencoded',
    ...headers,
  },
  body,
});

describe('keys', () => {
  it.each([
    ['Bearer sk_test_1234567890abcdef', 200, undefined],
    ['Bearer rk_test_1234567890abcdef', 200, undefined],
    [`Basic ${Buffer.from(`${KEY}:`).toString('base64')}`, 200, undefined],
    [undefined, 401, 'You did not provide an API key.'],
    ['Bearer sk_test_x', 401, 'Invalid API Key provided: sk_test_x'],
    ['Bearer sk_live_1234567890abcdef', 401, 'Invalid API Key provided: sk_live_************cdef'],
    ['Bearer pk_test_1234567890abcdef', 401, 'This API call cannot be made with a publishable API key.'],
  ])('%s → %i', async (authorization, status, message) => {
    const headers: Record<string, string> =
      authorization === undefined ? {} : { Authorization: authorization };
    const response = await fetch(`${test.url}/v1/account`, { headers });
    expect(response.status).toBe(status);
    if (message !== undefined) {
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="Stripe"');
      expect(await response.json()).toMatchObject({
        error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
      });
    }
  });

  it('all open the same account', async () => {
    const account = await test.stripe.accounts.retrieveCurrent();
    expect(account).toMatchObject({ id: test.sandbox.account.id, object: 'account', charges_enabled: true });
    expect(account.id).toMatch(/^acct_1\w{15}$/);
  });
});

describe('forms', () => {
  it('read lists and hashes as the CLI and curl write them', async () => {
    const price = await test.stripe.prices.create({
      currency: 'usd',
      unit_amount: 500,
      product_data: { name: 'A B' },
    });
    const body = `mode=payment&success_url=http://x.test/a+b&line_items[][price]=${price.id}&line_items[][quantity]=1&line_items[][price]=${price.id}&line_items[][quantity]=3&expand[]=line_items&metadata[0]=zero`;
    const response = await fetch(`${test.url}/v1/checkout/sessions`, asForm(body));
    expect(await response.json()).toMatchObject({
      amount_total: 2000,
      success_url: 'http://x.test/a b',
      metadata: { 0: 'zero' },
      line_items: { data: [{ quantity: 1, description: 'A B' }, { quantity: 3 }] },
    });
  });

  it('lets an empty value unset a field', async () => {
    const customer = await test.stripe.customers.create({ name: 'Ann', metadata: { a: '1', b: '2' } });
    const updated = await test.stripe.customers.update(customer.id, { name: '', metadata: { a: '' } });
    expect(updated).toMatchObject({ name: null, metadata: { b: '2' } });
  });
});

describe('refusals', () => {
  it.each([
    [
      'POST',
      '/v1/products',
      'name=x&foo=1&bar=2',
      400,
      { code: 'parameter_unknown', message: 'Received unknown parameters: foo, bar' },
    ],
    [
      'POST',
      '/v1/products',
      '',
      400,
      { code: 'parameter_missing', message: 'Missing required param: name.', param: 'name' },
    ],
    ['POST', '/v1/products', 'name=', 400, { code: 'parameter_invalid_empty', param: 'name' }],
    [
      'POST',
      '/v1/prices',
      'currency=usd&unit_amount=abc',
      400,
      { code: 'parameter_invalid_integer', message: 'Invalid integer: abc' },
    ],
    [
      'POST',
      '/v1/checkout/sessions',
      'mode=gift&line_items[0][price]=price_x',
      400,
      { param: 'mode', message: 'Invalid mode: must be one of payment, setup, or subscription' },
    ],
    [
      'POST',
      '/v1/checkout/sessions',
      'mode=payment&success_url=http://x.test&line_items[0][quantity]=1',
      400,
      { code: 'parameter_missing', message: 'Missing required param: line_items[0][price].' },
    ],
    [
      'POST',
      '/v1/checkout/sessions',
      'mode=payment&success_url=http://x.test&line_items[0][price]=price_no&line_items[0][quantity]=1',
      400,
      { code: 'resource_missing', param: 'line_items[0][price]', message: "No such price: 'price_no'" },
    ],
    [
      'POST',
      '/v1/checkout/sessions',
      'mode=payment&success_url=http://x.test&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=10&line_items[0][price_data][product_data][name]=x&line_items[0][quantity]=1',
      400,
      { code: 'amount_too_small' },
    ],
    [
      'GET',
      '/v1/customers/cus_no',
      '',
      404,
      { code: 'resource_missing', message: "No such customer: 'cus_no'", param: 'id' },
    ],
    [
      'GET',
      '/v1/foo',
      '',
      404,
      {
        message:
          'Unrecognized request URL (GET: /v1/foo). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.',
      },
    ],
    [
      'POST',
      '/v1/checkout/sessions',
      'mode=payment&line_items[0][price_data][colour]=red&line_items[0][weight]=2',
      400,
      {
        code: 'parameter_unknown',
        message: 'Received unknown parameters: line_items[0][price_data][colour], line_items[0][weight]',
      },
    ],
    [
      'POST',
      '/v1/products',
      'name[first]=x',
      400,
      { param: 'name', message: 'Invalid string: {"first":"x"}' },
    ],
    ['POST', '/v1/customers', 'metadata=x', 400, { param: 'metadata' }],
    ['POST', '/v1/customers', 'shipping=x', 400, { param: 'shipping', message: 'Invalid object: "x"' }],
    ['POST', '/v1/products', 'name=x&active=yes', 400, { param: 'active', message: 'Invalid boolean: yes' }],
    [
      'DELETE',
      '/v1/charges/ch_1',
      '',
      404,
      { message: expect.stringContaining('(DELETE: /v1/charges/ch_1)') },
    ],
    [
      'GET',
      '/v1/customers/',
      '',
      404,
      { message: expect.stringContaining('If you are trying to list objects, remove the trailing slash.') },
    ],
    ['GET', '/v1/checkout/sessions/cs_no', '', 404, { message: "No such checkout.session: 'cs_no'" }],
    ['GET', '/v1/payment_intents/cus_1', '', 404, { message: "No such payment_intent: 'cus_1'" }],
    ['GET', '/v1/customers?limit=many', '', 400, { code: 'parameter_invalid_integer', param: 'limit' }],
    [
      'GET',
      '/v1/customers?expand[]=foo',
      '',
      400,
      {
        message: "This property cannot be expanded (foo). You may want to try expanding 'data.foo' instead.",
      },
    ],
    [
      'GET',
      '/v1/customers?starting_after=cus_no',
      '',
      400,
      { code: 'resource_missing', param: 'starting_after' },
    ],
  ])('%s %s %s → %i', async (method, path, body, status, error) => {
    const init = method === 'POST' ? asForm(body) : { method, headers: { Authorization: `Bearer ${KEY}` } };
    const response = await fetch(`${test.url}${path}`, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', ...error } });
  });

  it('name the request, link the code and sort their keys', async () => {
    const response = await fetch(`${test.url}/v1/products`, asForm('foo=1'));
    const requestId = response.headers.get('request-id');
    const { error } = await response.json();
    expect(requestId).toMatch(/^req_\w{14}$/);
    expect(error.request_log_url).toContain(requestId);
    expect(error.doc_url).toBe('https://stripe.com/docs/error-codes/parameter-unknown');
    expect(Object.keys(error)).toEqual(Object.keys(error).sort());
  });

  it('what is not a form is not read', async () => {
    const json = asForm('{"name":"x"}', { 'Content-Type': 'application/json' });
    const response = await fetch(`${test.url}/v1/products`, json);
    expect(await response.json()).toMatchObject({ error: { code: 'parameter_missing', param: 'name' } });
  });

  it('a bad expand changes nothing', async () => {
    const before = await test.stripe.products.list({ limit: 1 });
    await expect(test.stripe.products.create({ name: 'ghost', expand: ['nothing'] })).rejects.toThrow(
      'This property cannot be expanded (nothing).',
    );
    expect(await test.stripe.products.list({ limit: 1 })).toEqual(before);
  });
});

describe('versions', () => {
  it('answer in the version asked for, by default in the account’s older one', async () => {
    const pinned = await test.stripe.products.create({ name: 'v' });
    expect(pinned.lastResponse.apiVersion).toBe('2026-10-28.endive');
    const plain = await fetch(`${test.url}/v1/products/${pinned.id}`, {
      headers: { Authorization: `Bearer ${KEY}` },
    });
    expect(plain.headers.get('stripe-version')).toBe('2026-07-29.dahlia');
    const headers = { Authorization: `Bearer ${KEY}`, 'Stripe-Version': '2027-01-01.fig' };
    expect((await fetch(`${test.url}/v1/products`, { headers })).status).toBe(400);
  });

  it('payment_method_types is taken without a version and refused on endive', async () => {
    const body =
      'amount=2000&currency=usd&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card';
    const old = await fetch(`${test.url}/v1/payment_intents`, asForm(body));
    expect(await old.json()).toMatchObject({ status: 'succeeded' });
    const pinned = await fetch(
      `${test.url}/v1/payment_intents`,
      asForm(body, { 'Stripe-Version': '2026-10-28.endive' }),
    );
    expect(pinned.status).toBe(400);
    expect(await pinned.json()).toMatchObject({
      error: { code: 'payment_method_types_no_longer_supported' },
    });
  });
});

describe('card errors', () => {
  it('answer 402 with the intent that waits for another card, which then pays it', async () => {
    const params = { amount: 2000, currency: 'usd', payment_method: 'pm_card_chargeDeclined', confirm: true };
    const error = await refusalOf(test.stripe.paymentIntents.create(params));
    expect(error).toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
      decline_code: 'generic_decline',
    });
    const intent = error.payment_intent;
    expect(intent).toMatchObject({ status: 'requires_payment_method', latest_charge: error.charge });
    const paid = await test.stripe.paymentIntents.confirm(intent?.id ?? '', {
      payment_method: 'pm_card_visa',
    });
    expect(paid).toMatchObject({ id: intent?.id, status: 'succeeded', last_payment_error: null });
    const again = await refusalOf(test.stripe.paymentIntents.confirm(paid.id));
    expect(again).toMatchObject({ code: 'payment_intent_unexpected_state', payment_intent: { id: paid.id } });
  });

  it('a card that needs 3DS is refused off session', async () => {
    const params = {
      amount: 2000,
      currency: 'usd',
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      off_session: true,
    };
    expect(await refusalOf(test.stripe.paymentIntents.create(params))).toMatchObject({
      code: 'authentication_required',
    });
  });
});

describe('catalogue and customers', () => {
  it('round-trip', async () => {
    const product = await test.stripe.products.create({ name: 'Pack', metadata: { credits: '100' } });
    const price = await test.stripe.prices.create({
      product: product.id,
      currency: 'USD',
      unit_amount: 1234,
      lookup_key: 'pack-100',
    });
    expect(price.unit_amount_decimal?.toString()).toBe('1234');
    expect(price).toMatchObject({ currency: 'usd', type: 'one_time', product: product.id });
    const successor = await test.stripe.prices.create({
      product: product.id,
      currency: 'usd',
      unit_amount: 1500,
      lookup_key: 'pack-100',
      transfer_lookup_key: true,
    });
    expect((await test.stripe.prices.list({ lookup_keys: ['pack-100'] })).data.map(({ id }) => id)).toEqual([
      successor.id,
    ]);
    await test.stripe.prices.update(price.id, { active: false });
    const session = { ...PACK, line_items: [{ price: price.id, quantity: 1 }] };
    expect(await refusalOf(test.stripe.checkout.sessions.create(session))).toMatchObject({
      code: 'price_inactive',
    });
    expect(await test.stripe.products.update(product.id, { default_price: successor.id })).toMatchObject({
      default_price: successor.id,
    });
  });

  it('a deleted customer is still found, with deleted: true', async () => {
    const { id } = await test.stripe.customers.create({ email: 'gone@x.test' });
    await test.stripe.customers.del(id);
    expect(await test.stripe.customers.retrieve(id)).toMatchObject({ id, object: 'customer', deleted: true });
    expect((await test.stripe.customers.list({ email: 'gone@x.test' })).data).toEqual([]);
  });
});
