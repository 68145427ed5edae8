import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type Client } from './client.server';
import { verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome, networkOf } from './rate-limits.server';
import { startSession } from './sessions.server';
import { type Role } from './shared';

export interface LogInOptions {
  email: string;
  password: string;
  client: Client;
  /** The token in the browser's cookie, which ends. */
  former: string | undefined;
}

export type LogInOutcome =
  | { outcome: 'logged_in'; token: string; role: Role }
  /** Unknown address, wrong password or unconfirmed address: the answer is the same for all three. */
  | { outcome: 'refused' }
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/**
 * An unconfirmed account is refused like an unknown one. Otherwise who signs up with a stranger's address and then logs
 * in would learn whether it was free.
 */
export async function logIn(context: AuthContext, options: LogInOptions): Promise<LogInOutcome> {
  const { db, now } = context;
  const network = networkOf(options.client.ip);
  const account = `${options.email} ${network}`;
  const limit = await countLogIn(db, { network, account, email: options.email });
  if (limit.outcome === 'limited') return limit;
  const user = await db.user.findUnique({
    where: { email: options.email },
    select: { id: true, role: true, passwordHash: true, emailVerifiedAt: true },
  });
  const matches = await verifyPassword(user?.passwordHash, options.password);
  if (user === null || !matches || user.emailVerifiedAt === null) {
    log.info('log-in refused', user === null ? {} : { userId: user.id });
    return { outcome: 'refused' };
  }
  await forgetTries(db, 'log_in_account', account);
  await forgetTries(db, 'log_in_account_anywhere', options.email);
  const token = await inTransaction(db, 'log in', async (tx) => {
    // Holds the row while the session starts: a reset that changes the password meanwhile ends this session too.
    const { passwordHash } = user;
    const { count } = await tx.user.updateMany({
      where: { id: user.id, passwordHash },
      data: { passwordHash },
    });
    if (count === 0) return undefined;
    return startSession(tx, { userId: user.id, client: options.client, now, former: options.former });
  });
  if (token === undefined) return { outcome: 'refused' };
  log.info('user logged in', { userId: user.id });
  return { outcome: 'logged_in', token, role: user.role };
}

/** Narrow before wide: a network that is stopped already must not use up the tries of everyone else. */
async function countLogIn(
  db: Db,
  { network, account, email }: { network: string; account: string; email: string },
): Promise<LimitOutcome> {
  const ofNetwork = await countTry(db, 'log_in_address', network);
  if (ofNetwork.outcome === 'limited') return ofNetwork;
  const ofAccount = await countTry(db, 'log_in_account', account);
  if (ofAccount.outcome === 'limited') return ofAccount;
  return countTry(db, 'log_in_account_anywhere', email);
}
