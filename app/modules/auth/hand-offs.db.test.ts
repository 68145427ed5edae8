import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { closeDb, db } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days, hours } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, NOW, stranger } from './accounts-for-tests';
import { ensureCustomer, keepContact } from './ensure-customer.server';
import { currentUser, currentVisitor, requireCustomer, requireStaff, requireUser } from './guards.server';
import { endedHandOff, leadBack } from './hand-off-guards.server';
import { startHandOff } from './hand-offs.server';
import { logOut } from './log-out.server';
import { writeSessionToken } from './session-cookie.server';
import { readSession } from './sessions.server';
import { externalIdSchema } from './shared';

const database = useTestDatabase();
const APP = 'https://credits.example.com';
const BACK = 'https://product.example.com/credits';

beforeAll(() => {
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('CREDENCE_MODE', 'test');
  vi.stubEnv('APP_URL', APP);
  vi.stubEnv('STRIPE_SECRET_KEY', 'sk_test_51guards0000');
  vi.stubEnv('STRIPE_WEBHOOK_SECRETS', 'whsec_guards0000');
  vi.stubEnv('MAIL_SANDBOX_URL', 'http://127.0.0.1:1/mail');
});
afterAll(() => closeDb(db()));

const later = (ms: number) => new Date(NOW.getTime() + ms);
const newCustomer = () => ensureCustomer(database.db, `user_${newId('req')}`);

async function handOff(customerId: string, now = NOW, book: 'test' | 'live' = 'test') {
  const { client } = stranger();
  return startHandOff(database.db, { customerId, book, returnUrl: BACK, client, now, former: undefined });
}

async function requestOf(token: string, path = '/'): Promise<Request> {
  const cookie = (await writeSessionToken(token)).split(';')[0] ?? '';
  return new Request(new URL(path, APP), { headers: { cookie } });
}

const statusOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'let in',
    (reason: unknown) => {
      if (!(reason instanceof Response)) throw reason;
      return reason.headers.get('location') ?? reason.status;
    },
  );

test('a hand-off shops as its customer, whose address nobody has to confirm', async () => {
  const customerId = await newCustomer();
  const request = await requestOf(await handOff(customerId, new Date()));
  expect(await requireCustomer(request)).toEqual({
    ...{ customerId, email: null, name: null, mayBuy: true },
    wayBack: { to: BACK, label: 'Back to product.example.com' },
  });
  expect(await currentVisitor(request)).toMatchObject({ kind: 'handed_off', customer: { customerId } });
});

test('a hand-off is no person who logged in, and no staff', async () => {
  const request = await requestOf(await handOff(await newCustomer(), new Date()));
  expect(await currentUser(request)).toBeUndefined();
  expect(await statusOf(requireUser(request))).toBe(403);
  for (const least of ['viewer', 'support', 'finance', 'admin'] as const)
    expect(await statusOf(requireStaff(request, least))).toBe(403);
});

test('a hand-off of a customer who has a log-in is not that log-in', async () => {
  const person = await newUser(database.db);
  const request = await requestOf(await handOff(person.customerId ?? '', new Date()));
  expect(await requireCustomer(request)).toMatchObject({
    customerId: person.customerId,
    wayBack: { to: BACK },
  });
  expect(await currentUser(request)).toBeUndefined();
  expect(await statusOf(requireUser(request))).toBe(403);
});

test('a hand-off of the other book opens nothing', async () => {
  const request = await requestOf(await handOff(await newCustomer(), new Date(), 'live'));
  expect(await currentVisitor(request)).toBeUndefined();
  expect(await statusOf(requireCustomer(request))).toContain('/log-in');
});

test('a hand-off ends twelve hours after it began, however much it is used', async () => {
  const token = await handOff(await newCustomer());
  for (let hour = 1; hour < 12; hour += 1)
    expect(await readSession(database.db, token, later(hours(hour)))).toBeDefined();
  expect(await readSession(database.db, token, later(hours(12) - 1))).toBeDefined();
  expect(await readSession(database.db, token, later(hours(12)))).toBeUndefined();
  const session = await database.db.session.findFirstOrThrow({ where: { customerId: { not: null } } });
  expect(session.lastSeenAt.getTime()).toBeGreaterThan(NOW.getTime());
});

test('whose hand-off is over is led back to the product, not to a log-in', async () => {
  const request = await requestOf(await handOff(await newCustomer(), new Date(Date.now() - hours(13))));
  expect(await endedHandOff(request)).toBe(BACK);
  expect(await statusOf(requireCustomer(request))).toBe('/hand-off');
  expect(await statusOf(leadBack(request))).toBe('/hand-off');
  expect(await statusOf(requireUser(request))).toContain('/log-in');
});

test('nobody else is led back: not without a session, with a live one, or after a log-in', async () => {
  const [customerId, person] = [await newCustomer(), await newUser(database.db)];
  const tokens = ['a'.repeat(43), await handOff(customerId, new Date())];
  tokens.push(await newSession(database.db, person, later(-days(90))));
  for (const token of tokens) {
    const request = await requestOf(token);
    expect(await endedHandOff(request)).toBeUndefined();
    await leadBack(request);
  }
});

test('who leaves is out, and their browser still knows the way back', async () => {
  const token = await handOff(await newCustomer(), new Date(Date.now() - hours(1)));
  expect(await logOut(contextOf(database.db, new Date()), token)).toEqual({ outcome: 'left' });
  const request = await requestOf(token);
  expect(await statusOf(requireCustomer(request))).toBe('/hand-off');
  expect(await endedHandOff(request)).toBe(BACK);
  expect(await logOut(contextOf(database.db, new Date()), token)).toEqual({ outcome: 'logged_out' });
  expect(await endedHandOff(request)).toBeUndefined();
});

test('a hand-off that is over for a month is forgotten by the next', async () => {
  const customerId = await newCustomer();
  await handOff(customerId);
  await handOff(customerId, later(days(30)));
  expect(await database.db.session.count({ where: { customerId } })).toBe(2);
  await handOff(customerId, later(days(30) + hours(12)));
  expect(await database.db.session.count({ where: { customerId } })).toBe(2);
});

test('a session is of a user or of a customer, and a hand-off cannot be made to last', async () => {
  const person = await newUser(database.db);
  const row = { createdAt: NOW, expiresAt: later(hours(12)), returnUrl: BACK, book: 'test' as const };
  const insert = (data: { userId?: string; customerId?: string } & Partial<typeof row>) =>
    database.db.session.create({ data: { ...row, id: newId('req'), ...data } });
  const [userId, customerId] = [person.userId, person.customerId ?? ''];
  await expect(insert({ userId, customerId })).rejects.toThrow(/session_of_one/);
  const nobody = { id: newId('req'), createdAt: NOW, expiresAt: later(hours(1)) };
  await expect(database.db.session.create({ data: nobody })).rejects.toThrow(/session_of_one/);
  await expect(insert({ userId })).rejects.toThrow(/session_hand_off/);
  await expect(insert({ customerId, expiresAt: later(hours(12) + 1) })).rejects.toThrow(
    /session_hand_off_life/,
  );
  await expect(insert({ customerId, returnUrl: 'javascript:alert(1)' })).rejects.toThrow(
    /session_return_url/,
  );
  await expect(insert({ customerId })).resolves.toBeDefined();
});

test('the product’s name for a user finds one customer, also when it is used twenty times at once', async () => {
  const externalId = `user_${newId('req')}`;
  const found = await Promise.all(Array.from({ length: 20 }, () => ensureCustomer(database.db, externalId)));
  expect(new Set(found).size).toBe(1);
  expect(found[0]).toMatch(/^cst_/);
  expect(await ensureCustomer(database.db, externalId)).toBe(found[0]);
  expect(await ensureCustomer(database.db, `${externalId}.`)).not.toBe(found[0]);
  expect(await database.db.customer.count({ where: { externalId } })).toBe(1);
});

test.each([
  ['user_42', true],
  ['A.b-c:d@e+f|g=h~i', true],
  ['x'.repeat(128), true],
  ['cst', true],
  ['CST_1', true],
  ['', false],
  ['x'.repeat(129), false],
  ['cst_1', false],
  ['a b', false],
  ['a/b', false],
  ['ä', false],
  ['a\n', false],
  ["a'--", false],
])('%j is a name for a user: %s, to the schema and to the database', async (externalId, isOne) => {
  expect(externalIdSchema.safeParse(externalId).success).toBe(isOne);
  const made = ensureCustomer(database.db, externalId).then(
    () => true,
    (error: unknown) => {
      expect(String(error)).toContain('customer_external_id');
      return false;
    },
  );
  expect(await made).toBe(isOne);
});

test('what the product tells of its user is kept, and a log-in of their own stays as it is', async () => {
  const [customerId, person] = [await newCustomer(), await newUser(database.db)];
  const read = (id: string) =>
    database.db.customer.findUniqueOrThrow({ where: { id }, select: { email: true, name: true } });
  await keepContact(database.db, customerId, {});
  expect(await read(customerId)).toEqual({ email: null, name: null });
  await keepContact(database.db, customerId, { email: 'ada@example.com' });
  await keepContact(database.db, customerId, { name: 'Ada' });
  expect(await read(customerId)).toEqual({ email: 'ada@example.com', name: 'Ada' });
  await keepContact(database.db, person.customerId ?? '', { email: 'eve@example.com', name: 'Eve' });
  expect(await read(person.customerId ?? '')).toEqual({ email: person.email, name: 'Robin' });
});
