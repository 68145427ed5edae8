import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientFor, PACK, refusalOf, startUnderTest, type UnderTest } from './testing/under-test';

let test: UnderTest;

beforeAll(async () => {
  test = await startUnderTest();
});
afterAll(() => test.stop());

async function setLatency(latencyMs: number): Promise<void> {
  await fetch(`${test.url}/_control/settings`, { method: 'PUT', body: JSON.stringify({ latencyMs }) });
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

  it('in progress is refused with 409; the SDK’s own retry then gets the answer', async () => {
    await setLatency(150);
    const patient = clientFor(test.url, { maxNetworkRetries: 3 });
    const options = { idempotencyKey: 'busy' };
    const [first, second, third] = await Promise.allSettled([
      test.stripe.products.create({ name: 'slow' }, options),
      test.stripe.products.create({ name: 'slow' }, options),
      patient.products.create({ name: 'slow' }, options),
    ]);
    await setLatency(0);
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

  it('is named in the events of its request', async () => {
    const product = await test.stripe.products.create({ name: 'traced' }, { idempotencyKey: 'traced' });
    const [event] = (await test.stripe.events.list({ type: 'product.created', limit: 1 })).data;
    expect(event?.request).toEqual({ id: product.lastResponse.requestId, idempotency_key: 'traced' });
  });
});
