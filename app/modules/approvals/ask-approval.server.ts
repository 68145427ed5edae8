import { appendAudit } from '~/modules/audit/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type Prisma } from '../../../prisma/generated/client';
import { type LimitedAct } from './check-limit.server';
import { type PersonRole } from './shared';
import { isOwner } from './wallet-owner.server';

export interface AskApprovalInput extends LimitedAct {
  role: PersonRole;
  /** What is acted on: one request of an act may be open for it. */
  subject: string;
  /** What is carried out, in the words of the room that acts; big integers as text. Never changes. */
  body: Prisma.InputJsonObject;
  /** What the requester saw before asking. */
  preview: Prisma.InputJsonObject;
  /** A reason code. */
  reason: string;
  comment: string;
}

export type AskApprovalOutcome =
  | { outcome: 'asked'; approvalId: string; expiresAt: Date }
  /** This act on this subject waits for somebody's approval already. */
  | { outcome: 'already_asked'; approvalId: string }
  | { outcome: 'own_wallet' };

/** Asks a second person for an act above its limit: it is audited, and those who may decide are told by mail. It stands for seven days. */
export async function askApproval(tx: Tx, input: AskApprovalInput): Promise<AskApprovalOutcome> {
  const { book, act, actor, role, customerId, subject, unit, amount, body, preview, reason, comment } = input;
  if (await isOwner(tx, customerId, actor)) return { outcome: 'own_wallet' };
  const id = newId('apr');
  const terms = { book, act, subject, customerId, unit, amount, body, preview, reason, comment };
  await tx.approval.createMany({
    data: [{ id, ...terms, requester: actor, role }],
    skipDuplicates: true,
  });
  const standing = await tx.approval.findFirstOrThrow({
    where: { act, subject, state: 'open' },
    select: { id: true, expiresAt: true },
  });
  if (standing.id !== id) return { outcome: 'already_asked', approvalId: standing.id };
  await addJob(
    tx,
    'approvals.mail',
    { approvalId: id, mail: 'asked' },
    { key: `approvals.mail:${id}:asked` },
  );
  await appendAudit(tx, {
    actor,
    act: 'approval.asked',
    subject: id,
    reason,
    comment,
    after: { act, subject, customerId, unit, amount },
  });
  return { outcome: 'asked', approvalId: id, expiresAt: standing.expiresAt };
}
