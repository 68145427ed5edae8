import {
  approve,
  type ApproveInput,
  type ApproveOutcome,
  type LockedApproval,
  rejectApproval,
  type RejectInput,
  type RejectOutcome,
} from '~/modules/approvals/index.server';
import { type LockedPayment, lockPayment, rejectMoneyBack } from '~/modules/payments/index.server';
import { type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { bringRefund } from './bring-refund.server';
import { readBacks, refundBar } from './judge-refund.server';
import { type SentRefund } from './shared';
import { sendRefund } from './send-refund.server';
import { REFUND_RANK } from './state';
import { type PlannedRefundCall, planRefund } from './write-request.server';

export type ApproveRefundOutcome =
  ({ outcome: 'sent' } & SentRefund) | Exclude<ApproveOutcome, { outcome: 'executed' }>;

/** A second person lets a refund go: it is judged anew as the payment stands now, then sent like any other. */
export async function approveRefund(
  db: Db,
  settings: StripeSettings,
  input: ApproveInput & { realm: RealmView },
): Promise<ApproveRefundOutcome> {
  const { realm, approver } = input;
  const approved = await inTransaction(db, 'approve refund', async (tx) => {
    const payment = await lockPaymentOf(tx, realm.id, input.approvalId);
    if (!payment) return { outcome: 'not_found' as const };
    const carried: { refundId: string; call: PlannedRefundCall }[] = [];
    const outcome = await approve(tx, input, async ({ subject }) => {
      const call = await release(tx, { payment, refundId: subject, realm, cause: `staff:${approver}` });
      if (typeof call === 'string') return { outcome: 'not_done', why: call };
      carried.push({ refundId: subject, call });
      return { outcome: 'done', effects: [payment.id, subject] };
    });
    return outcome.outcome === 'executed' ? { ...outcome, carried } : outcome;
  });
  if (approved.outcome !== 'executed') return approved;
  const [sendable] = approved.carried;
  if (!sendable) throw new Error(`Approval ${input.approvalId} was executed and carried nothing out.`);
  return { outcome: 'sent', ...(await sendRefund(db, settings, sendable)) };
}

async function lockPaymentOf(
  tx: Tx,
  realmId: string,
  approvalId: string,
): Promise<LockedPayment | undefined> {
  const approval = await tx.approval.findUnique({
    where: { id: approvalId },
    select: { act: true, subject: true },
  });
  if (approval?.act !== 'refund') return undefined;
  const row = await tx.moneyBack.findUnique({
    where: { id: approval.subject },
    select: { paymentId: true },
  });
  return row ? lockPayment(tx, row.paymentId, realmId) : undefined;
}

/** The call to send, or why it cannot be. */
async function release(
  tx: Tx,
  input: { payment: LockedPayment; refundId: string; realm: RealmView; cause: string },
): Promise<PlannedRefundCall | string> {
  const { payment, refundId, realm, cause } = input;
  const row = await tx.moneyBack.findUniqueOrThrow({
    where: { id: refundId },
    select: { amount: true, reason: true, status: true },
  });
  if (row.status !== 'awaiting_approval') return `it is ${row.status}`;
  const others = (await readBacks(tx, payment.id)).filter(({ id }) => id !== refundId);
  const bar = refundBar(payment, others, row.amount);
  if (bar) return bar.bar;
  await bringRefund(
    tx,
    payment,
    {
      ...{ row: refundId, stripeId: undefined, stripeIntent: undefined, status: 'requested' },
      ...{ amount: row.amount, currency: payment.currency },
    },
    { book: realm.mode, cause, at: new Date() },
  );
  return planRefund(tx, payment, { id: refundId, amount: row.amount, reason: row.reason });
}

/** Nobody lets it go, or its requester takes it back. */
export function rejectRefund(db: Db, input: RejectInput): Promise<RejectOutcome> {
  return inTransaction(db, 'reject refund', (tx) =>
    rejectApproval(tx, input, (approval) => reject(tx, approval, `staff:${input.actor}`)),
  );
}

/** Its seven days are over. */
export const releaseRefund = (tx: Tx, approval: LockedApproval): Promise<void> =>
  reject(tx, approval, `approval:${approval.id}`);

async function reject(tx: Tx, approval: LockedApproval, cause: string): Promise<void> {
  await rejectMoneyBack(tx, {
    ...{ id: approval.subject, waiting: 'awaiting_approval', cause },
    rejected: { status: 'rejected', rank: REFUND_RANK.rejected },
  });
}
