import { appendAudit, type Author } from '~/modules/audit/index.server';
import { mailAdmins } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type ActingRole, STAFF_ACT_LABEL, type StaffActKind } from './shared';

export interface Limit {
  book: 'test' | 'live';
  role: ActingRole;
  act: StaffActKind;
  /** `credits`, or a lower-case currency in whose smallest unit the bounds are. */
  unit: string;
  perAct: bigint;
  actorDay: bigint;
  customerDay: bigint;
}

export type SetLimitOutcome = { outcome: 'set' | 'unchanged' };

const BOUNDS = { perAct: true, actorDay: true, customerDay: true } as const;

/** Sets what one person of a role, or one client of the API, may do alone. It is audited, and every admin is told by mail. */
export async function setLimit(
  tx: Tx,
  limit: Limit,
  by: Author & { reason: string },
): Promise<SetLimitOutcome> {
  const { book, role, act, unit, perAct, actorDay, customerDay } = limit;
  const key = { book, role, act, unit };
  const where = { book_role_act_unit: key };
  // Made with zeros where there is none, so that there is a row to lock.
  await tx.staffLimit.createMany({
    data: [{ ...key, perAct: 0n, actorDay: 0n, customerDay: 0n }],
    skipDuplicates: true,
  });
  await tx.$queryRaw`
    SELECT unit FROM staff_limit
    WHERE book = ${book}::mode AND role = ${role}::acting_role AND act = ${act}::staff_act_kind AND unit = ${unit} FOR NO KEY UPDATE`;
  const before = await tx.staffLimit.findUniqueOrThrow({ where, select: BOUNDS });
  const after = { perAct, actorDay, customerDay };
  if (before.perAct === perAct && before.actorDay === actorDay && before.customerDay === customerDay)
    return { outcome: 'unchanged' };
  await tx.staffLimit.update({ where, data: after, select: { unit: true } });
  const subject = `${book}:${role}:${act}:${unit}`;
  const title = role === 'api' ? 'A limit of the API was changed' : 'A limit of staff was changed';
  const who = role === 'api' ? 'a client of the API' : role;
  await mailAdmins(tx, {
    cause: `limit:${newId('req')}`,
    kind: 'approvals.limit_changed',
    subject: title,
    content: {
      heading: title,
      paragraphs: [
        `${by.actor} changed what ${who} may do alone in the ${book} book: ${STAFF_ACT_LABEL[act]}, in ${unit}.`,
        `Per act ${before.perAct} → ${perAct}; within 24 hours per ${role === 'api' ? 'client' : 'person'} ${before.actorDay} → ${actorDay}, per customer ${before.customerDay} → ${customerDay}.`,
        `Reason: ${by.reason}${by.comment === undefined ? '' : `: ${by.comment}`}.`,
      ],
      footnotes: ['You have this mail as an admin.'],
    },
  });
  await appendAudit(tx, { ...by, act: 'limit.changed', subject, before, after });
  return { outcome: 'set' };
}
