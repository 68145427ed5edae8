import { expect, test } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import {
  contextOf,
  newUser,
  PASSWORD,
  signUpAndReadToken,
  stranger,
  tokenInMail,
} from './accounts-for-tests';
import { logIn } from './log-in.server';
import { requestReset, resendConfirmation } from './request-mail.server';
import { resetPassword } from './reset-password.server';
import { signUp } from './sign-up.server';

const database = useTestDatabase();

const mailsTo = async (recipient: string) => {
  const mails = await database.db.mail.findMany({ where: { recipient }, select: { kind: true }, take: 20 });
  return mails.map(({ kind }) => kind);
};

const trySignUp = (email: string) =>
  signUp(contextOf(database.db), {
    email,
    name: 'Somebody Else',
    password: 'a password of somebody else',
    next: '/',
    client: stranger().client,
  });

test('signing up with a free and with a taken address gets the same answer; only the mail differs', async () => {
  const free = stranger().email;
  const taken = (await newUser(database.db)).email;
  const answers = [await trySignUp(free), await trySignUp(taken)];
  expect(answers[0]).toEqual({ outcome: 'check_mail' });
  expect(answers[1]).toEqual(answers[0]);
  expect(await mailsTo(free)).toEqual(['auth.verify']);
  expect(await mailsTo(taken)).toEqual(['auth.sign_up_taken']);
});

test('a sign-up with a taken address changes nothing of the account, whose owner can reset it from the mail', async () => {
  const { email, userId, client } = await newUser(database.db);
  const before = await database.db.user.findUniqueOrThrow({ where: { id: userId } });
  await trySignUp(email);
  expect(await database.db.user.findUniqueOrThrow({ where: { id: userId } })).toEqual(before);
  const token = await tokenInMail(database.db, email, 'auth.sign_up_taken');
  const password = 'a new one of the owner';
  expect(await resetPassword(contextOf(database.db), { token, password })).toEqual({ outcome: 'reset' });
  const result = await logIn(contextOf(database.db), { email, password, client, former: undefined });
  expect(result).toMatchObject({ outcome: 'logged_in' });
});

test('one address is one account, also when it signs up eight times at once', async () => {
  const { email } = stranger();
  const answers = await Promise.all(Array.from({ length: 8 }, () => trySignUp(email)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await database.db.user.count({ where: { email } })).toBe(1);
  expect(await database.db.customer.count({ where: { user: { email } } })).toBe(1);
});

test('an unknown address, a wrong password and an unconfirmed address get the same answer', async () => {
  const confirmed = await newUser(database.db);
  const waiting = await signUpAndReadToken(database.db);
  const unknown = stranger();
  const attempt = (person: typeof unknown, password: string) =>
    logIn(contextOf(database.db), { ...person, password, former: undefined });
  const answers = [
    await attempt(unknown, PASSWORD),
    await attempt(confirmed, 'not the right one'),
    await attempt(waiting, 'not the right one'),
    // Signing up and logging in at once tells nobody whether the address was free.
    await attempt(waiting, PASSWORD),
  ];
  for (const answer of answers) expect(answer).toEqual({ outcome: 'refused' });
});

test('the work of a log-in is the same for an unknown address as for a known one', async () => {
  const known = await newUser(database.db);
  const spent = async (email: string) => {
    const before = process.cpuUsage();
    const options = { email, password: 'not the right one', client: stranger().client, former: undefined };
    await logIn(contextOf(database.db), options);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  await spent(known.email);
  // The least of five: a collection of garbage may fall into any of them.
  let [forKnown, forUnknown] = [Infinity, Infinity];
  for (let n = 0; n < 5; n += 1) {
    forKnown = Math.min(forKnown, await spent(known.email));
    forUnknown = Math.min(forUnknown, await spent(stranger().email));
  }
  // One Argon2 run is most of either; without it an unknown address would take a small part of the time.
  expect(forUnknown).toBeGreaterThan(forKnown / 3);
});

test('asking for a reset gets the same answer whether there is an account; only its owner gets a mail', async () => {
  const [known, unknown] = [(await newUser(database.db)).email, stranger().email];
  const ask = (email: string) => requestReset(contextOf(database.db), { email, client: stranger().client });
  expect(await ask(known)).toEqual({ outcome: 'check_mail' });
  expect(await ask(unknown)).toEqual({ outcome: 'check_mail' });
  expect(await mailsTo(known)).toEqual(['auth.reset']);
  expect(await mailsTo(unknown)).toEqual([]);
});

test('the time of the answer does not tell whether a mail was written', async () => {
  const timed = async (email: string) => {
    const before = performance.now();
    await requestReset(contextOf(database.db), { email, client: stranger().client });
    return performance.now() - before;
  };
  await timed(stranger().email);
  // Timers may fire a moment early; finding nobody alone takes a few milliseconds.
  expect(await timed(stranger().email)).toBeGreaterThan(240);
  expect(await timed((await newUser(database.db)).email)).toBeGreaterThan(240);
});

test('asking for the confirmation again answers alike; only an address that waits for it gets a mail', async () => {
  const [waiting, confirmed] = [await signUpAndReadToken(database.db), await newUser(database.db)];
  const ask = (email: string) =>
    resendConfirmation(contextOf(database.db), { email, client: stranger().client });
  for (const email of [waiting.email, confirmed.email, stranger().email]) {
    expect(await ask(email)).toEqual({ outcome: 'check_mail' });
  }
  expect(await mailsTo(waiting.email)).toEqual(['auth.verify', 'auth.verify']);
  expect(await mailsTo(confirmed.email)).toEqual([]);
});

test('too many mails to one owner stop without a different answer', async () => {
  const { email } = await newUser(database.db);
  for (let n = 0; n < 7; n += 1) {
    const answer = await requestReset(contextOf(database.db), { email, client: stranger().client });
    expect(answer).toEqual({ outcome: 'check_mail' });
  }
  expect(await mailsTo(email)).toHaveLength(5);
});

test("strangers' sign-ups do not use up the mails that an owner may ask for", async () => {
  const { email } = await newUser(database.db);
  for (let n = 0; n < 7; n += 1) expect(await trySignUp(email)).toEqual({ outcome: 'check_mail' });
  expect(await mailsTo(email)).toEqual(['auth.sign_up_taken', 'auth.sign_up_taken']);
  await requestReset(contextOf(database.db), { email, client: stranger().client });
  expect(await mailsTo(email)).toContain('auth.reset');
});
