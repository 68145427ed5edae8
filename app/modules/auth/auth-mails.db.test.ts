import { expect, test } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newUser, stranger, tokenInMail } from './accounts-for-tests';
import { requestReset, resendConfirmation } from './request-mail.server';
import { resetPassword } from './reset-password.server';
import { signUp } from './sign-up.server';

const database = useTestDatabase();
const BAIT = 'Winner, claim at https://evil.example';

const mailsTo = (recipient: string) =>
  database.db.mail.findMany({
    where: { recipient },
    orderBy: { createdAt: 'asc' },
    select: { kind: true, subject: true, text: true, html: true },
    take: 20,
  });

const trySignUp = (email: string) =>
  signUp(contextOf(database.db), {
    email,
    name: BAIT,
    password: 'a password of somebody else',
    next: '/',
    client: stranger().client,
  });

test('no mail tells an address that nobody has confirmed the name that was typed at sign-up', async () => {
  const { email, client } = stranger();
  const context = contextOf(database.db);
  await trySignUp(email);
  await trySignUp(email);
  await resendConfirmation(context, { email, client });
  await requestReset(context, { email, client });
  const token = await tokenInMail(database.db, email, 'auth.reset');
  const password = 'a new one of the owner';
  expect(await resetPassword(context, { token, password })).toEqual({ outcome: 'reset' });

  const mails = await mailsTo(email);
  expect(mails.map(({ kind }) => kind).sort()).toEqual([
    'auth.password_changed',
    'auth.reset',
    'auth.sign_up_taken',
    'auth.verify',
    'auth.verify',
  ]);
  expect(JSON.stringify(mails)).not.toMatch(/winner|evil/i);
});

test('a confirmed owner is greeted by their own name, not by that of whoever tries their address', async () => {
  const { email, client } = await newUser(database.db);
  await trySignUp(email);
  await requestReset(contextOf(database.db), { email, client });
  const mails = await mailsTo(email);
  expect(mails).toHaveLength(2);
  for (const { text } of mails) expect(text).toContain('Hello Robin, someone');
  expect(JSON.stringify(mails)).not.toMatch(/winner|evil/i);
});
