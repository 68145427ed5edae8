import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type Client } from './client.server';
import { beginLogInStep } from './log-in-step.server';
import { verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome, networkOf } from './rate-limits.server';
import { hasTotp, startSession } from './sessions.server';
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
  /** The password was right. The token opens nothing; the code comes with it. */
  | { outcome: 'code_needed'; token: string; role: Role }
  /** Unknown address, wrong password, unconfirmed address or an account being deleted: the answer is the same. */
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
    select: {
      ...{ id: true, role: true, passwordHash: true, emailVerifiedAt: true },
      customer: { select: { closedAt: true } },
    },
  });
  const matches = await verifyPassword(user?.passwordHash, options.password);
  const isClosed = (user?.customer?.closedAt ?? null) !== null;
  if (user === null || !matches || user.emailVerifiedAt === null || isClosed) {
    log.info('log-in refused', user === null ? {} : { userId: user.id });
    return { outcome: 'refused' };
  }
  await forgetTries(db, 'log_in_account', account);
  await forgetTries(db, 'log_in_account_anywhere', options.email);
  const begun = await inTransaction(db, 'log in', async (tx): Promise<LogInOutcome> => {
    // Holds the row while the session starts: a reset that changes the password meanwhile ends this session too.
    const { passwordHash } = user;
    const { count } = await tx.user.updateMany({
      where: { id: user.id, passwordHash },
      data: { passwordHash },
    });
    if (count === 0) return { outcome: 'refused' };
    const { id: userId, role } = user;
    if (await hasTotp(tx, userId))
      return { outcome: 'code_needed', token: await beginLogInStep(tx, userId, now), role };
    const token = await startSession(tx, { userId, client: options.client, now, former: options.former });
    return { outcome: 'logged_in', token, role };
  });
  log.info('password taken', { userId: user.id, outcome: begun.outcome });
  return begun;
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
