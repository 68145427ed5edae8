import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { checkCode, type CodeOutcome, countCode, forgetCodes } from './check-code.server';
import { verifyPassword } from './password.server';
import { countTry, forgetTries, type LimitOutcome } from './rate-limits.server';
import { hasTotp } from './sessions.server';
import { type SessionUser } from './shared';

export interface ProveIdentityOptions {
  user: SessionUser;
  password: string;
  /** Where their log-in takes one. */
  code?: string | undefined;
}

export type ProveIdentityOutcome =
  /** This session may act on money for a while. */
  | { outcome: 'proven' }
  | { outcome: 'wrong_password' }
  | Exclude<CodeOutcome, { outcome: 'good' }>
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/**
 * Proves that whoever sits before an open session is its person, by all that a log-in of theirs takes. Counted with the
 * changes of a password.
 */
export async function proveIdentity(
  context: AuthContext,
  { user, password, code = '' }: ProveIdentityOptions,
): Promise<ProveIdentityOutcome> {
  const { db, now } = context;
  const limit = await countTry(db, 'password_user', user.id);
  if (limit.outcome === 'limited') return limit;
  const row = await db.user.findUnique({ where: { id: user.id }, select: { passwordHash: true } });
  if (!(await verifyPassword(row?.passwordHash, password))) return { outcome: 'wrong_password' };
  await forgetTries(db, 'password_user', user.id);
  const takesCode = await hasTotp(db, user.id);
  const codes = takesCode ? await countCode(db, user.id) : undefined;
  if (codes?.outcome === 'limited') return codes;
  const result = await inTransaction(db, 'prove identity', async (tx): Promise<ProveIdentityOutcome> => {
    const checked = takesCode ? await checkCode(tx, context, { user, code }) : undefined;
    if (checked !== undefined && checked.outcome !== 'good') return checked;
    await tx.session.updateMany({ where: { id: user.sessionId, userId: user.id }, data: { provenAt: now } });
    return { outcome: 'proven' };
  });
  if (takesCode && result.outcome === 'proven') await forgetCodes(db, user.id);
  log.info('identity asked for', { userId: user.id, outcome: result.outcome });
  return result;
}
