import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type StartedSandbox, startSandbox } from '../../e2e/stripe-sandbox/index';
import { createTestDatabase, type TestDatabase } from '../../e2e/support/test-database';
import { DEMO_PURCHASES, DEMO_SUBSCRIBERS } from '../../prisma/demo';
import { seedDemo } from '../../prisma/seed';
import { type RealmView } from '../modules/stripe/shared';
import { closeDb, createDb, type Db } from '../platform/db.server';
import { liveDemo, type LiveDemoOptions, remainingPurchases, remainingSubscribers } from './live-demo';
import { syncCatalog } from '../modules/payments/index.server';

const realm: RealmView = { id: 'rlm_demo', account: 'acct_demo', mode: 'test', name: 'Demo' };

const EVERYTHING = DEMO_PURCHASES.length + DEMO_SUBSCRIBERS.length;

describe('the demo’s purchases', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let db: Db;
  let sandbox: StartedSandbox;

  beforeEach(async () => {
    [database, sandbox] = await Promise.all([createTestDatabase(), startSandbox({ port: 0 })]);
    db = createDb(database.url);
    await db.realm.create({ data: { ...realm, sells: true } });
    await seedDemo(db);
    await syncCatalog(db, options().settings, realm.id);
  });
  afterEach(async () => {
    await sandbox.stop();
    await closeDb(db);
    await database.drop();
  });

  function options(over: Partial<LiveDemoOptions> = {}): LiveDemoOptions {
    return {
      db,
      settings: { secretKey: 'sk_test_credencedemo', apiBase: sandbox.url },
      realm,
      appUrl: 'http://127.0.0.1:3999',
      sandboxUrl: sandbox.url,
      signal: new AbortController().signal,
      ...over,
    };
  }

  async function faults(change?: object): Promise<unknown> {
    const put = change && { method: 'PUT', body: JSON.stringify(change) };
    const response = await fetch(`${sandbox.url}/_control/faults`, put);
    return response.json();
  }

  /** Each payment with what became of it at Stripe. */
  async function payments() {
    const rows = await db.payment.findMany({
      orderBy: { createdAt: 'asc' },
      include: { customer: true, changes: { orderBy: { n: 'asc' } } },
    });
    return rows.map((row) => {
      const session = sandbox.sandbox.checkout.find(row.stripeSession ?? '')?.session;
      return { ...row, page: `${session?.status} ${session?.payment_status}` };
    });
  }

  it('are begun by the store’s own door and meet every fate at Stripe, and a second start adds nothing', async () => {
    expect(await liveDemo(options())).toBe(EVERYTHING);
    const lived = await payments();
    expect(lived.map(({ customer, quantity, page }) => [customer.email, quantity, page])).toEqual([
      ['customer@demo.test', 1, 'complete paid'],
      ['maya.lindqvist@demo.test', 1, 'complete paid'],
      ['tomas.okafor@demo.test', 1, 'complete paid'],
      ['customer@demo.test', 2, 'complete paid'],
      ['elif.demir@demo.test', 2, 'complete paid'],
      ['jonas.weber@demo.test', 1, 'open unpaid'],
      ['jonas.weber@demo.test', 3, 'complete paid'],
      ['tomas.okafor@demo.test', 1, 'expired unpaid'],
      ['maya.lindqvist@demo.test', 1, 'complete paid'],
      ['ines.costa@demo.test', 2, 'complete paid'],
    ]);
    // This sandbox has no webhook endpoint: only the customer who came back is settled.
    const [unheard, ...others] = lived;
    expect(unheard).toMatchObject({ state: 'paid', credits: 500n });
    expect(unheard?.changes.at(-1)?.cause).toBe(`return:${unheard?.id}`);
    expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['open']));
    const types = sandbox.sandbox.events.list({ limit: 1000 }).rows.map(({ type }) => type);
    expect(types).toContain('payment_intent.payment_failed');
    expect(types).toContain('payment_intent.requires_action');
    expect(types).toContain('charge.dispute.created');
    const refunds = sandbox.sandbox.moneyBack.refunds({ limit: 10 }).rows;
    expect(refunds).toMatchObject([{ amount: 500, status: 'succeeded' }]);
    const orders = await db.subscriptionOrder.findMany({ include: { customer: true } });
    expect(orders.map(({ customer }) => customer.email).sort()).toEqual([
      'elif.demir@demo.test',
      'jonas.weber@demo.test',
    ]);
    expect(types.filter((type) => type === 'customer.subscription.created')).toHaveLength(2);
    expect(await remainingSubscribers(db)).toEqual([]);

    expect(await liveDemo(options())).toBe(0);
    expect(await payments()).toHaveLength(lived.length);
    expect(sandbox.sandbox.sessions.list({ limit: 1000 }).rows).toHaveLength(EVERYTHING);
  });

  it('that were cut short are gone on with, without a second one and without a fault left behind', async () => {
    await faults({
      drop: true,
      api: [{ method: 'POST', path: '/v1/checkout/sessions', effect: 'server_error', times: null }],
    });
    await expect(liveDemo(options())).rejects.toThrow('a payment page was not opened: unknown.');
    expect(await remainingPurchases(db)).toEqual(DEMO_PURCHASES.slice(1));
    await faults({ drop: true, api: [] });
    const stopped = options({ signal: AbortSignal.abort() });
    expect(await liveDemo(stopped)).toBe(0);

    expect(await liveDemo(options())).toBe(EVERYTHING - 1);
    expect(await payments()).toHaveLength(DEMO_PURCHASES.length);
    expect(await faults()).toMatchObject({ drop: false });
  });

  it('begin nothing while the sandbox does not answer', async () => {
    const closed = await startSandbox({ port: 0 });
    await closed.stop();
    await expect(liveDemo(options({ sandboxUrl: closed.url }))).rejects.toThrow(
      'the sandbox does not answer.',
    );
    expect(await remainingPurchases(db)).toHaveLength(DEMO_PURCHASES.length);
  });
});
