import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction, type Tx } from '~/platform/db.server';
import { isUniqueViolation } from '~/platform/db-errors.server';
import { newId } from '~/platform/ids.server';
import { days } from '~/platform/time';

import { type AuthContext } from './auth-context.server';
import { type StaffRole } from './shared';
import { type TeamAct } from './team-act.server';
import { mailAdminsOfRole, mailInvite } from './team-mails.server';
import { hashOfToken, newToken } from './token.server';

const INVITE_LIFE = days(7);

export interface InviteStaffOptions extends TeamAct {
  /** Of the dialog: sent twice, it is one invitation and one mail. */
  key: string;
  email: string;
  name: string;
  role: StaffRole;
}

export type InviteStaffOutcome =
  /** The mail with the link is on its way. */
  | { outcome: 'invited' }
  | { outcome: 'is_staff' }
  /** The address has an account of the store. Staff hold no credits, so it takes another address. */
  | { outcome: 'is_customer' }
  /** A link to this address is still good. */
  | { outcome: 'invited_already' };

/** Asks somebody to join. They become staff when they choose a password under the link, not before. */
export async function inviteStaff(
  context: AuthContext,
  options: InviteStaffOptions,
): Promise<InviteStaffOutcome> {
  try {
    return await inTransaction(context.db, 'invite staff', (tx) => invite(tx, context, options));
  } catch (error) {
    // Asked for twice at once: the first one stands.
    if (isUniqueViolation(error, 'staff_invite_key_key')) return { outcome: 'invited' };
    if (isUniqueViolation(error, 'staff_invite_one_open')) return { outcome: 'invited_already' };
    throw error;
  }
}

async function invite(
  tx: Tx,
  { now, appUrl }: AuthContext,
  { key, email, name, role, actor, reason, comment }: InviteStaffOptions,
): Promise<InviteStaffOutcome> {
  if ((await tx.staffInvite.count({ where: { key } })) > 0) return { outcome: 'invited' };
  const owner = await tx.user.findUnique({
    where: { email },
    select: { role: true, customer: { select: { id: true } } },
  });
  if (owner !== null && owner.role !== 'customer') return { outcome: 'is_staff' };
  if (owner !== null && owner.customer !== null) return { outcome: 'is_customer' };
  const open = { email, usedAt: null, withdrawnAt: null };
  await tx.staffInvite.updateMany({
    where: { ...open, expiresAt: { lte: now } },
    data: { withdrawnAt: now },
  });
  if ((await tx.staffInvite.count({ where: open })) > 0) return { outcome: 'invited_already' };
  const [id, token] = [newId('inv'), newToken()];
  await tx.staffInvite.create({
    data: {
      ...{ id, key, tokenHash: hashOfToken(token), email, name, role, invitedById: actor.id, createdAt: now },
      expiresAt: new Date(now.getTime() + INVITE_LIFE),
    },
    select: { id: true },
  });
  await mailInvite(tx, { id, token, email, role, actor: actor.email, appUrl });
  const person = { id, name, email };
  await mailAdminsOfRole(tx, {
    person,
    before: 'none',
    after: role,
    actor: actor.email,
    comment,
    now,
    appUrl,
  });
  const after = { email, name, role };
  await appendAudit(tx, { actor: actor.id, act: 'staff.invited', subject: id, reason, comment, after });
  return { outcome: 'invited' };
}

export type WithdrawInviteOutcome =
  /** The link opens nothing any more. */
  | { outcome: 'withdrawn'; email: string }
  /** Somebody joined by it before. */
  | { outcome: 'used' }
  | { outcome: 'not_found' };

/** Takes an invitation back; told again, nothing is done. */
export async function withdrawInvite(
  { db, now }: AuthContext,
  { inviteId, actor, reason, comment }: TeamAct & { inviteId: string },
): Promise<WithdrawInviteOutcome> {
  return inTransaction(db, 'withdraw invitation', async (tx): Promise<WithdrawInviteOutcome> => {
    const { count } = await tx.staffInvite.updateMany({
      where: { id: inviteId, usedAt: null, withdrawnAt: null },
      data: { withdrawnAt: now },
    });
    const row = await tx.staffInvite.findUnique({
      where: { id: inviteId },
      select: { email: true, role: true, usedAt: true },
    });
    if (row === null) return { outcome: 'not_found' };
    if (row.usedAt !== null) return { outcome: 'used' };
    const { email, role } = row;
    if (count === 1) {
      const before = { email, role };
      await appendAudit(tx, {
        actor: actor.id,
        act: 'staff.invite_withdrawn',
        subject: inviteId,
        reason,
        comment,
        before,
      });
    }
    return { outcome: 'withdrawn', email };
  });
}
