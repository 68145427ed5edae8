import { appendAudit } from '~/modules/audit/index.server';
import { inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type AuthContext } from './auth-context.server';
import { type Client } from './client.server';
import { insertUser } from './create-user.server';
import { hashPassword } from './password.server';
import { endSessions, startSession } from './sessions.server';
import { isOwnEmail, type StaffRole } from './shared';
import { hashOfToken } from './token.server';

export interface OpenInvite {
  email: string;
  name: string;
  role: StaffRole;
}

/** Whom a link asks to join; uses nothing up. */
export async function readInvite({ db, now }: AuthContext, token: string): Promise<OpenInvite | undefined> {
  const row = await db.staffInvite.findUnique({
    where: { tokenHash: hashOfToken(token), usedAt: null, withdrawnAt: null, expiresAt: { gt: now } },
    select: { email: true, name: true, role: true },
  });
  return row === null || row.role === 'customer' ? undefined : { ...row, role: row.role };
}

export interface JoinStaffOptions {
  token: string;
  password: string;
  client: Client;
  former: string | undefined;
}

export type JoinStaffOutcome =
  | { outcome: 'joined'; token: string }
  /** The link is still good. */
  | { outcome: 'password_is_email' }
  /** Unknown, used, withdrawn or too old. */
  | { outcome: 'link_over' }
  /** Somebody opened an account of the store with the address meanwhile. */
  | { outcome: 'is_customer' };

/** Makes the account that a link stands for, or opens the console again to whoever left, and logs in. */
export async function joinStaff(
  context: AuthContext,
  { token, password, client, former }: JoinStaffOptions,
): Promise<JoinStaffOutcome> {
  const { db, now } = context;
  const invite = await readInvite(context, token);
  if (invite === undefined) return { outcome: 'link_over' };
  if (isOwnEmail(password, invite.email)) return { outcome: 'password_is_email' };
  const passwordHash = await hashPassword(password);
  return inTransaction(db, 'join staff', async (tx): Promise<JoinStaffOutcome> => {
    const userId = await staffAccount(tx, { ...invite, passwordHash, now });
    if (userId === undefined) return { outcome: 'is_customer' };
    // Of two that come at once one is first; what the other one wrote goes with its transaction.
    const { count } = await tx.staffInvite.updateMany({
      where: { tokenHash: hashOfToken(token), usedAt: null, withdrawnAt: null, expiresAt: { gt: now } },
      data: { usedAt: now },
    });
    if (count === 0) throw new LinkOver();
    const session = await startSession(tx, { userId, client, now, former });
    await appendAudit(tx, {
      actor: userId,
      act: 'staff.joined',
      subject: userId,
      after: { role: invite.role },
    });
    log.info('staff joined', { userId });
    return { outcome: 'joined', token: session };
  }).catch((error: unknown) => {
    if (error instanceof LinkOver) return { outcome: 'link_over' };
    throw error;
  });
}

class LinkOver extends Error {}

/** Undefined when the address belongs to a customer, or to somebody who is staff already. */
async function staffAccount(
  tx: Tx,
  { email, name, role, passwordHash, now }: OpenInvite & { passwordHash: string; now: Date },
): Promise<string | undefined> {
  const made = await insertUser(tx, { email, name, role, passwordHash, emailVerifiedAt: now });
  if (made !== undefined) return made.userId;
  const former = await tx.user.findUnique({ where: { email }, select: { id: true } });
  if (former === null) return undefined;
  const { count } = await tx.user.updateMany({
    where: { id: former.id, role: 'customer', customer: null },
    data: { name, role, passwordHash, emailVerifiedAt: now },
  });
  if (count === 0) return undefined;
  await endSessions(tx, former.id);
  return former.id;
}
