import { expect, test } from 'vitest';

import { days, hours, minutes } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, NOW, PASSWORD } from './accounts-for-tests';
import { logIn } from './log-in.server';
import { logOut } from './log-out.server';
import { endSession, endSessions, listSessions, readSession } from './sessions.server';
import { hashOfToken } from './token.server';

const database = useTestDatabase();
const later = (ms: number) => new Date(NOW.getTime() + ms);

test('a log-in opens a session of that user and customer', async () => {
  const person = await newUser(database.db);
  const token = await newSession(database.db, person);
  expect(await readSession(database.db, token, NOW)).toEqual({
    kind: 'user',
    user: {
      id: person.userId,
      email: person.email,
      name: 'Robin',
      role: 'customer',
      emailVerified: true,
      customerId: person.customerId,
      sessionId: hashOfToken(token),
      hasTotp: false,
      provenAt: NOW,
    },
  });
});

test('the database alone opens no session: it holds the hash of the token, and the hash is no token', async () => {
  const token = await newSession(database.db, await newUser(database.db));
  const rows = await database.db.session.findMany({ take: 100 });
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(await readSession(database.db, hashOfToken(token), NOW)).toBeUndefined();
});

test('a session that is not used ends after 30 days', async () => {
  const token = await newSession(database.db, await newUser(database.db));
  expect(await readSession(database.db, token, later(days(30)))).toBeUndefined();
});

test('each use begins the 30 days anew', async () => {
  const token = await newSession(database.db, await newUser(database.db));
  expect(await readSession(database.db, token, later(days(29)))).toBeDefined();
  expect(await readSession(database.db, token, later(days(58)))).toBeDefined();
  expect(await readSession(database.db, token, later(days(88) + minutes(1)))).toBeUndefined();
});

test('uses within the hour write nothing', async () => {
  const token = await newSession(database.db, await newUser(database.db));
  await readSession(database.db, token, later(minutes(59)));
  const { lastSeenAt } = await database.db.session.findUniqueOrThrow({ where: { id: hashOfToken(token) } });
  expect(lastSeenAt).toEqual(NOW);
  await readSession(database.db, token, later(hours(1)));
  const touched = await database.db.session.findUniqueOrThrow({ where: { id: hashOfToken(token) } });
  expect(touched.lastSeenAt).toEqual(later(hours(1)));
});

test('a log-in gets a new token and ends the one that the browser held', async () => {
  const person = await newUser(database.db);
  const former = await newSession(database.db, person);
  const result = await logIn(contextOf(database.db), {
    email: person.email,
    password: PASSWORD,
    client: person.client,
    former,
  });
  expect(result).toMatchObject({ outcome: 'logged_in' });
  expect(result).not.toMatchObject({ token: former });
  expect(await readSession(database.db, former, NOW)).toBeUndefined();
});

test('a log-out ends the session for everyone who holds its token', async () => {
  const token = await newSession(database.db, await newUser(database.db));
  await logOut(contextOf(database.db), token);
  expect(await readSession(database.db, token, NOW)).toBeUndefined();
});

test("nobody ends another user's session", async () => {
  const [mine, theirs] = [await newUser(database.db), await newUser(database.db)];
  const token = await newSession(database.db, theirs);
  expect(await endSession(database.db, mine.userId, hashOfToken(token))).toBe(false);
  expect(await readSession(database.db, token, NOW)).toBeDefined();
  expect(await endSession(database.db, theirs.userId, hashOfToken(token))).toBe(true);
  expect(await readSession(database.db, token, NOW)).toBeUndefined();
});

test('the list shows the live sessions of this user only, and all others can be ended at once', async () => {
  const person = await newUser(database.db);
  const other = await newSession(database.db, await newUser(database.db));
  const old = await newSession(database.db, person, later(-days(31)));
  const [first, second] = [await newSession(database.db, person), await newSession(database.db, person)];
  const listed = await listSessions(database.db, person.userId, NOW);
  expect(listed.map(({ id }) => id).sort()).toEqual([hashOfToken(first), hashOfToken(second)].sort());
  expect(listed.map(({ id }) => id)).not.toContain(hashOfToken(old));
  expect(await endSessions(database.db, person.userId, hashOfToken(first))).toBe(1);
  expect(await readSession(database.db, first, NOW)).toBeDefined();
  expect(await readSession(database.db, second, NOW)).toBeUndefined();
  expect(await readSession(database.db, other, NOW)).toBeDefined();
});
