import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

let folder: string;
let receiver: Receiver;
let test: UnderTest;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sandbox-faults-'));
  receiver = await startReceiver();
  test = await startUnderTest({ data: folder, webhook: receiver.url, webhookSecret: SECRET });
});
afterEach(async () => {
  await test.stop();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

async function faults(method: 'GET' | 'PUT', body?: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${test.url}/_control/faults`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: await response.json() };
}

/** One request without the SDK, which sends it again when the connection is cut. */
function post(route: string, key: string, body = 'name=one'): Promise<Response> {
  return fetch(`${test.url}${route}`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer sk_test_1234567890abcdef',
      'Content-Type': 'application/x-www-form-urlencoded',
      'Idempotency-Key': key,
    },
    body,
  });
}
const products = async (): Promise<number> => (await test.stripe.products.list({ limit: 100 })).data.length;

describe('an API fault', () => {
  it('unavailable cuts the connection before anything is executed, as often as it says', async () => {
    const fault = { method: 'POST', path: '/v1/products', effect: 'unavailable' };
    await faults('PUT', { api: [{ ...fault, times: 2 }] });
    await expect(post('/v1/products', 'a')).rejects.toThrow('fetch failed');
    expect(await products()).toBe(0);
    expect((await faults('GET')).answer).toMatchObject({ api: [{ ...fault, times: 1 }] });
    await expect(post('/v1/products', 'a')).rejects.toThrow('fetch failed');
    expect((await faults('GET')).answer).toMatchObject({ api: [] });
    expect((await post('/v1/products', 'a')).headers.get('idempotent-replayed')).toBeNull();
    expect(await products()).toBe(1);
  });

  it('lost_answer executes, and the same key then gets the answer that was lost', async () => {
    await faults('PUT', {
      api: [{ method: 'POST', path: '/v1/products', effect: 'lost_answer', times: 1 }],
    });
    await expect(post('/v1/products', 'lost')).rejects.toThrow('fetch failed');
    expect(await products()).toBe(1);
    const again = await post('/v1/products', 'lost');
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.json()).toMatchObject({ object: 'product', name: 'one' });
    expect(await products()).toBe(1);
  });

  it('server_error executes nothing, and its 500 is what the same key gets again', async () => {
    await faults('PUT', {
      api: [{ method: '*', path: '/v1/products', effect: 'server_error', times: 1 }],
    });
    const first = await refusalOf(test.stripe.products.create({ name: 'one' }, { idempotencyKey: 'ill' }));
    expect(first).toMatchObject({ statusCode: 500, rawType: 'api_error' });
    const again = await refusalOf(test.stripe.products.create({ name: 'one' }, { idempotencyKey: 'ill' }));
    expect(again).toMatchObject({
      statusCode: 500,
      headers: { 'idempotent-replayed': 'true', 'original-request': first.requestId },
    });
    expect(await products()).toBe(0);
    await test.stripe.products.create({ name: 'one' }, { idempotencyKey: 'well' });
  });

  it('server_error is not spent on a key that has its answer', async () => {
    await post('/v1/products', 'done');
    const api = [{ method: 'POST', path: '/v1/products', effect: 'server_error', times: 1 }];
    await faults('PUT', { api });
    expect((await post('/v1/products', 'done')).status).toBe(200);
    expect((await faults('GET')).answer).toMatchObject({ api });
    expect((await post('/v1/products', 'other')).status).toBe(500);
  });

  it('rate_limit executes nothing, says why, and no key remembers it', async () => {
    const fault = { method: 'POST', path: '/v1/products', effect: 'rate_limit', times: 1 };
    await faults('PUT', { api: [{ ...fault, reason: 'endpoint-concurrency' }] });
    const limited = await refusalOf(test.stripe.products.create({ name: 'a' }, { idempotencyKey: 'busy' }));
    expect(limited).toMatchObject({
      type: 'StripeRateLimitError',
      statusCode: 429,
      code: 'rate_limit',
      headers: { 'stripe-rate-limited-reason': 'endpoint-concurrency' },
    });
    expect(await products()).toBe(0);
    await test.stripe.products.create({ name: 'a' }, { idempotencyKey: 'busy' });
    expect(await products()).toBe(1);
  });

  it('slow executes later', async () => {
    const fault = { method: 'POST', path: '/v1/products', effect: 'slow', ms: 300, times: 1 };
    await faults('PUT', { api: [fault] });
    const slow = post('/v1/products', 'slow');
    expect(await products()).toBe(0);
    expect((await slow).status).toBe(200);
    expect(await products()).toBe(1);
  });

  it('is the first one that matches method and path, and meets nothing else', async () => {
    await faults('PUT', {
      api: [
        { method: 'GET', path: '/v1/customers', effect: 'server_error', times: null },
        { method: '*', path: '/v1/customers', effect: 'unavailable', times: null },
      ],
    });
    expect(await refusalOf(test.stripe.customers.list())).toMatchObject({ statusCode: 500 });
    expect(await refusalOf(test.stripe.customers.create({ name: 'ann' }))).toMatchObject({
      type: 'StripeConnectionError',
    });
    expect(await refusalOf(test.stripe.customers.list())).toMatchObject({ statusCode: 500 });
    await test.stripe.products.create({ name: 'fine' });
    await faults('PUT', { api: [{ method: '*', path: '/v1', effect: 'unavailable', times: null }] });
    expect(await refusalOf(test.stripe.products.list())).toMatchObject({ type: 'StripeConnectionError' });
    for (const page of ['/healthz', '/panel', '/_control']) {
      expect((await fetch(`${test.url}${page}`)).status).toBe(200);
    }
  });

  it('stands after a restart, with what is left of it', async () => {
    await faults('PUT', {
      duplicate: 2,
      api: [{ method: 'POST', path: '/v1/products', effect: 'unavailable', times: 2 }],
    });
    await expect(post('/v1/products', 'a')).rejects.toThrow('fetch failed');
    await test.stop();
    test = await startUnderTest({ data: folder, webhook: receiver.url, webhookSecret: SECRET });
    expect((await faults('GET')).answer).toEqual({
      duplicate: 2,
      drop: false,
      api: [{ method: 'POST', path: '/v1/products', effect: 'unavailable', times: 1 }],
      chaos: null,
    });
  });
});

describe('the faults', () => {
  it('keep the parts that a change does not name, and refuse what they do not understand', async () => {
    const api = [{ method: 'POST', path: '/v1/refunds', effect: 'lost_answer', times: null }];
    await faults('PUT', { duplicate: 3, api });
    expect((await faults('PUT', { drop: true })).answer).toEqual({
      duplicate: 3,
      drop: true,
      api,
      chaos: null,
    });
    expect((await faults('PUT', { api: [] })).answer).toMatchObject({ duplicate: 3, drop: true, api: [] });
    for (const wrong of [
      { api: [{ ...api[0], effect: 'sulk' }] },
      { api: [{ ...api[0], times: 0 }] },
      { api: [{ ...api[0], path: '/healthz' }] },
      { dorp: true },
    ]) {
      expect(await faults('PUT', wrong)).toMatchObject({ status: 400 });
    }
    expect((await faults('GET')).answer).toEqual({ duplicate: 3, drop: true, api: [], chaos: null });
  });

  it('drop: nothing is sent, now or later, and the events are listed', async () => {
    await faults('PUT', { drop: true });
    const session = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(session.id, PAYER);
    await until(async () => (await test.stripe.events.list({ type: 'charge.updated' })).data.length === 1);
    const types = (await test.stripe.events.list()).data.map(({ type }) => type);
    expect(types).toContain('checkout.session.completed');
    await faults('PUT', { drop: false });
    expect(test.sandbox.deliveries.list().rows).toEqual([]);
    await test.stripe.products.create({ name: 'after' });
    await until(() => receiver.received.length > 0);
    expect(receiver.types()).toEqual(['product.created']);
  });
});
