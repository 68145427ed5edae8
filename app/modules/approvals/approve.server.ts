import * as z from 'zod';

import { appendAudit } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { lockApproval, type LockedApproval } from './lock-approval.server';
import { type ApprovalState } from './shared';
import { tellClosed } from './tell-closed.server';

/** What the room that acts makes of an approved request. `not_done` has written nothing: the request stays open. */
export type CarryOut = (
  approval: LockedApproval,
) => Promise<{ outcome: 'done'; effects: string[] } | { outcome: 'not_done'; why: string }>;

export interface ApproveInput {
  approvalId: string;
  /** A user's id. */
  approver: string;
  role: 'finance' | 'admin';
  /** The wallet's last entry that the approver saw; 0 where there is no wallet. */
  walletSeq: bigint;
  /** A reason code of who approves, and their words: kept in the audit. */
  reason?: string;
  comment?: string;
}

export type ApproveOutcome =
  | { outcome: 'executed'; effects: string[] }
  | { outcome: 'not_found' }
  /** Somebody was faster. */
  | { outcome: 'closed'; state: Exclude<ApprovalState, 'open'> }
  /** Seven days are over; the requester asks again. */
  | { outcome: 'expired' }
  /** The requester cannot be the second person. */
  | { outcome: 'own_request' }
  | { outcome: 'own_wallet' }
  /** The wallet is not what the approver saw: `seq` is its last entry now. They look again. */
  | { outcome: 'wallet_moved'; seq: bigint }
  /** The act is not possible any more. */
  | { outcome: 'not_done'; why: string };

/**
 * Approves and carries out in one transaction, once: there is no approved act that waits. The request's lock lets one
 * approver through, the wallet stays locked as the approver saw it, and a closed request cannot be closed again. A caller
 * whose act locks events or payments locks them before.
 */
export async function approve(tx: Tx, input: ApproveInput, carryOut: CarryOut): Promise<ApproveOutcome> {
  const approval = await lockApproval(tx, input.approvalId);
  if (!approval) return { outcome: 'not_found' };
  if (approval.state !== 'open') return { outcome: 'closed', state: approval.state };
  if (approval.isOver) return { outcome: 'expired' };
  if (approval.requester === input.approver) return { outcome: 'own_request' };
  if (approval.owner === input.approver) return { outcome: 'own_wallet' };
  const seq = await lockWallet(tx, approval);
  if (seq !== input.walletSeq) return { outcome: 'wallet_moved', seq };
  const done = await carryOut(approval);
  if (done.outcome === 'not_done') return done;
  await close(tx, approval, { approver: input.approver, walletSeq: seq });
  await tellClosed(tx, approval.id);
  await appendAudit(tx, {
    actor: input.approver,
    act: 'approval.executed',
    subject: approval.id,
    reason: input.reason ?? approval.reason,
    comment: input.comment ?? approval.comment,
    after: { requester: approval.requester, role: input.role, walletSeq: seq, effects: done.effects },
  });
  return { outcome: 'executed', effects: done.effects };
}

const seqRows = z.array(z.object({ seq: z.bigint() }));

/** The wallet's last entry, under its lock; 0 where there is no wallet. */
async function lockWallet(tx: Tx, { book, customerId }: LockedApproval): Promise<bigint> {
  const rows = await tx.$queryRaw`
    SELECT seq FROM wallet WHERE book = ${book}::mode AND customer = ${customerId} FOR NO KEY UPDATE`;
  return seqRows.parse(rows)[0]?.seq ?? 0n;
}

async function close(
  tx: Tx,
  approval: LockedApproval,
  by: { approver: string; walletSeq: bigint },
): Promise<void> {
  await tx.approval.update({
    where: { id: approval.id },
    data: { ...by, state: 'executed', closedAt: new Date() },
    select: { id: true },
  });
  const { book, act, requester, role, customerId, subject, unit, amount } = approval;
  await tx.staffAct.create({
    data: {
      ...{ id: newId('act'), book, act, actor: requester, role, customerId, subject, unit, amount },
      approvalId: approval.id,
    },
    select: { id: true },
  });
}
