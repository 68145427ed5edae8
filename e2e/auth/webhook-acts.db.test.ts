import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { newSession, newUser } from '../../app/modules/auth/accounts-for-tests';
import { writeSessionToken } from '../../app/modules/auth/index.server';
import { type Role } from '../../app/modules/auth/shared';
import { makeEvent, makeRealm } from '../../app/modules/admin/testing/console-data';
import { closeDb, db } from '../../app/platform/db.server';
import { useTestDatabase } from '../support/test-database';

const database = useTestDatabase();
const APP = 'https://credits.example.com';

/** Imported once the environment is there, as a web process does. */
const routes = {
  replay: () => import('../../app/routes/admin.webhooks.replay'),
  dismiss: () => import('../../app/routes/admin.webhooks.dismiss'),
  mend: () => import('../../app/routes/admin.webhooks.mend'),
};

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('SESSION_SECRET', 'f3a1'.repeat(16));
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51acts0000000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_acts000000000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

async function cookieOf(role: Role): Promise<string> {
  const token = await newSession(database.db, await newUser(database.db, { role }), new Date());
  return (await writeSessionToken(token)).split(';')[0] ?? '';
}

/** What an action answers, or the status by which it refuses. */
async function send(route: keyof typeof routes, cookie: string, fields: Record<string, string>) {
  const { action } = await routes[route]();
  const asked = { key: crypto.randomUUID(), reason: 'other', comment: 'tested', ...fields };
  const body = new URLSearchParams(asked);
  const request = new Request(`${APP}/admin`, { method: 'POST', body, headers: { origin: APP, cookie } });
  try {
    return await action({ request, params: {}, context: {} });
  } catch (refusal) {
    if (refusal instanceof Response) return refusal.status;
    throw refusal;
  }
}

const deadOf = async (realmId: string, data: object = {}) =>
  makeEvent(database.db, { realmId, status: 'dead', reason: 'unknown', decidedAt: new Date(), ...data });

test('a replay: a viewer is refused, one key is one replay, and an event that ran since is told', async () => {
  const realmId = await makeRealm(database.db);
  const id = await deadOf(realmId, { type: 'charge.failed' });
  const fields = (run: number) => ({
    ...{ intent: 'start', realm: realmId, how: 'real', key: crypto.randomUUID() },
    selection: JSON.stringify({ id, run }),
  });
  expect(await send('replay', await cookieOf('viewer'), fields(1))).toBe(403);
  const support = await cookieOf('support');
  expect(await send('replay', support, fields(2))).toMatchObject({ outcome: 'refused' });
  const once = fields(1);
  const answers = await Promise.all([send('replay', support, once), send('replay', support, once)]);
  expect(answers[0]).toMatchObject({ outcome: 'open', message: '1 event: it runs again.' });
  expect(answers[1]).toEqual(answers[0]);
  expect(await database.db.replay.count({ where: { realmId } })).toBe(1);
  expect(await send('replay', support, { ...fields(1), selection: 'no json' })).toMatchObject({
    outcome: 'refused',
  });
});

test('a dismissal of many: each by itself, what was seen otherwise or is settled money is left and told', async () => {
  const realmId = await makeRealm(database.db);
  const money = { amount_received: 700, currency: 'usd' };
  const payload = JSON.stringify({ data: { object: money } });
  const ids = [
    await deadOf(realmId, { type: 'charge.failed' }),
    await deadOf(realmId, { type: 'charge.failed' }),
    await deadOf(realmId, { payload }),
  ];
  const events = ids.map((eventId, n) => ({ realmId, eventId, run: n === 1 ? 7 : 1 }));
  const fields = { intent: 'dismiss', events: JSON.stringify(events) };
  expect(await send('dismiss', await cookieOf('viewer'), fields)).toBe(403);
  expect(await send('dismiss', await cookieOf('support'), fields)).toMatchObject({
    outcome: 'done',
    message:
      '1 event dismissed. 1 event left: not as you saw it any more, so look again. 1 event left: settled money is finance’s to dismiss.',
  });
  const rows = await database.db.event.findMany({ where: { realmId, status: 'dismissed' }, take: 5 });
  expect(rows.map(({ id }) => id)).toEqual(ids.slice(0, 1));
});

test('a proof of identity that is too old is asked for before anything is written', async () => {
  const realmId = await makeRealm(database.db);
  const id = await deadOf(realmId);
  const cookie = await cookieOf('finance');
  await database.db.session.updateMany({ data: { provenAt: new Date(Date.now() - 16 * 60_000) } });
  const seen = { realm: realmId, event: id, run: '1' };
  const price = { intent: 'price', stripePrice: 'price_1', version: 'ver_1 usd', ...seen };
  expect(await send('mend', cookie, price)).toEqual({ outcome: 'prove_first' });
  const dismissal = { intent: 'dismiss', events: JSON.stringify([{ realmId, eventId: id, run: 1 }]) };
  expect(await send('dismiss', cookie, dismissal)).toEqual({ outcome: 'prove_first' });
  expect(await database.db.event.findFirst({ where: { id } })).toMatchObject({ status: 'dead' });
});
