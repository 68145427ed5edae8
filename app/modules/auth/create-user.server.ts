import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { hashPassword } from './password.server';
import {
  emailSchema,
  isOwnEmail,
  nameSchema,
  newPasswordSchema,
  PASSWORD_IS_EMAIL,
  type Role,
} from './shared';

export interface CreateUserOptions {
  email: string;
  name: string;
  role: Role;
  password: string;
  /** Whether the address counts as confirmed: an unconfirmed user cannot log in. */
  verified: boolean;
  /** Runs in the transaction that makes the account: for its audit row. */
  record?: (tx: Tx, made: InsertedUser) => Promise<unknown>;
}

export type CreateUserOutcome =
  | ({ outcome: 'created' } & InsertedUser)
  /** An account with this address exists; it was not changed. */
  | { outcome: 'email_taken' }
  /** Each problem is one sentence. */
  | { outcome: 'invalid'; problems: string[] };

/** Makes an account without a mail: for operators and the seed. */
export async function createUser(db: Db, options: CreateUserOptions): Promise<CreateUserOutcome> {
  const email = emailSchema.safeParse(options.email);
  const name = nameSchema.safeParse(options.name);
  const password = newPasswordSchema.safeParse(options.password);
  const problems = [email, name, password].flatMap(
    (part) => part.error?.issues.map((issue) => issue.message) ?? [],
  );
  if (isOwnEmail(options.password, options.email)) problems.push(PASSWORD_IS_EMAIL);
  if (!email.success || !name.success || !password.success || problems.length > 0) {
    return { outcome: 'invalid', problems };
  }
  const known = await db.user.findUnique({ where: { email: email.data }, select: { id: true } });
  if (known !== null) return { outcome: 'email_taken' };
  const row: UserRow = {
    email: email.data,
    name: name.data,
    role: options.role,
    passwordHash: await hashPassword(password.data),
    emailVerifiedAt: options.verified ? new Date() : null,
  };
  const made = await inTransaction(db, 'create user', async (tx) => {
    const inserted = await insertUser(tx, row);
    if (inserted) await options.record?.(tx, inserted);
    return inserted;
  });
  return made === undefined ? { outcome: 'email_taken' } : { outcome: 'created', ...made };
}

export interface UserRow {
  email: string;
  name: string;
  role: Role;
  passwordHash: string;
  emailVerifiedAt: Date | null;
}

export interface InsertedUser {
  userId: string;
  /** Staff hold no credits: whoever acts on wallets owns none. */
  customerId: string | undefined;
}

/** A user, and the customer that they are; undefined when the address is taken. */
export async function insertUser(tx: Tx, row: UserRow): Promise<InsertedUser | undefined> {
  const userId = newId('usr');
  const { count } = await tx.user.createMany({ data: [{ ...row, id: userId }], skipDuplicates: true });
  if (count === 0) return undefined;
  if (row.role !== 'customer') return { userId, customerId: undefined };
  const customerId = newId('cst');
  await tx.customer.createMany({ data: [{ id: customerId, userId, email: row.email, name: row.name }] });
  return { userId, customerId };
}
