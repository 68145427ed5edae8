import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import * as z from 'zod';
import { STARTS_A_PROCESS, startCli, type Cli, type StandingCli } from '../testing/run-cli';
import {
  clientFor,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../testing/under-test';

const KEY = 'sk_test_1234567890abcdef';

let cli: Cli;
let receiver: Receiver;
let test: UnderTest;
const running: StandingCli[] = [];

beforeEach(async () => {
  receiver = await startReceiver();
  test = await startUnderTest();
  cli = startCli(test.url);
});
afterEach(async () => {
  for (const standing of running.splice(0)) await standing.end();
  cli.close();
  await test.stop();
  await receiver.close();
});

/** A command of the official CLI that goes on until the test ends. */
function stripe(...args: string[]): StandingCli {
  const standing = cli.start(...args);
  running.push(standing);
  return standing;
}

async function listen(...args: string[]): Promise<StandingCli & { secret: string }> {
  const listener = stripe('listen', '--forward-to', receiver.url, ...args);
  const secret = await until(() => /signing secret is (whsec_\w+)/.exec(listener.output())?.[1]);
  await until(async () => (await control()).listeners > 0);
  return { ...listener, secret };
}
async function control(): Promise<{ listeners: number }> {
  const response = await fetch(`${test.url}/_control/listeners`);
  const { listeners }: { listeners: unknown[] } = await response.json();
  return { listeners: listeners.length };
}
const verified = (secret: string) =>
  receiver.received.map(({ body, signature }) =>
    clientFor('http://127.0.0.1:1').webhooks.constructEvent(body, signature, secret),
  );
const session = (feature: string): Promise<Response> =>
  fetch(`${test.url}/v1/stripecli/sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `device_name=x&websocket_features[]=${feature}`,
  });
/** In the place of the CLI. */
const connect = (id: string): WebSocket =>
  new WebSocket(`${test.url.replace('http', 'ws')}/stripecli_ws?websocket_feature=webhooks`, {
    headers: { 'Websocket-Id': id },
  });
const conversation = z.object({ webhook_conversation_id: z.string() });
const rows = () => test.sandbox.deliveries.list({ limit: 1000 }).rows;

describe('stripe listen', STARTS_A_PROCESS, () => {
  it('forwards events signed with the secret it prints, and its application’s answer is the delivery’s', async () => {
    receiver.answer = (_request, turn) => (turn === 1 ? 200 : 418);
    const { secret, output } = await listen();
    expect(secret).toMatch(/^whsec_[0-9a-f]{64}$/);
    expect(output()).toContain('[2026-07-29.dahlia]');
    const product = await test.stripe.products.create({ name: 'heard' });
    await until(() => receiver.received.length === 1);
    const [event] = verified(secret);
    expect(event).toMatchObject({
      type: 'product.created',
      api_version: '2026-07-29.dahlia',
      pending_webhooks: 1,
      data: { object: { id: product.id } },
    });
    await until(() => rows()[0]?.status === 'succeeded');
    expect(rows()).toMatchObject([
      { eventId: event?.id, url: receiver.url, attempt: 1, responseStatus: 200, responseBody: 'thanks' },
    ]);
    expect((await test.stripe.events.retrieve(event?.id ?? '')).pending_webhooks).toBe(0);
    await until(() => output().includes('[200] POST'));

    await test.stripe.products.create({ name: 'refused' });
    await until(() => rows()[0]?.status === 'failed');
    expect(rows()[0]).toMatchObject({ attempt: 1, responseStatus: 418 });
    expect(receiver.received).toHaveLength(2);
  });

  it('has the same secret each time, also with --print-secret, which is no endpoint', async () => {
    const { stdout } = await cli.run('listen', '--print-secret');
    const secret = stdout.trim();
    expect(secret).toMatch(/^whsec_[0-9a-f]{64}$/);
    const created = await test.stripe.products.create({ name: 'unheard' });
    expect(rows()).toEqual([]);
    expect(created.object).toBe('product');
    expect((await listen()).secret).toBe(secret);
  });

  it('--latest gets the latest version’s copy, and only that', async () => {
    const { secret } = await listen('--latest');
    await test.stripe.products.create({ name: 'latest' });
    await until(() => rows()[0]?.status === 'succeeded');
    expect(verified(secret).map((event) => event.api_version)).toEqual(['2026-10-28.endive']);
  });

  it('an event that --events leaves out is taken, never answered and owed to nobody', async () => {
    await fetch(`${test.url}/_control/settings`, {
      method: 'PUT',
      body: JSON.stringify({ deliveryTimeoutMs: 300 }),
    });
    const { secret } = await listen('--events', 'customer.created');
    await test.stripe.products.create({ name: 'left out' });
    await test.stripe.customers.create({ name: 'Ann' });
    await until(() => rows().every(({ status }) => status !== 'pending'));
    expect(verified(secret).map(({ type }) => type)).toEqual(['customer.created']);
    const left = rows().find(({ eventType }) => eventType === 'product.created');
    expect(left).toMatchObject({ status: 'dropped', attempt: 1 });
    expect(left?.error).toContain('--events');
    expect((await test.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  it('loses nothing when it opens its connection anew', async () => {
    await fetch(`${test.url}/_control/settings`, {
      method: 'PUT',
      body: JSON.stringify({ listenReconnectSeconds: 1 }),
    });
    const { secret, output } = await listen();
    const before = Date.now();
    let made = 0;
    while (Date.now() - before < 3500) {
      await test.stripe.products.create({ name: `no. ${made}` });
      made += 1;
    }
    await until(() => rows().every(({ status }) => status === 'succeeded'));
    expect(new Set(verified(secret).map(({ id }) => id)).size).toBe(made);
    expect(output()).not.toContain('expired');
  });

  it('is one more endpoint beside a registered one, and none once it has ended', async () => {
    const endpoint = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['product.created'],
    });
    const listener = await listen();
    await test.stripe.products.create({ name: 'both' });
    await until(() => rows().length === 2 && rows().every(({ status }) => status === 'succeeded'));
    expect(receiver.received.every(({ body }) => body.includes('"pending_webhooks"'))).toBe(true);
    await listener.end();
    await test.stripe.products.create({ name: 'queued for who may come back' });
    const late = rows().filter(({ endpointId }) => endpointId !== endpoint.id);
    expect(late).toHaveLength(2);
    await until(() => rows().every(({ status }) => status !== 'pending'));
    await until(async () => (await control()).listeners === 0);
    await test.stripe.products.create({ name: 'one' });
    await until(() => rows().length === 5);
    expect(rows()[0]?.endpointId).toBe(endpoint.id);
  });

  it('--use-configured-webhooks takes paths and events from the registered endpoints', async () => {
    await test.stripe.webhookEndpoints.create({
      url: 'http://shop.test/hook',
      enabled_events: ['product.created'],
    });
    const { origin } = new URL(receiver.url);
    const listener = stripe('listen', '--forward-to', origin, '--use-configured-webhooks');
    const secret = await until(() => /signing secret is (whsec_\w+)/.exec(listener.output())?.[1]);
    await until(async () => (await control()).listeners > 0);
    await test.stripe.customers.create({ name: 'not wanted' });
    await test.stripe.products.create({ name: 'wanted' });
    await until(() => receiver.received.length === 1);
    expect(verified(secret).map(({ type }) => type)).toEqual(['product.created']);
  });

  it('needs a session that the sandbox knows', async () => {
    const stranger = connect('cliws_unknown');
    const refusal = await new Promise<string>((resolve, reject) => {
      stranger.on('error', reject);
      stranger.on('unexpected-response', (_request, response) => {
        response.on('data', (data: Buffer) => resolve(`${response.statusCode} ${String(data)}`));
      });
    });
    expect(refusal).toBe('400 {"error":{"message":"Unknown WebSocket ID."}}');
    expect((await session('v2_events')).status).toBe(400);
  });

  it('sends once more what it took and whose answer was lost with the connection', async () => {
    await fetch(`${test.url}/_control/settings`, {
      method: 'PUT',
      body: JSON.stringify({ deliveryTimeoutMs: 500 }),
    });
    const { websocket_id: id }: { websocket_id: string } = await (await session('webhooks')).json();
    const heard: string[] = [];
    const first = connect(id);
    first.on('message', (data: Buffer) => {
      const { webhook_conversation_id } = conversation.parse(JSON.parse(String(data)));
      first.send(JSON.stringify({ type: 'event_ack', webhook_conversation_id }));
      heard.push(webhook_conversation_id);
    });
    await until(async () => (await control()).listeners === 1);
    await test.stripe.products.create({ name: 'answered in vain' });
    await until(() => heard.length === 2);
    const second = connect(id);
    second.on('message', (data: Buffer) => {
      const { webhook_conversation_id } = conversation.parse(JSON.parse(String(data)));
      second.send(JSON.stringify({ type: 'event_ack', webhook_conversation_id }));
      const answer = { type: 'webhook_response', webhook_conversation_id, status: 200, body: 'at last' };
      second.send(JSON.stringify(answer));
    });
    await until(() => rows()[0]?.status !== 'pending');
    expect(rows()).toMatchObject([{ status: 'succeeded', attempt: 1, responseBody: 'at last' }]);
    second.close(1000, 'Connection Done');
  });

  it('ends at once with the CLI’s goodbye', async () => {
    const { websocket_id: id }: { websocket_id: string } = await (await session('webhooks')).json();
    const socket = connect(id);
    await until(async () => (await control()).listeners === 1);
    socket.close(1000, 'Connection Done');
    const closed = Date.now();
    await until(async () => (await control()).listeners === 0);
    expect(Date.now() - closed).toBeLessThan(9_000);
  });
});

describe('the CLI’s other ways to events', STARTS_A_PROCESS, () => {
  it('events resend brings an event to whoever listens, or to one endpoint', async () => {
    const { data } = await (async () => {
      await test.stripe.products.create({ name: 'early' });
      return test.stripe.events.list();
    })();
    const id = data[0]?.id ?? '';
    const { secret } = await listen();
    expect((await cli.run('events', 'resend', id)).code).toBe(0);
    await until(() => receiver.received.length === 1);
    expect(verified(secret)).toMatchObject([{ id, created: data[0]?.created }]);

    const endpoint = await test.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['price.created'],
    });
    await cli.run('events', 'resend', id, '--webhook-endpoint', endpoint.id);
    await until(() => receiver.received.length === 2);
    const last = receiver.received[1];
    const event = clientFor(test.url).webhooks.constructEvent(
      last?.body ?? '',
      last?.signature ?? '',
      endpoint.secret ?? '',
    );
    expect(event.id).toBe(id);

    await test.stripe.webhookEndpoints.update(endpoint.id, { enabled_events: ['*'] });
    const before = test.sandbox.deliveries.list({ limit: 100 }).rows.length;
    await cli.run('events', 'resend', id);
    expect(test.sandbox.deliveries.list({ limit: 100 }).rows).toHaveLength(before + 1);
  });

  it('logs tail shows each request and its failure, by the filters it is given', async () => {
    const tail = stripe('logs', 'tail', '--filter-http-method', 'POST');
    await until(() => tail.output().includes('Ready!'));
    await test.stripe.products.list();
    await test.stripe.products.create({ name: 'logged' });
    await test.stripe.prices
      .create({ currency: 'usd', unit_amount: 100, product: 'prod_no' })
      .catch(() => undefined);
    await until(() => tail.output().includes('No such product'));
    expect(tail.output()).toMatch(/\[200\] POST \/v1\/products \[req_\w+\]/);
    expect(tail.output()).toMatch(/\[400\] POST \/v1\/prices/);
    expect(tail.output()).not.toContain('GET');
    const priced = stripe('logs', 'tail', '--filter-request-path', '/v1/prices');
    await until(() => priced.output().includes('Ready!'));
    await test.stripe.products.list();
    await test.stripe.prices.list();
    await until(() => priced.output().includes('GET /v1/prices'));
    expect(priced.output()).not.toContain('/v1/products');
  });
});
