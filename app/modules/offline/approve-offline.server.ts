import {
  approve,
  type ApproveInput,
  type ApproveOutcome,
  type CarryOut,
  type LockedApproval,
} from '~/modules/approvals/index.server';
import { appendAudit } from '~/modules/audit/index.server';
import { settleOffline } from '~/modules/payments/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { offlineBody } from './offline-body.server';
import { referenceKeyOf } from './reference-key';

/**
 * A second person lets it be recorded: payment, revenue and credits stand in one transaction, once. That its reference is
 * recorded once is the database's: of two requests for one reference only one is ever open.
 */
export function approveOffline(db: Db, input: ApproveInput): Promise<ApproveOutcome> {
  return inTransaction(db, 'approve offline', async (tx) => {
    const found = await tx.approval.findUnique({ where: { id: input.approvalId }, select: { act: true } });
    if (found?.act !== 'offline') return { outcome: 'not_found' };
    return approve(tx, input, (approval) => record(tx, approval, input.approver));
  });
}

async function record(tx: Tx, approval: LockedApproval, approver: string): ReturnType<CarryOut> {
  const { book, id: approvalId, requester, reason, comment } = approval;
  const { channel, reference, realmId, customerId, versionId, quantity, currency, ...text } =
    offlineBody.parse(approval.body);
  const referenceKey = referenceKeyOf(reference);
  const name = { book, channel, referenceKey };
  const recorded = await tx.offlinePayment.count({ where: name });
  if (recorded > 0) return { outcome: 'not_done', why: 'already_recorded' };
  const { paymentId, effects } = await settleOffline(tx, {
    ...{ realmId, book, customerId, versionId, quantity, currency },
    ...{ credits: BigInt(text.credits), amount: BigInt(text.amount) },
    ...{ moneyObject: `${channel}:${referenceKey}`, cause: `staff:${requester}` },
  });
  await tx.offlinePayment.create({
    data: { paymentId, ...name, reference, approvalId },
    select: { paymentId: true },
  });
  await appendAudit(tx, {
    ...{ actor: requester, act: 'offline.recorded', subject: paymentId, reason, comment, realmId },
    after: { approvalId, approver, channel, reference, amount: text.amount, currency, credits: text.credits },
  });
  return { outcome: 'done', effects };
}
