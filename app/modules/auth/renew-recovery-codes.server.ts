import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type CodeOutcome } from './check-code.server';
import { proveIdentity } from './prove-identity.server';
import { type LimitOutcome } from './rate-limits.server';
import { giveRecoveryCodes } from './recovery-codes.server';
import { hasTotp } from './sessions.server';
import { type StaffUser } from './shared';
import { mailTwoStep } from './two-step-mails.server';

export type RenewRecoveryCodesOutcome =
  /** Shown this once; the database keeps their hashes. */
  | { outcome: 'renewed'; recoveryCodes: string[] }
  /** Two-step log-in is off: there is nothing that codes could stand in for. */
  | { outcome: 'not_on' }
  | { outcome: 'wrong_password' }
  | Exclude<CodeOutcome, { outcome: 'good' }>
  | Extract<LimitOutcome, { outcome: 'limited' }>;

/** Ten new recovery codes in the place of all others: by password and code, as switching it off takes them. */
export async function renewRecoveryCodes(
  context: AuthContext,
  { user, password, code }: { user: StaffUser; password: string; code: string },
): Promise<RenewRecoveryCodesOutcome> {
  const proof = await proveIdentity(context, { user, password, code });
  if (proof.outcome !== 'proven') return proof;
  const { db, now, appUrl } = context;
  return inTransaction(db, 'renew recovery codes', async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM totp WHERE "user" = ${user.id} FOR UPDATE`;
    if (!(await hasTotp(tx, user.id))) return { outcome: 'not_on' };
    const recoveryCodes = await giveRecoveryCodes(tx, user.id);
    await mailTwoStep(tx, user, { told: 'new_codes', now, appUrl });
    await appendAudit(tx, { actor: user.id, act: 'user.recovery_codes_renewed', subject: user.id });
    log.info('recovery codes are new', { userId: user.id });
    return { outcome: 'renewed', recoveryCodes };
  });
}
