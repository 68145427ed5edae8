import { expect, test } from 'vitest';

import { hours, minutes } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import {
  contextOf,
  newSession,
  newUser,
  NOW,
  PASSWORD,
  signUpAndReadToken,
  stranger,
  tokenInMail,
} from './accounts-for-tests';
import { confirmEmail, readConfirmation } from './confirm-email.server';
import { logIn } from './log-in.server';
import { requestReset, resendConfirmation } from './request-mail.server';
import { readReset, resetPassword } from './reset-password.server';
import { readSession } from './sessions.server';

const database = useTestDatabase();
const NEW_PASSWORD = 'five other random old words';
const later = (ms: number) => new Date(NOW.getTime() + ms);

const confirm = (token: string, now = NOW, password = PASSWORD) =>
  confirmEmail(contextOf(database.db, now), {
    token,
    password,
    client: stranger().client,
    former: undefined,
  });

const reset = (token: string, now = NOW) =>
  resetPassword(contextOf(database.db, now), { token, password: NEW_PASSWORD });

async function askReset(email: string, now = NOW): Promise<string> {
  await requestReset(contextOf(database.db, now), { email, client: stranger().client });
  return tokenInMail(database.db, email, 'auth.reset');
}

const outcomes = (results: { outcome: string }[]) => results.map(({ outcome }) => outcome).sort();

test('the link of the mail, with the password of the sign-up, confirms the address and logs in', async () => {
  const { email, token } = await signUpAndReadToken(database.db);
  const result = await confirm(token);
  if (result.outcome !== 'confirmed') throw new Error(result.outcome);
  expect(await readSession(database.db, result.token, NOW)).toMatchObject({
    user: { email, emailVerified: true },
  });
});

test('a link without the password confirms nothing and stays good', async () => {
  const { email, client, token } = await signUpAndReadToken(database.db);
  expect(await confirm(token, NOW, NEW_PASSWORD)).toEqual({ outcome: 'wrong_password' });
  const row = await database.db.user.findUniqueOrThrow({ where: { email } });
  expect(row.emailVerifiedAt).toBeNull();
  expect(await database.db.session.count({ where: { userId: row.id } })).toBe(0);
  const attempt = { email, client, password: PASSWORD, former: undefined };
  expect(await logIn(contextOf(database.db), attempt)).toEqual({ outcome: 'refused' });
  expect(await confirm(token)).toMatchObject({ outcome: 'confirmed' });
});

test('who signs up with a stranger’s address never gets in: the owner proves it with a password of their own', async () => {
  const { email, client, token } = await signUpAndReadToken(database.db);
  expect(await confirm(token, NOW, 'what the owner would type')).toEqual({ outcome: 'wrong_password' });
  expect(await reset(await askReset(email))).toEqual({ outcome: 'reset' });
  const again = { email, client, former: undefined };
  expect(await logIn(contextOf(database.db), { ...again, password: PASSWORD })).toEqual({
    outcome: 'refused',
  });
  expect(await logIn(contextOf(database.db), { ...again, password: NEW_PASSWORD })).toMatchObject({
    outcome: 'logged_in',
  });
});

test('the password of a confirmation can be guessed ten times, then not even the right one is taken', async () => {
  const { token } = await signUpAndReadToken(database.db);
  for (let n = 0; n < 10; n += 1) {
    expect(await confirm(token, NOW, NEW_PASSWORD)).toEqual({ outcome: 'wrong_password' });
  }
  expect(await confirm(token)).toEqual({ outcome: 'limited', retryAfterSeconds: expect.any(Number) });
  expect(await readConfirmation(contextOf(database.db), token)).toBeDefined();
});

test('looking at a link does not use it up', async () => {
  const { email, token } = await signUpAndReadToken(database.db);
  const context = contextOf(database.db);
  expect(await readConfirmation(context, token)).toEqual({ email });
  expect(await readConfirmation(context, token)).toEqual({ email });
  expect(await confirm(token)).toMatchObject({ outcome: 'confirmed' });
  expect(await readConfirmation(context, token)).toBeUndefined();
});

test('a confirmation works once', async () => {
  const { token } = await signUpAndReadToken(database.db);
  expect(await confirm(token)).toMatchObject({ outcome: 'confirmed' });
  expect(await confirm(token)).toEqual({ outcome: 'link_over' });
});

test('of eight uses of one link at once exactly one works', async () => {
  const { token } = await signUpAndReadToken(database.db);
  const results = await Promise.all(Array.from({ length: 8 }, () => confirm(token)));
  expect(outcomes(results)).toEqual(['confirmed', ...Array.from({ length: 7 }, () => 'link_over')]);
});

test('of two links of one address used at once exactly one works, and the other is over', async () => {
  const { email, token, client } = await signUpAndReadToken(database.db);
  await resendConfirmation(contextOf(database.db), { email, client });
  const second = await tokenInMail(database.db, email, 'auth.verify');
  expect(second).not.toBe(token);
  expect(outcomes(await Promise.all([confirm(token), confirm(second)]))).toEqual(['confirmed', 'link_over']);
});

test('a confirmation works for 24 hours', async () => {
  const [early, late] = [await signUpAndReadToken(database.db), await signUpAndReadToken(database.db)];
  expect(await confirm(early.token, later(hours(24) - 1))).toMatchObject({ outcome: 'confirmed' });
  expect(await confirm(late.token, later(hours(24)))).toEqual({ outcome: 'link_over' });
});

test('a link does only what it was sent for', async () => {
  const { email, token } = await signUpAndReadToken(database.db);
  expect(await reset(token)).toEqual({ outcome: 'link_over' });
  expect(await confirm(await askReset(email))).toEqual({ outcome: 'link_over' });
});

test('the database alone opens no account: it holds the hash of a link only', async () => {
  const { token } = await signUpAndReadToken(database.db);
  expect(JSON.stringify(await database.db.emailToken.findMany({ take: 100 }))).not.toContain(token);
});

test('a reset sets the password, ends every session and every other link, and says so by mail', async () => {
  const person = await newUser(database.db);
  const sessions = [await newSession(database.db, person), await newSession(database.db, person)];
  const [first, second] = [await askReset(person.email), await askReset(person.email)];
  expect(await readReset(contextOf(database.db), second)).toEqual({ email: person.email });
  expect(await reset(second)).toEqual({ outcome: 'reset' });
  for (const token of sessions) expect(await readSession(database.db, token, NOW)).toBeUndefined();
  expect(await reset(first)).toEqual({ outcome: 'link_over' });
  const again = { email: person.email, client: person.client, former: undefined };
  expect(await logIn(contextOf(database.db), { ...again, password: PASSWORD })).toEqual({
    outcome: 'refused',
  });
  expect(await logIn(contextOf(database.db), { ...again, password: NEW_PASSWORD })).toMatchObject({
    outcome: 'logged_in',
  });
  const told = { recipient: person.email, kind: 'auth.password_changed' };
  expect(await database.db.mail.count({ where: told })).toBe(1);
});

test('of eight resets with one link at once exactly one works', async () => {
  const { email } = await newUser(database.db);
  const token = await askReset(email);
  const results = await Promise.all(Array.from({ length: 8 }, () => reset(token)));
  expect(outcomes(results)).toEqual([...Array.from({ length: 7 }, () => 'link_over'), 'reset']);
});

test('a reset works for an hour', async () => {
  const { email } = await newUser(database.db);
  const token = await askReset(email);
  expect(await reset(token, later(hours(1)))).toEqual({ outcome: 'link_over' });
  expect(await reset(token, later(hours(1) - minutes(1)))).toEqual({ outcome: 'reset' });
});

test('who resets the password has proven the address; a former confirmation link no longer logs in', async () => {
  const { email, token, client } = await signUpAndReadToken(database.db);
  expect(await reset(await askReset(email))).toEqual({ outcome: 'reset' });
  expect(await confirm(token)).toEqual({ outcome: 'link_over' });
  const result = await logIn(contextOf(database.db), {
    email,
    client,
    password: NEW_PASSWORD,
    former: undefined,
  });
  expect(result).toMatchObject({ outcome: 'logged_in' });
});

test('the address itself is no password, and trying it leaves the link good', async () => {
  const { email } = await newUser(database.db);
  const token = await askReset(email);
  const context = contextOf(database.db);
  expect(await resetPassword(context, { token, password: email.toUpperCase() })).toEqual({
    outcome: 'password_is_email',
  });
  expect(await reset(token)).toEqual({ outcome: 'reset' });
});
