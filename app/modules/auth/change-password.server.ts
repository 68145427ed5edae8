import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { mailPasswordChanged } from './auth-mails.server';
import { retireEmailTokens } from './email-tokens.server';
import { hashPassword, verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome } from './rate-limits.server';
import { endSessions } from './sessions.server';
import { isOwnEmail, type SessionUser } from './shared';

export interface ChangePasswordOptions {
  user: SessionUser;
  current: string;
  password: string;
}

export type ChangePasswordOutcome =
  | { outcome: 'changed' }
  | { outcome: 'wrong_current' }
  | { outcome: 'password_is_email' }
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Needs the current password, and ends every other log-in: whoever knew the old one is out. */
export async function changePassword(
  { db, now, appUrl }: AuthContext,
  { user, current, password }: ChangePasswordOptions,
): Promise<ChangePasswordOutcome> {
  const limit = await countTry(db, 'password_user', user.id);
  if (limit.outcome === 'limited') return limit;
  const row = await db.user.findUnique({ where: { id: user.id }, select: { passwordHash: true } });
  if (!(await verifyPassword(row?.passwordHash, current))) return { outcome: 'wrong_current' };
  await forgetTries(db, 'password_user', user.id);
  if (isOwnEmail(password, user.email)) return { outcome: 'password_is_email' };
  const passwordHash = await hashPassword(password);
  return inTransaction(db, 'change password', async (tx) => {
    // A reset that came in between ended this session and knows a newer password.
    const { count } = await tx.user.updateMany({
      where: { id: user.id, passwordHash: row?.passwordHash ?? '' },
      data: { passwordHash },
    });
    if (count === 0) return { outcome: 'wrong_current' };
    await retireEmailTokens(tx, user.id, ['reset'], now);
    await endSessions(tx, user.id, user.sessionId);
    await mailPasswordChanged(tx, user, now, appUrl);
    log.info('password changed', { userId: user.id });
    return { outcome: 'changed' };
  });
}
