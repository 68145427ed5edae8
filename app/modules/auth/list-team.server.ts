import { type AuthContext } from './auth-context.server';
import { hasRole, type Role, ROLES, type StaffRole } from './shared';

export interface TeamMember {
  id: string;
  name: string;
  email: string;
  role: StaffRole;
  hasTotp: boolean;
  /** Open log-ins. */
  sessions: number;
  /** When one of them was last used, to the hour. */
  lastSeenAt: Date | null;
  createdAt: Date;
}

export interface TeamInvite {
  id: string;
  name: string;
  email: string;
  role: StaffRole;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface TeamView {
  members: TeamMember[];
  /** Links that are still good. */
  invites: TeamInvite[];
}

/** More are a company of its own: the list says so little by then that nobody misses the rest. */
const MOST = 200;

const isStaffRole = (role: Role): role is StaffRole => role !== 'customer' && hasRole(role, 'viewer');

/** Who works in the console, admins first, and who is asked to. */
export async function listTeam({ db, now }: AuthContext): Promise<TeamView> {
  const open = { expiresAt: { gt: now } };
  const users = await db.user.findMany({
    where: { role: { not: 'customer' } },
    orderBy: [{ role: 'desc' }, { name: 'asc' }, { id: 'asc' }],
    take: MOST,
    select: {
      ...{ id: true, name: true, email: true, role: true, createdAt: true },
      totp: { select: { confirmedAt: true } },
      sessions: { where: open, orderBy: { lastSeenAt: 'desc' }, take: 50, select: { lastSeenAt: true } },
    },
  });
  const invites = await db.staffInvite.findMany({
    where: { usedAt: null, withdrawnAt: null, ...open },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: MOST,
    select: {
      ...{ id: true, name: true, email: true, role: true, createdAt: true, expiresAt: true },
      invitedBy: { select: { email: true } },
    },
  });
  return {
    members: users
      .flatMap(({ role, totp, sessions, ...user }) =>
        isStaffRole(role)
          ? [
              {
                ...{ ...user, role, hasTotp: totp !== null && totp.confirmedAt !== null },
                ...{ sessions: sessions.length, lastSeenAt: sessions[0]?.lastSeenAt ?? null },
              },
            ]
          : [],
      )
      .sort((a, b) => ROLES.indexOf(b.role) - ROLES.indexOf(a.role)),
    invites: invites.flatMap(({ role, invitedBy, ...invite }) =>
      isStaffRole(role) ? [{ ...invite, role, invitedBy: invitedBy.email }] : [],
    ),
  };
}
