import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction } from '~/platform/db.server';

import { type AuthContext } from './auth-context.server';
import { endSessions } from './sessions.server';
import { lockPerson, type PersonRefusal, type TeamAct } from './team-act.server';
import { mailAdminsOfReset, mailTwoStep } from './two-step-mails.server';

interface OnPerson extends TeamAct {
  userId: string;
}

export type EndStaffSessionsOutcome =
  /** So many; none when it was done before. */
  { outcome: 'ended'; email: string; sessions: number } | PersonRefusal;

/** Ends every log-in of a member of staff. */
export async function endStaffSessions(
  { db }: AuthContext,
  { userId, actor, reason, comment }: OnPerson,
): Promise<EndStaffSessionsOutcome> {
  return inTransaction(db, 'end staff sessions', async (tx): Promise<EndStaffSessionsOutcome> => {
    const person = await lockPerson(tx, { actor }, userId);
    if (person.outcome !== 'locked') return person;
    if (person.role === 'customer') return { outcome: 'not_staff' };
    const sessions = await endSessions(tx, userId);
    if (sessions > 0) {
      const act = { actor: actor.id, act: 'user.sessions_ended', subject: userId };
      await appendAudit(tx, { ...act, reason, comment, before: { sessions }, after: { sessions: 0 } });
    }
    return { outcome: 'ended', email: person.email, sessions };
  });
}

export type ResetTotpOutcome =
  | { outcome: 'reset'; email: string }
  /** They have none: told again, nothing is done. */
  | { outcome: 'has_none'; email: string }
  | PersonRefusal;

/**
 * Voids the two-step log-in of somebody who lost their phone, and ends their log-ins: whoever found it has those too. The
 * person and every admin are told by mail.
 */
export async function resetTotp(
  { db, now, appUrl }: AuthContext,
  { userId, actor, reason, comment }: OnPerson,
): Promise<ResetTotpOutcome> {
  return inTransaction(db, 'reset two-step', async (tx): Promise<ResetTotpOutcome> => {
    const person = await lockPerson(tx, { actor }, userId);
    if (person.outcome !== 'locked') return person;
    const { email } = person;
    const { count } = await tx.totp.deleteMany({ where: { userId, confirmedAt: { not: null } } });
    if (count === 0) return { outcome: 'has_none', email };
    const sessions = await endSessions(tx, userId);
    await mailTwoStep(tx, person, { told: 'reset', now, appUrl });
    await mailAdminsOfReset(tx, { person, actor: actor.email, comment, now });
    const act = { actor: actor.id, act: 'user.two_step_reset', subject: userId };
    await appendAudit(tx, { ...act, reason, comment, after: { sessionsEnded: sessions } });
    return { outcome: 'reset', email };
  });
}
