import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { retryScheduleOf } from '../deliveries/retries';
import type { StartedWebhook } from '../engine/start-endpoints';
import {
  clientFor,
  refusalOf,
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

const DAY_MS = 24 * 60 * 60 * 1000;

let folder: string;
let receiver: Receiver;
let test: UnderTest;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'sandbox-endpoints-'));
  receiver = await startReceiver();
  test = await startUnderTest();
});
afterEach(async () => {
  await test.stop();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

const control = (route: string, method: string, body?: object): Promise<Response> =>
  fetch(`${test.url}/_control${route}`, { method, ...(body && { body: JSON.stringify(body) }) });
const rows = () => test.sandbox.deliveries.list({ limit: 1000 }).rows;

describe('a webhook endpoint', () => {
  it('asks only for events that exist', async () => {
    const refusal = await refusalOf(
      test.stripe.webhookEndpoints.create({
        url: receiver.url,
        // @ts-expect-error the SDK knows no such event
        enabled_events: ['charge.succeeded', 'charge.vanished'],
      }),
    );
    expect(refusal).toMatchObject({ statusCode: 400, param: 'enabled_events[1]' });
    expect(refusal.message).toMatch(/^Invalid enabled_events\[1\]: must be one of \*, account\.application/);
    const none = await refusalOf(
      test.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: [] }),
    );
    expect(none).toMatchObject({ statusCode: 400, code: 'parameter_missing' });
  });

  it('has a URL with a scheme, a version that exists, and no connected accounts', async () => {
    const { webhookEndpoints } = test.stripe;
    const events: ['*'] = ['*'];
    expect(
      await refusalOf(webhookEndpoints.create({ url: 'shop.test/hook', enabled_events: events })),
    ).toMatchObject({ code: 'url_invalid', param: 'url' });
    const old = { url: receiver.url, enabled_events: events, api_version: '2031-01-01' };
    // @ts-expect-error the SDK knows no such version
    expect(await refusalOf(webhookEndpoints.create(old))).toMatchObject({ param: 'api_version' });
    expect(
      await refusalOf(webhookEndpoints.create({ url: receiver.url, enabled_events: events, connect: true })),
    ).toMatchObject({ param: 'connect' });
  });

  it('is one of sixteen at most', async () => {
    for (let made = 0; made < 16; made += 1) {
      await test.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['charge.updated'] });
    }
    const refusal = await refusalOf(
      test.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] }),
    );
    expect(refusal.message).toBe('You have reached the maximum of 16 test webhook endpoints.');
  });

  it('has its own events, secret and version; null is the account’s', async () => {
    const pinned = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['product.created'],
      api_version: '2026-10-28.endive',
    });
    const plain = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['product.created', 'price.created'],
    });
    expect([pinned.api_version, plain.api_version]).toEqual(['2026-10-28.endive', null]);
    await test.stripe.prices.create({ currency: 'usd', unit_amount: 1, product_data: { name: 'p' } });
    await until(() => rows().length === 3 && rows().every(({ status }) => status === 'succeeded'));
    const takenBy = (secret: string | undefined): string[] =>
      receiver.received.flatMap(({ body, signature }) => {
        try {
          const event = test.stripe.webhooks.constructEvent(body, signature, secret ?? '');
          return [`${event.type} ${event.api_version}`];
        } catch {
          return [];
        }
      });
    expect(takenBy(pinned.secret)).toEqual(['product.created 2026-10-28.endive']);
    expect(takenBy(plain.secret).sort()).toEqual([
      'price.created 2026-07-29.dahlia',
      'product.created 2026-07-29.dahlia',
    ]);
  });

  it('is changed by its parts, and gone once deleted: its deliveries end and nobody waits for it', async () => {
    receiver.answer = () => 500;
    await control('/settings', 'PUT', { retryScheduleMs: [60_000] });
    const made = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['*'],
      description: 'first',
      metadata: { a: '1' },
    });
    expect(
      await test.stripe.webhookEndpoints.update(made.id, {
        description: '',
        enabled_events: ['product.created'],
        metadata: { b: '2' },
      }),
    ).toMatchObject({
      description: null,
      enabled_events: ['product.created'],
      metadata: { a: '1', b: '2' },
      status: 'enabled',
      url: receiver.url,
    });
    await test.stripe.products.create({ name: 'owed' });
    await until(() => rows()[0]?.attempt === 1);
    const [event] = (await test.stripe.events.list()).data;
    expect(event?.pending_webhooks).toBe(1);
    expect(await test.stripe.webhookEndpoints.del(made.id)).toEqual({
      id: made.id,
      object: 'webhook_endpoint',
      deleted: true,
    });
    expect((await test.stripe.events.retrieve(event?.id ?? '')).pending_webhooks).toBe(0);
    expect(await refusalOf(test.stripe.webhookEndpoints.retrieve(made.id))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    await control('/settings', 'PUT', { clockOffsetMs: 61_000 });
    await until(() => rows()[0]?.status === 'dropped');
    expect(receiver.received).toHaveLength(1);
  });

  it('that is enabled again before the next try gets it', async () => {
    receiver.answer = (_request, turn) => (turn === 1 ? 500 : 200);
    await control('/settings', 'PUT', { retryScheduleMs: [60_000] });
    const { id } = await test.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    await test.stripe.products.create({ name: 'patient' });
    await until(() => rows()[0]?.attempt === 1);
    await test.stripe.webhookEndpoints.update(id, { disabled: true });
    await test.stripe.products.create({ name: 'missed' });
    await test.stripe.webhookEndpoints.update(id, { disabled: false });
    await control('/settings', 'PUT', { clockOffsetMs: 61_000 });
    await until(() => rows()[0]?.status === 'succeeded');
    expect(rows()).toHaveLength(1);
  });

  it('signs with an old secret beside the new one until it expires, a day later at most', async () => {
    const { id, secret } = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['product.created'],
    });
    expect((await control(`/endpoints/${id}/roll`, 'POST', { keepOldForSeconds: 86_401 })).status).toBe(400);
    await control(`/endpoints/${id}/roll`, 'POST', { secret: 'whsec_second', keepOldForSeconds: 100 });
    await control(`/endpoints/${id}/roll`, 'POST', { secret: 'whsec_third', keepOldForSeconds: 1000 });
    const signed = async (): Promise<boolean[]> => {
      const before = receiver.received.length;
      await test.stripe.products.create({ name: 'signed' });
      const last = await until(() => receiver.received[before]);
      return [secret ?? '', 'whsec_second', 'whsec_third'].map((one) => {
        try {
          return test.stripe.webhooks.constructEvent(last.body, last.signature, one).object === 'event';
        } catch {
          return false;
        }
      });
    };
    expect(await signed()).toEqual([true, true, true]);
    await control('/settings', 'PUT', { clockOffsetMs: 500_000 });
    expect(await signed()).toEqual([false, true, true]);
    await control('/settings', 'PUT', { clockOffsetMs: 2_000_000 });
    expect(await signed()).toEqual([false, false, true]);
  });
});

describe('endpoints named at start', () => {
  async function restart(options: Parameters<typeof startUnderTest>[0]): Promise<StartedWebhook[]> {
    await test.stop();
    test = await startUnderTest({ data: folder, ...options });
    return test.webhooks;
  }

  it('get secrets that stay with the folder, and give way to those of the next start', async () => {
    const [first, second] = await restart({ webhook: [receiver.url, `${receiver.url}/two`] });
    expect(first?.secret).toMatch(/^whsec_\w{32}$/);
    expect(second?.secret).not.toBe(first?.secret);
    const [again, moved] = await restart({ webhook: [receiver.url, `${receiver.url}/three`] });
    expect([again?.secret, moved?.secret]).toEqual([first?.secret, second?.secret]);
    await test.stripe.webhookEndpoints.create({ url: `${receiver.url}/api`, enabled_events: ['*'] });
    const [given] = await restart({ webhook: receiver.url, webhookSecret: SECRET });
    expect(given).toMatchObject({ id: first?.id, secret: SECRET });
    const urls = test.sandbox.endpoints.list().map(({ url }) => url);
    expect(urls.sort()).toEqual([receiver.url, `${receiver.url}/api`]);
    expect(await restart({})).toEqual([]);
    expect(test.sandbox.endpoints.list()).toHaveLength(2);
  });
});

describe('the live mode', () => {
  const live = (): ReturnType<typeof clientFor> => clientFor(test.url, { key: 'sk_live_1234567890abcdef' });

  beforeEach(async () => {
    await test.stop();
    test = await startUnderTest({ live: { webhook: receiver.url, webhookSecret: SECRET } });
  });

  it('takes only https from the API, and signs without the junk of the test mode', async () => {
    const plain = live().webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    expect(await refusalOf(plain)).toMatchObject({ code: 'url_invalid', param: 'url' });
    await live().products.create({ name: 'for money' });
    const [one] = await until(() => receiver.received.length > 0 && receiver.received);
    expect(one?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  });

  it('disables an endpoint that has failed for days, and the test mode does not', async () => {
    receiver.answer = () => 500;
    const put = (body: object): Promise<Response> =>
      fetch(`${test.url}/_control/live/settings`, { method: 'PUT', body: JSON.stringify(body) });
    await put({ retryScheduleMs: [], disableAfterDays: 3 });
    const state = () => test.live?.endpoints.list()[0]?.status;
    const deliver = async (count: number): Promise<void> => {
      await live().products.create({ name: 'unwanted' });
      await until(() => receiver.received.length === count);
      await until(() => test.live?.deliveries.list().rows[0]?.status === 'failed');
    };
    await deliver(1);
    await put({ clockOffsetMs: 2 * DAY_MS });
    await deliver(2);
    expect(state()).toBe('enabled');
    await put({ clockOffsetMs: 3 * DAY_MS + 60_000 });
    await deliver(3);
    await until(() => state() === 'disabled');
    await live().products.create({ name: 'unsent' });
    expect(test.live?.deliveries.list().rows).toHaveLength(3);
  });
});

describe('the retries', () => {
  it('are compressed by default, and the real ones last three days or some hours', () => {
    const total = (livemode: boolean): number =>
      retryScheduleOf({ retries: 'real', retryScheduleMs: [1] }, livemode).reduce((sum, ms) => sum + ms, 0);
    expect(total(true) / DAY_MS).toBeGreaterThan(2.5);
    expect(total(true) / DAY_MS).toBeLessThanOrEqual(3);
    expect(retryScheduleOf({ retries: 'real', retryScheduleMs: [1] }, false)).toHaveLength(3);
    expect(total(false) / DAY_MS).toBeLessThan(0.5);
    expect(retryScheduleOf({ retries: 'compressed', retryScheduleMs: [1, 2] }, true)).toEqual([1, 2]);
  });

  it('follow the real times when the settings say so', async () => {
    receiver.answer = () => 500;
    await control('/settings', 'PUT', { retries: 'real' });
    await test.stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    await test.stripe.products.create({ name: 'slow' });
    const row = await until(() => rows().find(({ attempt }) => attempt === 1));
    expect(Math.floor(((row.nextAttemptAtMs ?? 0) - row.atMs) / 60_000)).toBe(5);
  });
});
