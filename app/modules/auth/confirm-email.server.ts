import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type Client } from './client.server';
import { consumeEmailToken, peekEmailToken, retireEmailTokens } from './email-tokens.server';
import { verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome } from './rate-limits.server';
import { startSession } from './sessions.server';

/** Whose address a link confirms, for the page that asks for the password. Mail scanners open links, so this uses nothing up. */
export async function readConfirmation(
  { db, now }: AuthContext,
  token: string,
): Promise<{ email: string } | undefined> {
  const owner = await peekEmailToken(db, token, 'verify', now);
  return owner === undefined ? undefined : { email: owner.email };
}

export interface ConfirmEmailOptions {
  token: string;
  /** The one that was chosen at sign-up. */
  password: string;
  client: Client;
  former: string | undefined;
}

export type ConfirmEmailOutcome =
  | { outcome: 'confirmed'; token: string }
  /** Unknown, used or too old. */
  | { outcome: 'link_over' }
  /** The link is still good. */
  | { outcome: 'wrong_password' }
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/**
 * Confirms the address and logs in whoever holds both the link and the password. A link alone must not confirm: anyone
 * may sign up with a stranger's address, and the stranger's click would open the account to that password.
 */
export async function confirmEmail(
  { db, now }: AuthContext,
  { token, password, client, former }: ConfirmEmailOptions,
): Promise<ConfirmEmailOutcome> {
  const reader = await peekEmailToken(db, token, 'verify', now);
  if (reader === undefined) return { outcome: 'link_over' };
  const limit = await countTry(db, 'password_user', reader.userId);
  if (limit.outcome === 'limited') return limit;
  const user = await db.user.findUnique({ where: { id: reader.userId }, select: { passwordHash: true } });
  if (!(await verifyPassword(user?.passwordHash, password))) {
    log.info('e-mail confirmation refused', { userId: reader.userId });
    return { outcome: 'wrong_password' };
  }
  await forgetTries(db, 'password_user', reader.userId);
  return inTransaction(db, 'confirm e-mail', async (tx) => {
    // A reset that changed the password meanwhile used this link up.
    const owner = await consumeEmailToken(tx, token, 'verify', now);
    if (owner === undefined) return { outcome: 'link_over' };
    const { userId } = owner;
    await tx.user.updateMany({
      where: { id: userId, emailVerifiedAt: null },
      data: { emailVerifiedAt: now },
    });
    await retireEmailTokens(tx, userId, ['verify'], now);
    const session = await startSession(tx, { userId, client, now, former });
    log.info('e-mail confirmed', { userId });
    return { outcome: 'confirmed', token: session };
  });
}
