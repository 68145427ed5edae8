import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  PACK,
  PAYER,
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

let receiver: Receiver;
let test: UnderTest;

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startUnderTest({ webhook: receiver.url, webhookSecret: SECRET });
});
afterEach(async () => {
  await test.stop();
  await receiver.close();
});

const control = (path: string, method: string, body?: object): Promise<Response> =>
  fetch(`${test.url}/_control${path}`, { method, ...(body && { body: JSON.stringify(body) }) });

describe('a delivery', () => {
  it('is signed over its exact bytes, carries Stripe’s headers and the endpoint’s version', async () => {
    await test.stripe.products.create({ name: 'sent' });
    const [one] = await until(() => receiver.received.length > 0 && receiver.received);
    if (!one) throw new Error('One delivery came.');
    const [event] = receiver.events();
    expect(event).toMatchObject({
      type: 'product.created',
      api_version: '2026-10-28.endive',
      livemode: false,
      pending_webhooks: 1,
    });
    expect(one.body).toContain('\n  "object": "event"');
    expect(one.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v0=[0-9a-f]{64}$/);
    expect(one.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      accept: '*/*; q=0.5, application/xml',
      'accept-encoding': 'gzip',
      'cache-control': 'no-cache',
    });
    await until(async () => (await test.stripe.events.retrieve(event?.id ?? '')).pending_webhooks === 0);
  });

  it('is tried again by the schedule after anything but 2xx, each time with a new signature', async () => {
    receiver.answer = (_request, turn) => [500, 302][turn - 1] ?? 200;
    const settings = { retryScheduleMs: [20, 1100, 20] };
    await control('/settings', 'PUT', settings);
    await test.stripe.products.create({ name: 'stubborn' });
    await until(() => test.sandbox.deliveries.list().rows[0]?.status === 'succeeded');
    expect(new Set(receiver.events().map((event) => event.id)).size).toBe(1);
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ signature }) => signature)).size).toBeGreaterThan(1);
    expect(test.sandbox.deliveries.list().rows[0]).toMatchObject({
      attempt: 3,
      responseStatus: 200,
      responseBody: 'thanks',
    });
  });

  it('fails for good when the schedule is used up, and a resend still brings it', async () => {
    receiver.answer = () => 500;
    await test.stripe.products.create({ name: 'refused' });
    const failed = await until(() =>
      test.sandbox.deliveries.list().rows.find(({ status }) => status === 'failed'),
    );
    expect(failed).toMatchObject({ attempt: 4, responseStatus: 500 });
    const event = await test.stripe.events.retrieve(failed.eventId);
    expect(event.pending_webhooks).toBe(1);
    expect((await test.stripe.events.list({ delivery_success: false })).data.map(({ id }) => id)).toEqual([
      event.id,
    ]);
    receiver.answer = () => 200;
    await control(`/events/${event.id}/resend`, 'POST');
    await until(() => receiver.received.length === 5);
    expect(receiver.events()[4]).toMatchObject({ id: event.id, created: event.created });
    await until(async () => (await test.stripe.events.retrieve(event.id)).pending_webhooks === 0);
  });

  it('that gets no answer in time counts as failed and is tried again', async () => {
    await control('/settings', 'PUT', { deliveryTimeoutMs: 30 });
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('It listens on a TCP port.');
    const url = `http://127.0.0.1:${address.port}/silent`;
    await test.stripe.webhookEndpoints.create({ url, enabled_events: ['product.created'] });
    await test.stripe.products.create({ name: 'never answered' });
    const row = await until(() =>
      test.sandbox.deliveries.list().rows.find((one) => one.url === url && one.attempt > 1),
    );
    expect(row.error).toBe('No answer within 30 ms.');
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('that finds nobody is tried again', async () => {
    const { url } = receiver;
    await receiver.close();
    await test.stripe.products.create({ name: 'unheard' });
    const row = await until(() => test.sandbox.deliveries.list().rows.find(({ attempt }) => attempt > 0));
    expect(row.error).toContain('ECONNREFUSED');
    expect(row.url).toBe(url);
  });

  it('goes out as often as the duplicate fault says, with the same event id', async () => {
    await control('/faults', 'PUT', { duplicate: 2 });
    const session = await test.stripe.checkout.sessions.create(PACK);
    await test.sandbox.checkout.pay(session.id, PAYER);
    await until(() => receiver.received.length === 10);
    const ids = receiver.events().map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(new Set(receiver.types())).toContain('checkout.session.completed');
  });

  it('of one act comes in the chosen order', async () => {
    const pay = async (): Promise<string[]> => {
      receiver.received.length = 0;
      const session = await test.stripe.checkout.sessions.create(PACK);
      await test.sandbox.checkout.pay(session.id, PAYER);
      await until(() => receiver.received.length === 4);
      return receiver.types();
    };
    const creation = [
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ];
    await control('/settings', 'PUT', {
      order: 'creation',
      settleDelayMs: 3_600_000,
      orderPatienceMs: 10_000,
    });
    expect(await pay()).toEqual(creation);
    await control('/settings', 'PUT', { order: 'reverse' });
    expect(await pay()).toEqual([...creation].reverse());
  });
});

describe('endpoints', () => {
  it('are made with a secret that is shown once, get only what they ask for, and end', async () => {
    const endpoint = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['price.created'],
    });
    expect(endpoint.secret).toMatch(/^whsec_\w{32}$/);
    expect(await test.stripe.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty('secret');
    await test.stripe.prices.create({ currency: 'usd', unit_amount: 100, product_data: { name: 'p' } });
    await until(() => receiver.received.length === 3);
    const own = test.sandbox.deliveries.list().rows.filter(({ endpointId }) => endpointId === endpoint.id);
    expect(own.map(({ eventType }) => eventType)).toEqual(['price.created']);
    const body = receiver.received.find(({ body: text }) => text.includes('2026-07-29.dahlia'))?.body;
    expect(body).toContain('price.created');
    expect(await test.stripe.webhookEndpoints.update(endpoint.id, { disabled: true })).toMatchObject({
      status: 'disabled',
    });
    expect(await test.stripe.webhookEndpoints.del(endpoint.id)).toMatchObject({ deleted: true });
    expect((await test.stripe.webhookEndpoints.list()).data).toHaveLength(1);
  });

  it('sign with both secrets while the old one is still valid', async () => {
    const [endpoint] = test.sandbox.endpoints.list();
    await control(`/endpoints/${endpoint?.id}/roll`, 'POST', { secret: 'whsec_new', keepOldForSeconds: 60 });
    await test.stripe.products.create({ name: 'rolled' });
    const [one] = await until(() => receiver.received.length > 0 && receiver.received);
    const [, timestamp = ''] = /t=(\d+)/.exec(one?.signature ?? '') ?? [];
    const signed = [...(one?.signature ?? '').matchAll(/v1=(\w+)/g)].map(([, value]) => value);
    const expected = ['whsec_new', SECRET].map((secret) =>
      createHmac('sha256', secret).update(`${timestamp}.${one?.body}`).digest('hex'),
    );
    expect(signed).toEqual(expected);
  });

  it('that are disabled before a retry get no further try until they are enabled again', async () => {
    receiver.answer = () => 500;
    const [endpoint] = test.sandbox.endpoints.list();
    await control('/settings', 'PUT', { retryScheduleMs: [300] });
    await test.stripe.products.create({ name: 'paused' });
    await until(() => receiver.received.length === 1);
    await test.stripe.webhookEndpoints.update(endpoint?.id ?? '', { disabled: true });
    await until(() => test.sandbox.deliveries.list().rows[0]?.status === 'dropped');
    expect(receiver.received).toHaveLength(1);
    const [event] = receiver.events();
    expect((await test.stripe.events.retrieve(event?.id ?? '')).pending_webhooks).toBe(0);
  });
});
