import { expect, test } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { contextOf, newSession, newUser, NOW, PASSWORD, stranger } from './accounts-for-tests';
import { changePassword } from './change-password.server';
import { createUser } from './create-user.server';
import { logIn } from './log-in.server';
import { hashPassword, verifyPassword } from './password.server';
import { readSession } from './sessions.server';
import { signUpSchema } from './shared';

const database = useTestDatabase();

const given = { name: 'Robin', role: 'support', password: PASSWORD, verified: true } as const;

test('a password is kept as argon2id with 19 MiB and two passes, each with its own salt', async () => {
  const [one, two] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(two);
  expect(await verifyPassword(one, PASSWORD)).toBe(true);
  expect(await verifyPassword(one, `${PASSWORD} `)).toBe(false);
  expect(await verifyPassword(undefined, PASSWORD)).toBe(false);
});

test('one text typed on two keyboards is one password', async () => {
  const hash = await hashPassword('cafe\u0301 con leche');
  expect(await verifyPassword(hash, 'café con leche')).toBe(true);
});

test.each([
  ['nine characters', 'abcdefghi', false],
  ['ten characters of one kind', 'aaaaaaaaaa', true],
  ['128 characters', 'x'.repeat(128), true],
  ['129 characters', 'x'.repeat(129), false],
  ['the address itself', 'robin@example.com', false],
  ['the address in capitals', 'ROBIN@Example.com', false],
])('a new password of %s', (_what, password, isTaken) => {
  const form = { name: 'Robin', email: 'robin@example.com', password };
  expect(signUpSchema.safeParse(form).success).toBe(isTaken);
});

test('an operator makes a user of any role; the address is kept in lower case, once', async () => {
  const { email } = stranger();
  const made = await createUser(database.db, { ...given, email: `  ${email.toUpperCase()} ` });
  expect(made).toMatchObject({ outcome: 'created', customerId: undefined });
  expect(await createUser(database.db, { ...given, email })).toEqual({ outcome: 'email_taken' });
  const session = await newSession(database.db, { ...stranger(), email });
  expect(await readSession(database.db, session, NOW)).toMatchObject({ user: { email, role: 'support' } });
});

test('a user that cannot be made says everything that is wrong', async () => {
  const bad = { ...given, email: 'robin', name: ' ', password: 'short' };
  expect(await createUser(database.db, bad)).toEqual({
    outcome: 'invalid',
    problems: [
      'Enter a full e-mail address, such as name@example.com.',
      'Enter your name.',
      'Use at least 10 characters.',
    ],
  });
});

test('an unconfirmed user cannot log in', async () => {
  const { email, client } = await newUser(database.db, { verified: false });
  const result = await logIn(contextOf(database.db), {
    email,
    client,
    password: PASSWORD,
    former: undefined,
  });
  expect(result).toEqual({ outcome: 'refused' });
});

test('changing the password needs the current one, and ends every log-in but this one', async () => {
  const person = await newUser(database.db);
  const [mine, other] = [await newSession(database.db, person), await newSession(database.db, person)];
  const visitor = await readSession(database.db, mine, NOW);
  if (visitor?.kind !== 'user') throw new Error('no session');
  const { user } = visitor;
  const change = (current: string, password: string) =>
    changePassword(contextOf(database.db), { user, current, password });
  const next = 'a quite different one';
  expect(await change('not it', next)).toEqual({ outcome: 'wrong_current' });
  expect(await change(PASSWORD, person.email)).toEqual({ outcome: 'password_is_email' });
  expect(await readSession(database.db, other, NOW)).toBeDefined();
  expect(await change(PASSWORD, next)).toEqual({ outcome: 'changed' });
  expect(await readSession(database.db, mine, NOW)).toBeDefined();
  expect(await readSession(database.db, other, NOW)).toBeUndefined();
  const told = { recipient: person.email, kind: 'auth.password_changed' };
  expect(await database.db.mail.count({ where: told })).toBe(1);
});
