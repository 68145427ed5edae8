import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pressIn, readIn } from '../../testing/press';
import {
  SECRET,
  startReceiver,
  startUnderTest,
  until,
  type Receiver,
  type UnderTest,
} from '../../testing/under-test';

let sandbox: UnderTest;
let receiver: Receiver;
let endpoint: string;

/** No retry comes by itself while a test runs: what waits, waits for its button. */
beforeEach(async () => {
  receiver = await startReceiver();
  sandbox = await startUnderTest({
    webhook: receiver.url,
    webhookSecret: SECRET,
    settings: { retryScheduleMs: [3_600_000] },
  });
  endpoint = sandbox.webhooks[0]?.id ?? '';
});
afterEach(async () => {
  await sandbox.stop();
  await receiver.close();
});

const press = (action: string, fields?: Record<string, string>) => pressIn(sandbox, action, fields);
const read = (path: string) => readIn(sandbox, path);

/** A customer whose event was answered so, with the event's delivery. */
async function delivered(status: number) {
  receiver.answer = () => status;
  const { id } = await sandbox.stripe.customers.create({ email: 'jenny@example.com' });
  const [delivery] = await until(() => {
    const { rows } = sandbox.sandbox.deliveries.list({});
    return rows[0] && rows[0].attempt > 0 && rows;
  });
  if (!delivery) throw new Error('The customer was told of.');
  return { customer: id, delivery };
}

const isSettled = (id: string, status: string) => () =>
  sandbox.sandbox.deliveries.find(id)?.status === status;

describe('a delivery', () => {
  it('that waits for its next try is sent now, and its page shows each request to the byte', async () => {
    const { delivery } = await delivered(500);
    const page = `/panel/deliveries/${delivery.id}`;
    expect(await read(page)).toMatch(/1 attempt, next <time[^>]*>in (?:1 h|59 min)/);
    receiver.answer = () => 200;
    expect(await press(`${page}/send`)).toContain('It leaves now.');
    await until(isSettled(delivery.id, 'succeeded'));
    expect(receiver.received).toHaveLength(2);
    const { attempts } = sandbox.sandbox.deliveries.find(delivery.id) ?? { attempts: [] };
    expect(attempts.map(({ request }) => request?.body)).toEqual(receiver.received.map(({ body }) => body));
    expect(attempts.map(({ request }) => request?.headers['Stripe-Signature'])).toEqual(
      receiver.received.map(({ signature }) => signature),
    );
    for (const { signature } of receiver.received) expect(await read(page)).toContain(signature);
    expect(await press(`${page}/send`)).toContain('It waits no more: it has been delivered.');
  });

  it('that waits is dropped for good, and goes again only by a resend', async () => {
    const { delivery } = await delivered(500);
    const page = `/panel/deliveries/${delivery.id}`;
    expect(await press(`${page}/drop`)).toContain('It is dropped');
    expect(sandbox.sandbox.deliveries.find(delivery.id)).toMatchObject({ status: 'dropped', attempt: 1 });
    expect(await press(`${page}/drop`)).toContain('it has been dropped; resend it instead');
    receiver.answer = () => 200;
    expect(await press(`${page}/resend`)).toContain('The event is being sent again.');
    await until(() => receiver.received.length === 2);
  });

  it('is found by its state, its endpoint and its type', async () => {
    const { delivery } = await delivered(500);
    const has = async (query: string) => (await read(`/panel/deliveries?${query}`)).includes(delivery.id);
    expect(await has('status=pending')).toBe(true);
    expect(await has('status=failed')).toBe(false);
    expect(await has(`endpoint=${endpoint}&type=customer.created`)).toBe(true);
    expect(await has('type=charge.succeeded')).toBe(false);
    expect(await read('/panel/deliveries?type=charge.succeeded')).toContain('Show all deliveries');
  });
});

describe('an event', () => {
  it('goes again to one endpoint or to all, and what waits of it is dropped', async () => {
    const { delivery } = await delivered(500);
    const page = `/panel/events/${delivery.eventId}`;
    await press(`${page}/resend`, { endpoint });
    await until(() => receiver.received.length === 2);
    await until(() =>
      sandbox.sandbox.deliveries.list({ status: 'pending' }).rows.every((row) => row.attempt === 1),
    );
    expect(await press(`${page}/drop`)).toContain('Dropped: 2 of its deliveries');
    expect(await press(`${page}/drop`)).toContain('None of its deliveries waits.');
    expect(await press(`${page}/resend`, { endpoint: 'we_none' })).toContain('The endpoint is gone');
  });

  it('leads to the request that caused it, and the request to its events', async () => {
    const { customer } = await delivered(200);
    const [event] = (await sandbox.stripe.events.list({ type: 'customer.created' })).data;
    const request = event?.request?.id ?? '';
    expect(await read(`/panel/events/${event?.id}`)).toContain(`/panel/requests/${request}`);
    const page = await read(`/panel/requests/${request}`);
    expect(page).toContain('POST /v1/customers');
    expect(page).toContain(`/panel/events/${event?.id}`);
    expect(page).toContain(`/panel/objects/${customer}`);
  });
});

describe('an endpoint', () => {
  const page = () => `/panel/endpoints/${endpoint}`;

  it('is disabled, enabled and deleted', async () => {
    const status = async () => (await sandbox.stripe.webhookEndpoints.retrieve(endpoint)).status;
    await press(`${page()}/disable`);
    expect(await status()).toBe('disabled');
    expect(await press(`${page()}/test`)).toContain('The endpoint is disabled');
    await press(`${page()}/enable`);
    expect(await status()).toBe('enabled');
    expect(await press(`${page()}/delete`)).toContain('The endpoint is gone.');
    expect((await sandbox.stripe.webhookEndpoints.list()).data).toEqual([]);
  });

  it('gets a new secret, and the page says how long the old one holds', async () => {
    expect(await press(`${page()}/roll`, { overlap: '3600' })).toContain('holds 1 hour');
    const { secrets } = sandbox.sandbox.endpoints.find(endpoint) ?? { secrets: [] };
    expect(secrets.map(({ value }) => value === SECRET)).toEqual([false, true]);
    const text = await read(page());
    for (const { value } of secrets) expect(text).toContain(value);
    expect(text).toMatch(/signs beside the new one until <time/);
    await press(`${page()}/roll`, { overlap: '0' });
    expect(sandbox.sandbox.endpoints.find(endpoint)?.secrets).toHaveLength(1);
  });

  it('gets the newest event as a test, alone; without any it is told what to do', async () => {
    expect(await press(`${page()}/test`)).toContain('Nothing that this endpoint takes has happened');
    await delivered(200);
    expect(await press(`${page()}/test`, { type: 'customer.created' })).toContain(
      'customer.created is on its way to this endpoint alone.',
    );
    const [first, again] = await until(() => receiver.received.length === 2 && receiver.events());
    expect(again?.id).toBe(first?.id);
  });

  it('shows its health: how many of the last succeeded, and the last failure', async () => {
    const { delivery } = await delivered(503);
    const text = await read('/panel/endpoints');
    expect(text).toContain('0 % of 1');
    expect(text).toContain('HTTP 503');
    expect(text).toContain(`/panel/deliveries/${delivery.id}`);
  });
});

describe('the request log', () => {
  it('tells refusals, keys and replays, by kind', async () => {
    const params: Stripe.CustomerCreateParams = { email: 'jenny@example.com' };
    await sandbox.stripe.customers.create(params, { idempotencyKey: 'order-17' });
    await sandbox.stripe.customers.create(params, { idempotencyKey: 'order-17' });
    await sandbox.stripe.charges.retrieve('ch_none').catch(() => undefined);
    const all = await read('/panel/requests');
    expect(all).toContain('order-17');
    expect(all).toContain('>replayed<');
    expect(all).toContain('No such charge: &#39;ch_none&#39;');
    const failed = await read('/panel/requests?only=failed');
    expect(failed).toContain('ch_none');
    expect(failed).not.toContain('order-17');
    expect(await read('/panel/requests?only=changes')).not.toContain('ch_none');
  });
});
