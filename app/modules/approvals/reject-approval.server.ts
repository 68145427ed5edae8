import { appendAudit } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { lockApproval, type LockedApproval } from './lock-approval.server';
import { type ApprovalState } from './shared';
import { tellClosed } from './tell-closed.server';

export interface RejectInput {
  approvalId: string;
  /** A user's id. */
  actor: string;
  /** A reason code. */
  reason?: string;
  comment: string;
}

export type RejectOutcome =
  { outcome: 'rejected' } | { outcome: 'not_found' } | { outcome: 'closed'; state: ApprovalState };

/**
 * Closes a request without carrying it out; its requester may do so too. `release` frees what the acting room keeps for
 * it, in the same transaction.
 */
export async function rejectApproval(
  tx: Tx,
  input: RejectInput,
  release?: (approval: LockedApproval) => Promise<void>,
): Promise<RejectOutcome> {
  const approval = await lockApproval(tx, input.approvalId);
  if (!approval) return { outcome: 'not_found' };
  if (approval.state !== 'open') return { outcome: 'closed', state: approval.state };
  await tx.approval.update({
    where: { id: approval.id },
    data: { state: 'rejected', rejectedBy: input.actor, closedAt: new Date() },
    select: { id: true },
  });
  await release?.(approval);
  await tellClosed(tx, approval.id);
  await appendAudit(tx, {
    ...(input.reason === undefined ? {} : { reason: input.reason }),
    actor: input.actor,
    act: 'approval.rejected',
    subject: approval.id,
    comment: input.comment,
  });
  return { outcome: 'rejected' };
}
