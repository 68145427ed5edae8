import { type Db } from '~/platform/db.server';

import { type AuthContext } from './auth-context.server';
import { type Client } from './client.server';
import { createUser } from './create-user.server';
import { logIn } from './log-in.server';
import { type Role } from './shared';
import { signUp } from './sign-up.server';

export const PASSWORD = 'four random old words';
export const NOW = new Date('2026-11-21T10:00:00Z');

let made = 0;

/** Each caller is another person at another address, so that one test's limits never reach the next. */
export function stranger(): { email: string; client: Client } {
  made += 1;
  return {
    email: `person-${made}@example.com`,
    client: { ip: `198.51.${Math.floor(made / 250)}.${made % 250}`, userAgent: 'Test/1' },
  };
}

export const contextOf = (db: Db, now = NOW): AuthContext => ({
  db,
  now,
  appUrl: 'https://credits.example.com',
  encryptionKeys: ['a key of this test, long enough for all'],
});

export async function newUser(db: Db, options: { role?: Role; verified?: boolean } = {}) {
  const { email, client } = stranger();
  const made = await createUser(db, {
    email,
    name: 'Robin',
    role: options.role ?? 'customer',
    password: PASSWORD,
    verified: options.verified ?? true,
  });
  if (made.outcome !== 'created') throw new Error(`The test's user was not made: ${made.outcome}`);
  return { email, client, userId: made.userId, customerId: made.customerId };
}

export async function newSession(db: Db, person: { email: string; client: Client }, now = NOW) {
  const result = await logIn(contextOf(db, now), { ...person, password: PASSWORD, former: undefined });
  if (result.outcome !== 'logged_in') throw new Error(`The test's log-in failed: ${result.outcome}`);
  return result.token;
}

/** Signs someone up and reads the token out of the mail, as they would. */
export async function signUpAndReadToken(db: Db, now = NOW) {
  const person = stranger();
  await signUp(contextOf(db, now), { ...person, name: 'Robin', password: PASSWORD, next: '/' });
  return { ...person, token: await tokenInMail(db, person.email, 'auth.verify') };
}

export async function tokenInMail(db: Db, recipient: string, kind: string): Promise<string> {
  const mail = await db.mail.findFirstOrThrow({
    where: { recipient, kind },
    orderBy: { createdAt: 'desc' },
    select: { text: true },
  });
  const link = /https:\/\/\S+token=\S+/.exec(mail.text)?.[0];
  const token = link === undefined ? null : new URL(link).searchParams.get('token');
  if (token === null) throw new Error(`The mail ${kind} holds no link.`);
  return token;
}
