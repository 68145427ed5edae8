import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction, type Tx } from '~/platform/db.server';
import { sqlMessage } from '~/platform/db-errors.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { retireEmailTokens } from './email-tokens.server';
import { endSessions } from './sessions.server';
import { type StaffRole } from './shared';
import { lockPerson, type PersonRefusal, type TeamAct } from './team-act.server';
import { mailAdminsOfRole } from './team-mails.server';

export interface ChangeRoleOptions extends TeamAct {
  userId: string;
  /** The role that the actor saw. */
  from: StaffRole;
  /** None: the console is closed to them. */
  to: StaffRole | 'none';
}

export type ChangeRoleOutcome =
  | { outcome: 'changed'; email: string }
  /** They have it already: told again, nothing is done. */
  | { outcome: 'unchanged'; email: string }
  /** Somebody changed it meanwhile. */
  | { outcome: 'moved'; email: string }
  /** Without an admin nobody could make one. */
  | { outcome: 'last_admin' }
  | PersonRefusal;

/**
 * Changes what a member of staff may do, at once; with `none` their log-ins end, their two-step log-in is void and the
 * console is closed to them. Every admin is told by mail.
 */
export async function changeRole(
  context: AuthContext,
  options: ChangeRoleOptions,
): Promise<ChangeRoleOutcome> {
  try {
    return await inTransaction(context.db, 'change role', (tx) => change(tx, context, options));
  } catch (error) {
    if (sqlMessage(error)?.includes('the last admin stays') === true) return { outcome: 'last_admin' };
    throw error;
  }
}

async function change(
  tx: Tx,
  { now, appUrl }: AuthContext,
  { userId, from, to, actor, reason, comment }: ChangeRoleOptions,
): Promise<ChangeRoleOutcome> {
  const person = await lockPerson(tx, { actor }, userId);
  if (person.outcome !== 'locked') return person;
  const { email, role: before } = person;
  const role = to === 'none' ? 'customer' : to;
  if (before === role) return { outcome: 'unchanged', email };
  if (before !== from) return { outcome: 'moved', email };
  await tx.user.update({ where: { id: userId }, data: { role }, select: { id: true } });
  if (to === 'none') {
    await retireEmailTokens(tx, userId, ['reset'], now);
    await tx.totp.deleteMany({ where: { userId } });
  }
  const ended = to === 'none' ? await endSessions(tx, userId) : 0;
  await mailAdminsOfRole(tx, { person, before, after: to, actor: actor.email, comment, now, appUrl });
  await appendAudit(tx, {
    ...{
      actor: actor.id,
      act: to === 'none' ? 'user.removed_from_staff' : 'user.role_changed',
      subject: userId,
    },
    ...{ reason, comment, before: { role: before }, after: { role: to, sessionsEnded: ended } },
  });
  log.info('role changed', { userId, role: to });
  return { outcome: 'changed', email };
}
