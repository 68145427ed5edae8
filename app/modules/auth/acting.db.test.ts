import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { closeDb, db } from '~/platform/db.server';
import { minutes, seconds } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, PASSWORD } from './accounts-for-tests';
import { actingStaff, requireStaff } from './guards.server';
import { proveIdentity } from './prove-identity.server';
import { writeSessionToken } from './session-cookie.server';
import { type SessionUser } from './shared';

const database = useTestDatabase();
const APP = 'https://credits.example.com';

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51acting0000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_acting0000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(async () => {
  await closeDb(db());
  vi.unstubAllEnvs();
});

type Person = Awaited<ReturnType<typeof newUser>>;

/** Two log-ins of one person; both proved as long ago as is said. */
async function loggedIn(person: Person, provenAgo: number) {
  const requests = [];
  while (requests.length < 2) {
    const token = await newSession(database.db, person, new Date());
    const cookie = (await writeSessionToken(token)).split(';')[0] ?? '';
    requests.push(
      new Request(`${APP}/admin`, {
        method: 'POST',
        headers: { cookie, referer: `${APP}/admin/payments?q=x` },
      }),
    );
  }
  const provenAt = new Date(Date.now() - provenAgo);
  await database.db.session.updateMany({ where: { userId: person.userId }, data: { provenAt } });
  const [here, elsewhere] = requests;
  if (here === undefined || elsewhere === undefined) throw new Error('No log-ins.');
  return { here, elsewhere };
}

const prove = (user: SessionUser, password: string) =>
  proveIdentity(contextOf(database.db, new Date()), { user, password });

test('who proved within 15 minutes acts; after that they prove first', async () => {
  const person = await newUser(database.db, { role: 'finance' });
  const fresh = await loggedIn(person, minutes(15) - seconds(20));
  expect(await actingStaff(fresh.here, 'support')).toMatchObject({
    outcome: 'acting',
    user: { role: 'finance' },
  });
  const stale = await loggedIn(person, minutes(15));
  expect(await actingStaff(stale.here, 'support')).toEqual({ outcome: 'prove_first' });
});

test('a lower role is refused before any proof is asked for', async () => {
  const { here } = await loggedIn(await newUser(database.db, { role: 'support' }), minutes(60));
  await expect(actingStaff(here, 'admin')).rejects.toMatchObject({ status: 403 });
});

test('a proof renews the log-in that it was given in, and no other', async () => {
  const person = await newUser(database.db, { role: 'admin' });
  const { here, elsewhere } = await loggedIn(person, minutes(60));
  const user = await requireStaff(here, 'admin');
  expect(await prove(user, 'not the right one')).toEqual({ outcome: 'wrong_password' });
  expect(await actingStaff(here, 'admin')).toEqual({ outcome: 'prove_first' });
  expect(await prove(user, PASSWORD)).toEqual({ outcome: 'proven' });
  expect(await actingStaff(here, 'admin')).toMatchObject({ outcome: 'acting' });
  expect(await actingStaff(elsewhere, 'admin')).toEqual({ outcome: 'prove_first' });
});

test('ten passwords are tried, not more, and a right one begins anew', async () => {
  const { here } = await loggedIn(await newUser(database.db, { role: 'viewer' }), minutes(60));
  const user = await requireStaff(here, 'viewer');
  for (let tried = 0; tried < 9; tried += 1) await prove(user, 'not the right one');
  expect(await prove(user, PASSWORD)).toEqual({ outcome: 'proven' });
  for (let tried = 0; tried < 10; tried += 1)
    expect(await prove(user, 'not the right one')).toEqual({ outcome: 'wrong_password' });
  expect(await prove(user, PASSWORD)).toMatchObject({ outcome: 'limited' });
});

test('with two-step log-in the dialog asks for a code too', async () => {
  const person = await newUser(database.db, { role: 'support' });
  const { here } = await loggedIn(person, minutes(60));
  await database.db.totp.create({
    data: { userId: person.userId, secret: 'x', createdAt: new Date(), confirmedAt: new Date() },
  });
  expect(await actingStaff(here, 'support')).toEqual({ outcome: 'prove_first', withCode: true });
});

test('where staff need two-step log-in, who has none is led to set it up, back again, and nowhere else', async () => {
  const person = await newUser(database.db, { role: 'support' });
  const { here } = await loggedIn(person, 0);
  const needed = { twoStep: 'required' } as const;
  const refusal: unknown = await requireStaff(here, 'support', needed).catch((reason: unknown) => reason);
  if (!(refusal instanceof Response)) throw new Error('They were let in.');
  expect(refusal.status).toBe(303);
  expect(refusal.headers.get('location')).toBe(
    `/account/two-step?next=${encodeURIComponent('/admin/payments?q=x')}`,
  );
  await expect(requireStaff(here, 'admin', needed)).rejects.toMatchObject({ status: 403 });
  const row = { userId: person.userId, secret: 'x', createdAt: new Date() };
  await database.db.totp.create({ data: row });
  await expect(requireStaff(here, 'support', needed)).rejects.toMatchObject({ status: 303 });
  await database.db.totp.update({ where: { userId: person.userId }, data: { confirmedAt: new Date() } });
  expect(await requireStaff(here, 'support', needed)).toMatchObject({ hasTotp: true });
});
