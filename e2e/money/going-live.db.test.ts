import { type RequestHandler } from '@remix-run/node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { createUser, writeSessionToken } from '../../app/modules/auth/index.server';
import { startSession } from '../../app/modules/auth/sessions.server';
import { listRealmStates } from '../../app/modules/health/index.server';
import { readBalance, spend } from '../../app/modules/ledger/index.server';
import { deliveryOf, eventBody } from '../../app/modules/stripe/testing/deliveries';
import { closeDb, db } from '../../app/platform/db.server';
import { serveRoutes } from '../support/route-handler';
import { useTestDatabase } from '../support/test-database';
import { CARD } from './testing/sandbox-shop';
import { type Accounts, askedOf, openAccounts } from './testing/two-accounts';

/** A database full of rows of a test account is started with the live key of another one, which holds none of theirs. */
const database = useTestDatabase();
const APP = 'https://credits.example.com';
const people = new Map<'shopper' | 'staff', string>();
let accounts: Accounts;
let handle: RequestHandler;
let sold = '';
let customerId = '';

beforeAll(async () => {
  accounts = await openAccounts(database.db);
  const { alphaTest, bravoLive } = accounts.places;
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', bravoLive.secretKey);
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', bravoLive.secret);
  vi.stubEnv('STRIPE_API_BASE', accounts.sandbox.url);
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
  const { here } = await accounts.holdKeys(alphaTest);
  for (const [who, role] of [['shopper', 'customer'] as const, ['staff', 'admin'] as const]) {
    const person = {
      email: `${who}@going.live`,
      name: who,
      role,
      password: 'four old words',
      verified: true,
    };
    const made = await createUser(database.db, person);
    if (made.outcome !== 'created') throw new Error(made.outcome);
    const client = { ip: '198.51.100.1', userAgent: 'Live/1' };
    const start = { userId: made.userId, client, now: new Date(), former: undefined };
    people.set(who, (await writeSessionToken(await startSession(database.db, start))).split(';')[0] ?? '');
  }
  const user = await database.db.user.findFirstOrThrow({ where: { email: 'shopper@going.live' } });
  const customer = await database.db.customer.findFirstOrThrow({ where: { userId: user.id } });
  customerId = customer.id;
  sold = await accounts.checkout(here, { id: customerId, email: user.email, name: 'shopper' });
  await accounts.pay(alphaTest, sold, CARD);
  await accounts.untilState(sold, 'paid');
  await accounts.checkout(here, { id: customerId, email: user.email, name: 'shopper' });
  await accounts.holdKeys(bravoLive);
  ({ handle } = await serveRoutes());
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
  await accounts.stop();
});

const ask = (path: string, who: 'shopper' | 'staff', fields?: Record<string, string>) =>
  handle(
    new Request(new URL(path, APP), {
      ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(fields) }),
      headers: {
        ...{ cookie: people.get(who) ?? '', origin: APP, host: new URL(APP).host },
        'x-client-address': '198.51.100.1',
      },
    }),
  );

describe('test rows, started with another account’s live key', () => {
  it('checkout works at once, in the account of the key', async () => {
    const bought = await ask('/?index', 'shopper', { pack: 'team', currency: 'usd' });
    expect(bought.status).toBe(303);
    expect(bought.headers.get('location')).toContain('/c/pay/cs_live_');
    const image = await database.db.stripeCustomer.findMany({ where: { customerId } });
    expect(image).toHaveLength(2);
  });

  it('the portal opens in it too', async () => {
    const opened = await ask('/plan', 'shopper', { intent: 'portal' });
    expect([opened.status, opened.headers.get('location')?.includes('/p/session/')]).toEqual([303, true]);
  });

  it('test credits are no live credits: they are neither shown nor spent', async () => {
    const { available: there } = await readBalance(database.db, { book: 'test', customerId });
    const { available: here } = await readBalance(database.db, { book: 'live', customerId });
    expect([there, here]).toEqual([2_500n, 0n]);
    const act = { book: 'live' as const, customerId, key: 'spend:1', actor: 'usr_1' };
    const spent = await spend(database.db, { ...act, amount: 1n });
    expect(spent.outcome).toBe('insufficient');
    expect((await ask(`/payments/${sold}`, 'shopper')).status).toBe(404);
  });

  it('every page of the console answers, and rows of the test realm are read and marked', async () => {
    const pages = [
      ...['', '/payments', '/refunds', '/disputes', '/customers', '/webhooks', '/webhooks/events'],
      ...['/webhooks/calls', '/dead-letters', '/finance', '/settings/realms', '/settings/catalogue'],
      `/payments/${sold}`,
      `/customers/${customerId}`,
    ];
    for (const page of pages)
      expect([page, (await ask(`/admin${page}`, 'staff')).status]).toEqual([page, 200]);
    const { realmId } = await accounts.rowOf(sold);
    expect(await (await ask(`/admin/payments/${sold}.data`, 'staff')).text()).toContain(realmId);
    const realms = await (await ask('/admin/settings/realms.data', 'staff')).text();
    expect(realms).toContain('sk_live_…0key');
    expect(realms).not.toContain(accounts.places.bravoLive.secretKey);
    const states = await listRealmStates(database.db, new Date());
    expect(states.realms.map(({ realm, heldKey, key }) => [realm.id === realmId, heldKey, key])).toEqual([
      [false, 'sk_live_…0key', 'needed'],
      [true, null, 'needed'],
    ]);
  });

  it('a test event at the live endpoint is refused and written down', async () => {
    const { secret } = accounts.places.bravoLive;
    const { id, body } = eventBody({ livemode: false });
    const request = deliveryOf(body, { secret });
    const sent = new Request(`${APP}/webhooks/stripe`, {
      method: 'POST',
      body: await request.arrayBuffer(),
      headers: request.headers,
    });
    const answer = await handle(sent);
    expect([answer.status, await answer.json()]).toEqual([400, { received: false, code: 'wrong_realm' }]);
    expect(await database.db.delivery.findFirst({ where: { eventId: id } })).toMatchObject({
      ...{ verdict: 'wrong_realm', detail: 'a test event at a live realm' },
    });
    expect(await database.db.event.count({ where: { id } })).toBe(0);
  });

  it('nothing of one realm was ever asked in the other', () => {
    const { alphaTest, bravoLive } = accounts.places;
    const [there, here] = [askedOf(alphaTest), askedOf(bravoLive)];
    expect(here.missing).toEqual([]);
    expect(here.ids.size).toBeGreaterThan(1);
    expect([...there.ids].filter((id) => here.ids.has(id))).toEqual([]);
  });
});
