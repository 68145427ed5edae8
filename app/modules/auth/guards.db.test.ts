import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { closeDb, db } from '~/platform/db.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../prisma/demo';
import { seedDemo } from '../../../prisma/seed';
import { contextOf, newSession, newUser, stranger } from './accounts-for-tests';
import { currentUser, requireCustomer, requireStaff, requireUser } from './guards.server';
import { logIn } from './log-in.server';
import { assertSameOrigin } from './same-origin.server';
import { clearSessionToken, readSessionToken, writeSessionToken } from './session-cookie.server';
import { ROLES, type Role, type StaffRole } from './shared';

const database = useTestDatabase();
const APP = 'https://credits.example.com';

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51guards0000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_guards0000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(() => closeDb(db()));

async function requestOf(
  token: string | undefined,
  path = '/admin',
  init: RequestInit = {},
): Promise<Request> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set('cookie', (await writeSessionToken(token)).split(';')[0] ?? '');
  // Behind remix-serve a request is http, whatever the browser used.
  return new Request(new URL(path, 'http://credits.example.com'), { ...init, headers });
}

async function thrown(act: Promise<unknown>): Promise<Response> {
  const error: unknown = await act.then(
    () => new Error('it was let in'),
    (reason: unknown) => reason,
  );
  if (error instanceof Response) return error;
  throw error;
}

async function tokenOf(role: Role): Promise<string> {
  return newSession(database.db, await newUser(database.db, { role }), new Date());
}

test('the cookie is readable by no script, bound to this host, and sent by no foreign form', async () => {
  const header = await writeSessionToken('a'.repeat(43));
  expect(header).toMatch(/^__Host-session=/);
  for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) expect(header).toContain(part);
  expect(header).not.toContain('Domain');
  expect(await clearSessionToken()).toContain('Max-Age=0');
});

test('a cookie that holds no token of ours is no cookie', async () => {
  for (const value of ['', 'x', 'not base64 at all', Buffer.from('{"a":1}').toString('base64')]) {
    const request = new Request(APP, { headers: { cookie: `__Host-session=${value}` } });
    expect(await readSessionToken(request)).toBeUndefined();
    expect(await currentUser(request)).toBeUndefined();
  }
});

test('without a session a page leads to the log-in and back again', async () => {
  const response = await thrown(requireUser(await requestOf(undefined, '/history?kind=pack')));
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe(`/log-in?next=${encodeURIComponent('/history?kind=pack')}`);
});

test('a form that was sent without a session leads back to its page, never to another site', async () => {
  const sent = (referer: string) =>
    requestOf(undefined, '/checkout', { method: 'POST', headers: { referer } });
  const own = await thrown(requireUser(await sent(`${APP}/?pack=team`)));
  expect(own.headers.get('location')).toBe(`/log-in?next=${encodeURIComponent('/?pack=team')}`);
  const foreign = await thrown(requireUser(await sent('https://evil.example/trap')));
  expect(foreign.headers.get('location')).toBe(`/log-in?next=${encodeURIComponent('/')}`);
});

const RANKS: StaffRole[] = ['viewer', 'support', 'finance', 'admin'];

test.each(ROLES)('the role %s passes exactly the guards up to its own rank', async (role) => {
  const token = await tokenOf(role);
  for (const least of RANKS) {
    const passes = ROLES.indexOf(role) >= ROLES.indexOf(least);
    const request = await requestOf(token);
    if (passes) expect(await requireStaff(request, least)).toMatchObject({ role });
    else expect((await thrown(requireStaff(request, least))).status).toBe(403);
  }
});

test('no session, a forged one and an ended one pass no staff guard', async () => {
  const ended = await tokenOf('admin');
  await database.db.session.deleteMany({});
  for (const token of [undefined, 'b'.repeat(43), ended]) {
    expect((await thrown(requireStaff(await requestOf(token), 'viewer'))).status).toBe(303);
  }
});

test('the accounts of the demo open nothing outside demo mode, though their rows and sessions stand', async () => {
  await seedDemo(database.db);
  for (const { email } of DEMO_ACCOUNTS) {
    const result = await logIn(contextOf(database.db, new Date()), {
      email,
      password: DEMO_PASSWORD,
      client: stranger().client,
      former: undefined,
    });
    if (result.outcome !== 'logged_in') throw new Error(result.outcome);
    expect(await currentUser(await requestOf(result.token))).toBeUndefined();
    expect((await thrown(requireUser(await requestOf(result.token)))).status).toBe(303);
  }
});

test('a role that is taken away is gone with the next request', async () => {
  const person = await newUser(database.db, { role: 'admin' });
  const token = await newSession(database.db, person, new Date());
  await database.db.user.update({ where: { id: person.userId }, data: { role: 'viewer' } });
  expect((await thrown(requireStaff(await requestOf(token), 'support'))).status).toBe(403);
  expect(await requireStaff(await requestOf(token), 'viewer')).toMatchObject({ role: 'viewer' });
});

test('a customer is let in as the holder of their credits; staff hold none', async () => {
  const person = await newUser(database.db);
  const token = await newSession(database.db, person, new Date());
  expect(await requireCustomer(await requestOf(token, '/'))).toMatchObject({ customerId: person.customerId });
  expect((await thrown(requireCustomer(await requestOf(await tokenOf('finance'), '/')))).status).toBe(403);
});

test('an action refuses a form of another site with 403', async () => {
  const sent = (headers: HeadersInit) => requestOf(undefined, '/log-in', { method: 'POST', headers });
  const refused = (request: Request) => thrown(Promise.resolve().then(() => assertSameOrigin(request)));
  expect((await refused(await sent({ origin: 'https://evil.example' }))).status).toBe(403);
  expect((await refused(await sent({}))).status).toBe(403);
  expect(() => assertSameOrigin(new Request(APP, { headers: { origin: APP } }))).not.toThrow();
});
