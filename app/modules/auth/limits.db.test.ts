import { afterAll, beforeAll, expect, test } from 'vitest';

import { closeDb, createDb, type Db } from '~/platform/db.server';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, NOW, PASSWORD, stranger } from './accounts-for-tests';
import { changePassword } from './change-password.server';
import { logIn } from './log-in.server';
import { countTry, networkOf } from './rate-limits.server';
import { readSession } from './sessions.server';
import { signUp } from './sign-up.server';

const database = useTestDatabase();
let secondProcess: Db;
beforeAll(() => {
  secondProcess = createDb(database.url, 4);
});
afterAll(() => closeDb(secondProcess));

const attempt = (db: Db, person: ReturnType<typeof stranger>, password = 'not the right one') =>
  logIn(contextOf(db), { ...person, password, former: undefined });

const limited = { outcome: 'limited', retryAfterSeconds: expect.any(Number) };

test('ten wrong passwords for one account, over two processes, close it to that address for a while', async () => {
  const person = await newUser(database.db);
  for (let n = 0; n < 10; n += 1) {
    const db = n % 2 === 0 ? database.db : secondProcess;
    expect(await attempt(db, person)).toEqual({ outcome: 'refused' });
  }
  for (const db of [database.db, secondProcess]) {
    const result = await attempt(db, person, PASSWORD);
    expect(result).toEqual(limited);
    if (result.outcome !== 'limited') throw new Error(result.outcome);
    expect(result.retryAfterSeconds).toBeGreaterThan(0);
    expect(result.retryAfterSeconds).toBeLessThanOrEqual(15 * 60);
  }
  const elsewhere = { email: person.email, client: stranger().client };
  expect(await attempt(database.db, elsewhere, PASSWORD)).toMatchObject({ outcome: 'logged_in' });
});

test('thirty guesses at once, over two processes, are ten', async () => {
  const person = await newUser(database.db);
  const results = await Promise.all(
    Array.from({ length: 30 }, (_, n) => attempt(n % 2 === 0 ? database.db : secondProcess, person)),
  );
  expect(results.filter(({ outcome }) => outcome === 'refused')).toHaveLength(10);
  expect(results.filter(({ outcome }) => outcome === 'limited')).toHaveLength(20);
});

test('a hundred guesses at one account from many networks close it to all of them for a while', async () => {
  const { email } = await newUser(database.db);
  for (let n = 0; n < 99; n += 1) await countTry(secondProcess, 'log_in_account_anywhere', email);
  const from = () => ({ email, client: stranger().client });
  expect(await attempt(database.db, from())).toEqual({ outcome: 'refused' });
  const result = await attempt(database.db, from(), PASSWORD);
  expect(result).toEqual(limited);
  if (result.outcome !== 'limited') throw new Error(result.outcome);
  expect(result.retryAfterSeconds).toBeGreaterThan(50 * 60);
  expect(result.retryAfterSeconds).toBeLessThanOrEqual(60 * 60);
});

test('one network alone cannot close an account to the others', async () => {
  const person = await newUser(database.db);
  await Promise.all(Array.from({ length: 110 }, () => attempt(database.db, person)));
  const elsewhere = { email: person.email, client: stranger().client };
  expect(await attempt(database.db, elsewhere, PASSWORD)).toMatchObject({ outcome: 'logged_in' });
});

test('an address that is not known is limited like one that is', async () => {
  const person = stranger();
  for (let n = 0; n < 10; n += 1) {
    expect(await attempt(database.db, person)).toEqual({ outcome: 'refused' });
  }
  expect(await attempt(database.db, person)).toEqual(limited);
});

test('a log-in forgets the wrong tries before it', async () => {
  const person = await newUser(database.db);
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 6; n += 1) await attempt(database.db, person);
    expect(await attempt(database.db, person, PASSWORD)).toMatchObject({ outcome: 'logged_in' });
  }
});

test('one address that tries many accounts is stopped', async () => {
  const { client } = stranger();
  for (let n = 0; n < 60; n += 1) {
    expect(await countTry(database.db, 'log_in_address', networkOf(client.ip))).toEqual({
      outcome: 'allowed',
    });
  }
  expect(await attempt(secondProcess, { email: stranger().email, client })).toEqual(limited);
});

test('sign-ups of one address are limited, and the limited one leaves nothing', async () => {
  const { client } = stranger();
  for (let n = 0; n < 20; n += 1) await countTry(secondProcess, 'sign_up_address', networkOf(client.ip));
  const { email } = stranger();
  const result = await signUp(contextOf(database.db), {
    email,
    name: 'R',
    password: PASSWORD,
    next: '/',
    client,
  });
  expect(result).toEqual(limited);
  expect(await database.db.user.count({ where: { email } })).toBe(0);
  expect(await database.db.mail.count({ where: { recipient: email } })).toBe(0);
});

test('the current password can be guessed ten times, then not even the right one is taken', async () => {
  const visitor = await readSession(
    database.db,
    await newSession(database.db, await newUser(database.db)),
    NOW,
  );
  if (visitor?.kind !== 'user') throw new Error('no session');
  const { user } = visitor;
  const change = (current: string) =>
    changePassword(contextOf(database.db), { user, current, password: 'a quite different one' });
  for (let n = 0; n < 10; n += 1) expect(await change('not it')).toEqual({ outcome: 'wrong_current' });
  expect(await change(PASSWORD)).toEqual(limited);
});

test('the table names nobody', async () => {
  const person = stranger();
  await attempt(database.db, person);
  const rows = JSON.stringify(await database.db.rateLimit.findMany({ select: { key: true }, take: 1000 }));
  expect(rows).not.toContain(person.email);
  expect(rows).not.toContain(person.client.ip);
});

test('while the database does not answer, this process still counts by itself', async () => {
  const gone = createDb('postgresql://nobody@127.0.0.1:1/none', 1);
  for (let n = 0; n < 5; n += 1) {
    expect(await countTry(gone, 'mail_user', 'usr_1')).toEqual({ outcome: 'allowed' });
  }
  expect(await countTry(gone, 'mail_user', 'usr_1')).toEqual(limited);
  await closeDb(gone);
});
