import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { mailPasswordChanged } from './auth-mails.server';
import { consumeEmailToken, peekEmailToken, retireEmailTokens } from './email-tokens.server';
import { hashPassword } from './password.server';
import { endSessions } from './sessions.server';
import { isOwnEmail } from './shared';

/** Whose password a link sets; uses nothing up. */
export async function readReset(
  { db, now }: AuthContext,
  token: string,
): Promise<{ email: string } | undefined> {
  const owner = await peekEmailToken(db, token, 'reset', now);
  return owner === undefined ? undefined : { email: owner.email };
}

export type ResetPasswordOutcome =
  | { outcome: 'reset' }
  /** The new password is the address itself; the link is still good. */
  | { outcome: 'password_is_email' }
  /** Unknown, used or too old. */
  | { outcome: 'link_over' };

/**
 * Sets the password of the link's owner, ends every log-in of theirs and every other link. The mail reached them, so
 * their address is confirmed as well.
 */
export async function resetPassword(
  { db, now, appUrl }: AuthContext,
  { token, password }: { token: string; password: string },
): Promise<ResetPasswordOutcome> {
  const expected = await peekEmailToken(db, token, 'reset', now);
  if (expected === undefined) return { outcome: 'link_over' };
  if (isOwnEmail(password, expected.email)) return { outcome: 'password_is_email' };
  const passwordHash = await hashPassword(password);
  return inTransaction(db, 'reset password', async (tx) => {
    const owner = await consumeEmailToken(tx, token, 'reset', now);
    if (owner === undefined) return { outcome: 'link_over' };
    const { userId } = owner;
    const user = await tx.user.update({
      where: { id: userId },
      data: { passwordHash },
      select: { id: true, email: true },
    });
    await tx.user.updateMany({
      where: { id: userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: now },
    });
    await retireEmailTokens(tx, userId, ['verify', 'reset'], now);
    await endSessions(tx, userId);
    await mailPasswordChanged(tx, user, now, appUrl);
    log.info('password reset', { userId });
    return { outcome: 'reset' };
  });
}
