import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome } from './rate-limits.server';
import { type SessionUser } from './shared';

export type ProveIdentityOutcome =
  /** This session may act on money for a while. */
  { outcome: 'proven' } | { outcome: 'wrong_password' } | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Proves that whoever sits before an open session is its person. Counted with the changes of a password. */
export async function proveIdentity(
  { db, now }: AuthContext,
  { user, password }: { user: SessionUser; password: string },
): Promise<ProveIdentityOutcome> {
  const limit = await countTry(db, 'password_user', user.id);
  if (limit.outcome === 'limited') return limit;
  const row = await db.user.findUnique({ where: { id: user.id }, select: { passwordHash: true } });
  if (!(await verifyPassword(row?.passwordHash, password))) return { outcome: 'wrong_password' };
  await forgetTries(db, 'password_user', user.id);
  await inTransaction(db, 'prove identity', (tx) =>
    tx.session.updateMany({ where: { id: user.sessionId, userId: user.id }, data: { provenAt: now } }),
  );
  log.info('identity proven', { userId: user.id });
  return { outcome: 'proven' };
}
