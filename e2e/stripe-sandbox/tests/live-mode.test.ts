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

const LIVE_KEY = 'sk_live_1234567890abcdef';
/** Passes Luhn and stands in no table of test cards. */
const REAL_CARD = '4539 5787 6362 1486';

let testHook: Receiver;
let liveHook: Receiver;
let sandbox: UnderTest;
let live: Stripe;

beforeEach(async () => {
  [testHook, liveHook] = await Promise.all([startReceiver(), startReceiver()]);
  sandbox = await startUnderTest({
    webhook: testHook.url,
    webhookSecret: SECRET,
    live: { webhook: liveHook.url, webhookSecret: SECRET },
  });
  live = clientFor(sandbox.url, { key: LIVE_KEY });
});
afterEach(async () => {
  await sandbox.stop();
  await Promise.all([testHook.close(), liveHook.close()]);
});

describe('the live mode', () => {
  it('is the same account with objects, events and endpoints of its own', async () => {
    const session = await live.checkout.sessions.create(PACK);
    expect(session.id).toMatch(/^cs_live_/);
    expect(session.livemode).toBe(true);
    await sandbox.live?.checkout.pay(session.id, { ...PAYER, cardNumber: REAL_CARD });
    await until(() => liveHook.types().includes('checkout.session.completed'));
    expect(liveHook.events().every((event) => event.livemode)).toBe(true);
    expect(testHook.received).toEqual([]);
    const [there, here] = await Promise.all([
      live.accounts.retrieveCurrent(),
      sandbox.stripe.accounts.retrieveCurrent(),
    ]);
    expect(there.id).toBe(here.id);
    expect((await sandbox.stripe.checkout.sessions.list()).data).toEqual([]);
  });

  it('names the mode in which a missing object exists', async () => {
    const customer = await sandbox.stripe.customers.create({ email: 'jenny@example.com' });
    const missing = await refusalOf(live.customers.retrieve(customer.id));
    expect(missing.message).toBe(
      `No such customer: '${customer.id}'; a similar object exists in test mode, but a live mode key was used to make this request.`,
    );
    expect(missing).toMatchObject({ statusCode: 404, code: 'resource_missing', param: 'id' });
    const named = await refusalOf(live.checkout.sessions.create({ ...PACK, customer: customer.id }));
    expect(named.message).toContain('a similar object exists in test mode');
    const mirror = await live.customers.create({});
    const other = await refusalOf(sandbox.stripe.customers.retrieve(mirror.id));
    expect(other.message).toContain('exists in live mode, but a test mode key was used');
    const nowhere = await refusalOf(live.customers.retrieve('cus_nowhere'));
    expect(nowhere.message).toBe("No such customer: 'cus_nowhere'");
  });

  it('keeps idempotency keys apart from the test mode', async () => {
    const options = { idempotencyKey: 'one-key' };
    const [here, there] = await Promise.all([
      sandbox.stripe.customers.create({}, options),
      live.customers.create({}, options),
    ]);
    expect(there.id).not.toBe(here.id);
  });

  it('refuses test cards', async () => {
    const session = await live.checkout.sessions.create(PACK);
    const paid = await sandbox.live?.checkout.pay(session.id, PAYER);
    expect(paid).toMatchObject({ outcome: 'declined', declineCode: 'live_mode_test_card' });
  });

  it('shows its hosted page by the session alone, and its panel to whoever chose it', async () => {
    const session = await live.checkout.sessions.create(PACK);
    const page = await fetch(session.url ?? '');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Pack of 100');
    const chosen = await fetch(`${sandbox.url}/panel/mode/live`, { redirect: 'manual' });
    const cookie = chosen.headers.get('set-cookie')?.split(';')[0] ?? '';
    const livePanel = await fetch(`${sandbox.url}/panel/sessions`, { headers: { cookie } });
    expect(await livePanel.text()).toContain(session.id);
    const testPanel = await fetch(`${sandbox.url}/panel/sessions`);
    expect(await testPanel.text()).not.toContain(session.id);
  });

  it('has controls of its own', async () => {
    const session = await live.checkout.sessions.create(PACK);
    const expired = await fetch(`${sandbox.url}/_control/live/sessions/${session.id}/expire`, {
      method: 'POST',
    });
    expect(expired.status).toBe(200);
    const unknown = await fetch(`${sandbox.url}/_control/sessions/${session.id}/expire`, { method: 'POST' });
    expect(unknown.status).toBe(404);
  });
});

describe('without a live mode', () => {
  it('a live key opens nothing', async () => {
    const alone = await startUnderTest();
    const refused = await refusalOf(clientFor(alone.url, { key: LIVE_KEY }).customers.list());
    expect(refused).toMatchObject({
      statusCode: 401,
      message: 'Invalid API Key provided: sk_live_************cdef',
    });
    await alone.stop();
  });
});
