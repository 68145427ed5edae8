import { generateSync } from 'otplib';
import { expect, test } from 'vitest';

import { type Db } from '~/platform/db.server';
import { sqlMessage } from '~/platform/db-errors.server';
import { minutes, seconds } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, NOW, PASSWORD, tokenInMail } from './accounts-for-tests';
import { type AuthContext } from './auth-context.server';
import { beginTotp, confirmTotp } from './enrol-totp.server';
import { endTotp } from './end-totp.server';
import { logIn } from './log-in.server';
import { finishLogIn, isLogInStep } from './log-in-step.server';
import { proveIdentity } from './prove-identity.server';
import { resetPassword } from './reset-password.server';
import { renewRecoveryCodes } from './renew-recovery-codes.server';
import { requestReset } from './request-mail.server';
import { readSession, startSession } from './sessions.server';
import { type StaffUser } from './shared';

const database = useTestDatabase();
const at = (ms: number) => contextOf(database.db, new Date(NOW.getTime() + ms));
const codeAt = (secret: string, ms: number) =>
  generateSync({ secret, epoch: (NOW.getTime() + ms) / seconds(1) });

type Person = Awaited<ReturnType<typeof newUser>>;

async function staffOf(db: Db, token: string, now: Date): Promise<StaffUser> {
  const visitor = await readSession(db, token, now);
  if (visitor?.kind !== 'user' || visitor.user.role === 'customer')
    throw new Error('That is no session of staff.');
  return { ...visitor.user, role: visitor.user.role };
}

/** A member of staff with two-step log-in, whose first code was that of NOW. */
async function enrolled() {
  const person = await newUser(database.db, { role: 'support' });
  const session = await newSession(database.db, person);
  const user = await staffOf(database.db, session, NOW);
  const begun = await beginTotp(at(0), { user, password: PASSWORD });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  const { secret } = begun.setup;
  const on = await confirmTotp(at(0), { user, code: codeAt(secret, 0) });
  if (on.outcome !== 'on') throw new Error(on.outcome);
  return { person, user, session, secret, recoveryCodes: on.recoveryCodes };
}

async function stepOf(context: AuthContext, { email, client }: Person): Promise<string> {
  const half = await logIn(context, { email, client, password: PASSWORD, former: undefined });
  if (half.outcome !== 'code_needed') throw new Error(half.outcome);
  return half.token;
}

const finish = (context: AuthContext, { client }: Person, token: string, code: string) =>
  finishLogIn(context, { token, code, client, former: undefined });

test('after the password a code opens the session, and what the password brought opens nothing by itself', async () => {
  const { person, secret } = await enrolled();
  const context = at(minutes(1));
  const token = await stepOf(context, person);
  expect(await readSession(database.db, token, context.now)).toBeUndefined();
  expect(await isLogInStep(context, token)).toBe(true);
  expect(await finish(context, person, token, '000000')).toEqual({ outcome: 'wrong_code' });
  const opened = await finish(context, person, token, codeAt(secret, minutes(1)));
  if (opened.outcome !== 'logged_in') throw new Error(opened.outcome);
  expect(await staffOf(database.db, opened.token, context.now)).toMatchObject({ hasTotp: true });
  expect(await finish(context, person, token, codeAt(secret, minutes(1.5)))).toEqual({
    outcome: 'step_over',
  });
});

test('a code is good once, whoever comes with it and however many at once', async () => {
  const { person, secret } = await enrolled();
  const context = at(minutes(1));
  const tokens = await Promise.all([stepOf(context, person), stepOf(context, person)]);
  const code = codeAt(secret, minutes(1));
  const both = await Promise.all(tokens.map((token) => finish(context, person, token, code)));
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['logged_in', 'wrong_code']);
  const again = await stepOf(context, person);
  expect(await finish(context, person, again, code)).toEqual({ outcome: 'wrong_code' });
  // What is older than the last good one is as used as that one.
  expect(await finish(context, person, again, codeAt(secret, minutes(0.5)))).toEqual({
    outcome: 'wrong_code',
  });
});

test('the database itself refuses a time step that is not later', async () => {
  const { user } = await enrolled();
  const { lastStep } = await database.db.totp.findUniqueOrThrow({ where: { userId: user.id } });
  const setTo = (step: bigint) =>
    database.db.totp.update({ where: { userId: user.id }, data: { lastStep: step } });
  expect(await setTo(lastStep).catch(sqlMessage)).toContain('was used before');
  expect(await setTo(lastStep - 1n).catch(sqlMessage)).toContain('was used before');
  await setTo(lastStep + 1n);
});

test('the code before and the code after are taken, those beyond are not', async () => {
  for (const [off, outcome] of [
    [seconds(-30), 'logged_in'],
    [seconds(30), 'logged_in'],
    [seconds(-60), 'wrong_code'],
    [seconds(60), 'wrong_code'],
  ] as const) {
    const { person, secret } = await enrolled();
    const context = at(minutes(5));
    const token = await stepOf(context, person);
    expect(
      await finish(context, person, token, codeAt(secret, minutes(5) + off)),
      `${off} ms off`,
    ).toMatchObject({ outcome });
  }
});

test('five codes are tried, not more, by whichever log-in', async () => {
  const { person, secret } = await enrolled();
  const context = at(minutes(1));
  for (let tried = 0; tried < 5; tried += 1)
    expect(await finish(context, person, await stepOf(context, person), '000000')).toEqual({
      outcome: 'wrong_code',
    });
  const token = await stepOf(context, person);
  expect(await finish(context, person, token, codeAt(secret, minutes(1)))).toMatchObject({
    outcome: 'limited',
  });
});

test('a recovery code stands in once, and its owner is told', async () => {
  const { person, recoveryCodes } = await enrolled();
  expect(new Set(recoveryCodes).size).toBe(10);
  const rows = await database.db.recoveryCode.findMany({ take: 100 });
  for (const code of recoveryCodes) expect(JSON.stringify(rows)).not.toContain(code);
  const context = at(minutes(1));
  const typed = `${recoveryCodes[3]?.slice(0, 8).toLowerCase()}-${recoveryCodes[3]?.slice(8)}`;
  expect(await finish(context, person, await stepOf(context, person), typed)).toMatchObject({
    outcome: 'logged_in',
  });
  expect(await finish(context, person, await stepOf(context, person), typed)).toEqual({
    outcome: 'wrong_code',
  });
  const mails = await database.db.mail.findMany({
    where: { recipient: person.email, kind: 'auth.recovery_used' },
    select: { text: true },
    take: 10,
  });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).toContain('9 are left');
  const other = await enrolled();
  const theirs = await stepOf(context, person);
  expect(await finish(context, person, theirs, other.recoveryCodes[0] ?? '')).toEqual({
    outcome: 'wrong_code',
  });
});

test('a log-in that waits is over after ten minutes, and with a new password', async () => {
  const { person, secret } = await enrolled();
  const late = await stepOf(at(minutes(1)), person);
  expect(await finish(at(minutes(11)), person, late, codeAt(secret, minutes(11)))).toEqual({
    outcome: 'step_over',
  });
  const context = at(minutes(20));
  const waiting = await stepOf(context, person);
  await requestReset(context, person);
  const token = await tokenInMail(database.db, person.email, 'auth.reset');
  await resetPassword(context, { token, password: 'another set of old words' });
  expect(await finish(context, person, waiting, codeAt(secret, minutes(20)))).toEqual({
    outcome: 'step_over',
  });
});

test('no way in goes round the second step', async () => {
  const { person, user } = await enrolled();
  const start = { userId: user.id, client: person.client, now: NOW, former: undefined };
  await expect(startSession(database.db, start)).rejects.toThrow('logs in with a code');
});

test('switching it on ends the log-ins that were opened without a code, keeps this one, tells and is audited', async () => {
  const person = await newUser(database.db, { role: 'viewer' });
  const [here, elsewhere] = [await newSession(database.db, person), await newSession(database.db, person)];
  const user = await staffOf(database.db, here, NOW);
  expect(await beginTotp(at(0), { user, password: 'not the right one' })).toEqual({
    outcome: 'wrong_password',
  });
  const begun = await beginTotp(at(0), { user, password: PASSWORD });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  expect(await confirmTotp(at(0), { user, code: '000000' })).toEqual({
    outcome: 'wrong_code',
    setup: begun.setup,
  });
  expect(await readSession(database.db, elsewhere, NOW)).toBeDefined();
  expect(await confirmTotp(at(minutes(31)), { user, code: codeAt(begun.setup.secret, minutes(31)) })).toEqual(
    { outcome: 'setup_over' },
  );
  expect(await confirmTotp(at(0), { user, code: codeAt(begun.setup.secret, 0) })).toMatchObject({
    outcome: 'on',
  });
  expect(await readSession(database.db, elsewhere, NOW)).toBeUndefined();
  expect(await readSession(database.db, here, NOW)).toMatchObject({ user: { hasTotp: true } });
  expect(await beginTotp(at(0), { user, password: PASSWORD })).toEqual({ outcome: 'already_on' });
  const told = { recipient: person.email, kind: 'auth.two_step_on' };
  expect(await database.db.mail.count({ where: told })).toBe(1);
  const audit = { actor: user.id, act: 'user.two_step_on', subject: user.id };
  expect(await database.db.audit.count({ where: audit })).toBe(1);
  const kept = await database.db.totp.findUniqueOrThrow({ where: { userId: user.id } });
  expect(kept.secret).not.toContain(begun.setup.secret);
});

test('it is switched off by password and code together, and the password alone opens then', async () => {
  const { person, user, secret } = await enrolled();
  const context = at(minutes(1));
  const off = (password: string, code: string) => endTotp(context, { user, password, code });
  expect(await off('not the right one', codeAt(secret, minutes(1)))).toEqual({ outcome: 'wrong_password' });
  expect(await off(PASSWORD, '000000')).toEqual({ outcome: 'wrong_code' });
  expect(await off(PASSWORD, codeAt(secret, minutes(1)))).toEqual({ outcome: 'off' });
  expect(await database.db.recoveryCode.count({ where: { userId: user.id } })).toBe(0);
  const opened = await logIn(context, { ...person, password: PASSWORD, former: undefined });
  expect(opened.outcome).toBe('logged_in');
});

test('new recovery codes take password and code, and make the old ones void at once', async () => {
  const { person, user, secret, recoveryCodes: old } = await enrolled();
  const context = at(minutes(1));
  const renew = (password: string, code: string) => renewRecoveryCodes(context, { user, password, code });
  expect(await renew('not the right one', codeAt(secret, minutes(1)))).toEqual({ outcome: 'wrong_password' });
  expect(await renew(PASSWORD, '000000')).toEqual({ outcome: 'wrong_code' });
  expect(await finish(context, person, await stepOf(context, person), old[0] ?? '')).toMatchObject({
    outcome: 'logged_in',
  });
  const renewed = await renew(PASSWORD, codeAt(secret, minutes(1)));
  if (renewed.outcome !== 'renewed') throw new Error(renewed.outcome);
  expect(new Set([...old, ...renewed.recoveryCodes]).size).toBe(20);
  const withCode = async (code = '') => finish(context, person, await stepOf(context, person), code);
  expect(await withCode(old[1])).toEqual({ outcome: 'wrong_code' });
  expect(await withCode(renewed.recoveryCodes[0])).toMatchObject({ outcome: 'logged_in' });
  // A code that is left of the new ones proves as well as the app does, and goes with the rest.
  const third = await renewRecoveryCodes(at(minutes(2)), {
    ...{ user, password: PASSWORD, code: renewed.recoveryCodes[1] ?? '' },
  });
  if (third.outcome !== 'renewed') throw new Error(third.outcome);
  expect(await database.db.recoveryCode.count({ where: { userId: user.id, usedAt: null } })).toBe(10);
  const told = { recipient: person.email, kind: 'auth.two_step_new_codes' };
  expect(await database.db.mail.count({ where: told })).toBe(2);
  const audit = { actor: user.id, act: 'user.recovery_codes_renewed', subject: user.id };
  expect(await database.db.audit.count({ where: audit })).toBe(2);
});

test('who has switched it off gets no recovery codes', async () => {
  const { user, secret } = await enrolled();
  expect(
    await endTotp(at(minutes(1)), { user, password: PASSWORD, code: codeAt(secret, minutes(1)) }),
  ).toEqual({ outcome: 'off' });
  expect(await renewRecoveryCodes(at(minutes(2)), { user, password: PASSWORD, code: '000000' })).toEqual({
    outcome: 'not_on',
  });
  expect(await database.db.recoveryCode.count({ where: { userId: user.id } })).toBe(0);
});

test('a proof of identity takes the code as well, and renews this session alone', async () => {
  const { person, user, session, secret } = await enrolled();
  const begun = at(minutes(1));
  const second = await finish(begun, person, await stepOf(begun, person), codeAt(secret, minutes(1)));
  if (second.outcome !== 'logged_in') throw new Error(second.outcome);
  const context = at(minutes(60));
  expect(await proveIdentity(context, { user, password: PASSWORD })).toEqual({ outcome: 'wrong_code' });
  const code = codeAt(secret, minutes(60));
  expect(await proveIdentity(context, { user, password: 'not the right one', code })).toEqual({
    outcome: 'wrong_password',
  });
  expect(await proveIdentity(context, { user, password: PASSWORD, code })).toEqual({ outcome: 'proven' });
  expect(await staffOf(database.db, session, context.now)).toMatchObject({ provenAt: context.now });
  expect(await staffOf(database.db, second.token, context.now)).toMatchObject({ provenAt: begun.now });
});

test('with its key gone a secret is told to be unreadable, and a recovery code still opens', async () => {
  const { person, secret, recoveryCodes } = await enrolled();
  const context = { ...at(minutes(1)), encryptionKeys: ['another key, which has sealed nothing yet'] };
  const token = await stepOf(context, person);
  expect(await finish(context, person, token, codeAt(secret, minutes(1)))).toEqual({ outcome: 'unreadable' });
  expect(await finish(context, person, token, recoveryCodes[0] ?? '')).toMatchObject({
    outcome: 'logged_in',
  });
  const none = { ...at(0), encryptionKeys: [] };
  const fresh = await newUser(database.db, { role: 'viewer' });
  const user = await staffOf(database.db, await newSession(database.db, fresh), NOW);
  expect(await beginTotp(none, { user, password: PASSWORD })).toEqual({ outcome: 'no_key' });
});
