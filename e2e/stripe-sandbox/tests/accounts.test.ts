import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import {
  clientFor,
  PACK,
  PAYER,
  refusalOf,
  startReceiver,
  startUnderTest,
  until,
} from '../testing/under-test';
import { SECRET, type Receiver, type UnderTest } from '../testing/under-test';

const OTHER = 'acct_1BravoBooks00';

let firstHook: Receiver;
let otherHook: Receiver;
let sandbox: UnderTest;
let other: Stripe;

beforeEach(async () => {
  [firstHook, otherHook] = await Promise.all([startReceiver(), startReceiver()]);
  sandbox = await startUnderTest({
    webhook: firstHook.url,
    webhookSecret: SECRET,
    live: {},
    accounts: [{ account: OTHER, webhook: otherHook.url, webhookSecret: SECRET }],
  });
  other = clientFor(sandbox.url, { key: 'sk_test_51BravoBooks00key' });
});
afterEach(async () => {
  await sandbox.stop();
  await Promise.all([firstHook.close(), otherHook.close()]);
});

describe('another account at the same address', () => {
  it('is opened by the keys that name it, every other key opens the first', async () => {
    expect((await other.accounts.retrieveCurrent()).id).toBe(OTHER);
    const first = await sandbox.stripe.accounts.retrieveCurrent();
    expect(first.id).not.toBe(OTHER);
    const unnamed = clientFor(sandbox.url, { key: 'sk_test_51SomebodyElse00' });
    expect((await unnamed.accounts.retrieveCurrent()).id).toBe(first.id);
  });

  it('knows no id of the first one, in Stripe’s words, and names its own other mode', async () => {
    const customer = await sandbox.stripe.customers.create({ email: 'jenny@example.com' });
    const missing = await refusalOf(other.customers.retrieve(customer.id));
    expect(missing.message).toBe(`No such customer: '${customer.id}'`);
    expect(missing).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'id' });
    const live = clientFor(sandbox.url, { key: 'sk_live_51BravoBooks00key' });
    const mine = await other.customers.create({});
    expect((await refusalOf(live.customers.retrieve(mine.id))).message).toBe(
      `No such customer: '${mine.id}'; a similar object exists in test mode, but a live mode key was used to make this request.`,
    );
  });

  it('tells its own endpoint, shows its own pages and keeps idempotency keys apart', async () => {
    const session = await other.checkout.sessions.create(PACK, { idempotencyKey: 'one-key' });
    const twin = await sandbox.stripe.checkout.sessions.create(PACK, { idempotencyKey: 'one-key' });
    expect(twin.id).not.toBe(session.id);
    const page = await fetch(session.url ?? '');
    expect([page.status, (await page.text()).includes('Pack of 100')]).toEqual([200, true]);
    await sandbox.accounts[1]?.sandbox.checkout.pay(session.id, PAYER);
    await until(() => otherHook.types().includes('checkout.session.completed'));
    expect(firstHook.received).toEqual([]);
  });
});
