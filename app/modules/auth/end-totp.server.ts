import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type CodeOutcome } from './check-code.server';
import { proveIdentity } from './prove-identity.server';
import { type LimitOutcome } from './rate-limits.server';
import { type StaffUser } from './shared';
import { mailTwoStep } from './two-step-mails.server';

export type EndTotpOutcome =
  | { outcome: 'off' }
  | { outcome: 'wrong_password' }
  | Exclude<CodeOutcome, { outcome: 'good' }>
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Switches one's own two-step log-in off: by password and code, as a proof of identity asks for both. */
export async function endTotp(
  context: AuthContext,
  { user, password, code }: { user: StaffUser; password: string; code: string },
): Promise<EndTotpOutcome> {
  const proof = await proveIdentity(context, { user, password, code });
  if (proof.outcome !== 'proven') return proof;
  const { db, now, appUrl } = context;
  return inTransaction(db, 'end two-step', async (tx) => {
    const { count } = await tx.totp.deleteMany({ where: { userId: user.id, confirmedAt: { not: null } } });
    if (count === 0) return { outcome: 'off' };
    await mailTwoStep(tx, user, { told: 'off', now, appUrl });
    await appendAudit(tx, { actor: user.id, act: 'user.two_step_off', subject: user.id });
    log.info('two-step log-in is off', { userId: user.id });
    return { outcome: 'off' };
  });
}
