import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientFor, PACK, refusalOf, startUnderTest, type UnderTest } from '../testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest({ live: {} });
});
afterAll(() => test.stop());

const HOUR = 60 * 60 * 1000;

async function setSettings(settings: { latencyMs?: number; clockOffsetMs?: number }): Promise<void> {
  await fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify(settings) });
}

describe('an idempotency key', () => {
  it('sent again with the same request gives the same answer and makes nothing', async () => {
    const options = { idempotencyKey: 'once' };
    const first = await test.stripe.checkout.sessions.create(PACK, options);
    const again = await test.stripe.checkout.sessions.create(PACK, options);
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
      'idempotency-key': 'once',
    });
    expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
    const sessions = await test.stripe.checkout.sessions.list({ limit: 100 });
    expect(sessions.data.filter(({ id }) => id === first.id)).toHaveLength(1);
  });

  it('sent with other parameters or to another path is refused', async () => {
    await test.stripe.products.create({ name: 'one' }, { idempotencyKey: 'mixed' });
    const other = await refusalOf(test.stripe.products.create({ name: 'two' }, { idempotencyKey: 'mixed' }));
    expect(other).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' });
    expect(other.message).toContain("Try using a key other than 'mixed'");
    const path = await refusalOf(test.stripe.customers.create({ name: 'one' }, { idempotencyKey: 'mixed' }));
    expect(path.rawType).toBe('idempotency_error');
  });

  it('sent with the same parameters in another order is the same request', async () => {
    const post = (body: string): Promise<Response> =>
      fetch(`${test.url}/v1/products`, {
        method: 'POST',
        headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Idempotency-Key': 'shuffled' },
        body: new URLSearchParams(body),
      });
    const first = await post('name=one&description=two');
    const again = await post('description=two&name=one');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toEqual(await first.json());
  });

  it('in progress is refused with 409; the SDK’s own retry then gets the answer', async () => {
    await setSettings({ latencyMs: 150 });
    const patient = clientFor(test.url, { maxNetworkRetries: 3 });
    const options = { idempotencyKey: 'busy' };
    const [first, second, third] = await Promise.allSettled([
      test.stripe.products.create({ name: 'slow' }, options),
      test.stripe.products.create({ name: 'slow' }, options),
      patient.products.create({ name: 'slow' }, options),
    ]);
    await setSettings({ latencyMs: 0 });
    if (first.status !== 'fulfilled' || third.status !== 'fulfilled')
      throw new Error('The first and the patient call succeed.');
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { statusCode: 409, code: 'idempotency_key_in_use' },
    });
    expect(third.value.id).toBe(first.value.id);
  });

  it('remembers a declined card, and does not try it again', async () => {
    const params = { amount: 700, currency: 'usd', payment_method: 'pm_card_chargeDeclined', confirm: true };
    const first = await refusalOf(test.stripe.paymentIntents.create(params, { idempotencyKey: 'declined' }));
    const again = await refusalOf(test.stripe.paymentIntents.create(params, { idempotencyKey: 'declined' }));
    expect(again).toMatchObject({ statusCode: 402, charge: first.charge });
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id);
  });

  it('does not remember a request that was not valid', async () => {
    const options = { idempotencyKey: 'invalid' };
    await refusalOf(test.stripe.products.create({ name: '' }, options));
    expect(await test.stripe.products.create({ name: 'now valid' }, options)).toMatchObject({
      name: 'now valid',
    });
  });

  it('in progress for another request is refused as one that is used', async () => {
    await setSettings({ latencyMs: 150 });
    const options = { idempotencyKey: 'torn' };
    const outcomes = await Promise.allSettled([
      test.stripe.products.create({ name: 'one' }, options),
      test.stripe.products.create({ name: 'two' }, options),
    ]);
    await setSettings({ latencyMs: 0 });
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { statusCode: 400, rawType: 'idempotency_error' },
    });
  });

  it('is named in the events of its request', async () => {
    const product = await test.stripe.products.create({ name: 'traced' }, { idempotencyKey: 'traced' });
    const [event] = (await test.stripe.events.list({ type: 'product.created', limit: 1 })).data;
    expect(event?.request).toEqual({ id: product.lastResponse.requestId, idempotency_key: 'traced' });
  });

  it('is kept for a day', async () => {
    const options = { idempotencyKey: 'daily' };
    const first = await test.stripe.products.create({ name: 'daily' }, options);
    await setSettings({ clockOffsetMs: 23 * HOUR });
    expect((await test.stripe.products.create({ name: 'daily' }, options)).id).toBe(first.id);
    await setSettings({ clockOffsetMs: 25 * HOUR });
    const next = await test.stripe.products.create({ name: 'daily' }, options);
    await setSettings({ clockOffsetMs: 0 });
    expect(next.id).not.toBe(first.id);
  });

  it('is not looked at on GET and DELETE', async () => {
    const { id } = await test.stripe.products.create({ name: 'read' }, { idempotencyKey: 'read' });
    const send = async (method: string): Promise<Response> =>
      fetch(`${test.url}/v1/products/${id}`, {
        method,
        headers: { Authorization: 'Bearer sk_test_1234567890abcdef', 'Idempotency-Key': 'read' },
      });
    const read = await send('GET');
    expect([read.status, read.headers.get('idempotent-replayed')]).toEqual([200, null]);
    const deleted = await send('DELETE');
    expect([deleted.status, await deleted.json()]).toEqual([200, { id, object: 'product', deleted: true }]);
  });

  it('means something else in the other mode', async () => {
    const live = clientFor(test.url, { key: 'sk_live_1234567890abcdef' });
    const options = { idempotencyKey: 'both-modes' };
    const inTest = await test.stripe.products.create({ name: 'test' }, options);
    const inLive = await live.products.create({ name: 'live' }, options);
    expect([inTest.livemode, inLive.livemode]).toEqual([false, true]);
  });

  it('has at most 255 characters', async () => {
    const refused = test.stripe.products.create({ name: 'long' }, { idempotencyKey: 'k'.repeat(256) });
    expect((await refusalOf(refused)).message).toContain('255');
  });

  it('tells the SDK when trying again is of use', async () => {
    await setSettings({ latencyMs: 150 });
    const options = { idempotencyKey: 'should-retry' };
    const [, busy] = await Promise.all([
      test.stripe.products.create({ name: 'slow' }, options),
      refusalOf(test.stripe.products.create({ name: 'slow' }, options)),
    ]);
    await setSettings({ latencyMs: 0 });
    expect(busy.headers?.['stripe-should-retry']).toBe('true');
    const effect = { method: 'POST', path: '/v1/products', effect: 'server_error', times: 1 };
    await fetch(`${test.url}/_control/faults`, { method: 'PUT', body: JSON.stringify({ api: [effect] }) });
    const failed = { idempotencyKey: 'failed' };
    await refusalOf(test.stripe.products.create({ name: 'x' }, failed));
    const replayed = await refusalOf(test.stripe.products.create({ name: 'x' }, failed));
    expect(replayed.headers).toMatchObject({ 'idempotent-replayed': 'true', 'stripe-should-retry': 'false' });
  });
});
