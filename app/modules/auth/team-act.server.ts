import { type Tx } from '~/platform/db.server';

import { type Role, type StaffUser, type TeamReason } from './shared';

/** What every act on the team carries. */
export interface TeamAct {
  /** An admin who proved that it is them. */
  actor: StaffUser;
  reason: TeamReason;
  comment: string;
}

export interface TeamPerson {
  id: string;
  name: string;
  email: string;
  role: Role;
}

export type PersonRefusal =
  /** No such person, or none of the staff. */
  | { outcome: 'not_staff' }
  /** Whoever acts is no admin any more. */
  | { outcome: 'not_admin' }
  /** Nobody changes what they may do themselves. */
  | { outcome: 'own_account' };

/**
 * Locks the person whom an act is about, and the admin who acts: of two admins who demote each other at once, the second
 * is none any more when it is their turn.
 */
export async function lockPerson(
  tx: Tx,
  { actor }: Pick<TeamAct, 'actor'>,
  userId: string,
): Promise<({ outcome: 'locked' } & TeamPerson) | PersonRefusal> {
  if (userId === actor.id) return { outcome: 'own_account' };
  await tx.$queryRaw`SELECT id FROM "user" WHERE id IN (${actor.id}, ${userId}) ORDER BY id FOR NO KEY UPDATE`;
  const acting = await tx.user.count({ where: { id: actor.id, role: 'admin' } });
  const person = await tx.user.findUnique({
    where: { id: userId },
    select: { id: true, name: true, email: true, role: true, customer: { select: { id: true } } },
  });
  if (acting === 0) return { outcome: 'not_admin' };
  if (person === null || person.customer !== null) return { outcome: 'not_staff' };
  const { id, name, email, role } = person;
  return { outcome: 'locked', id, name, email, role };
}
