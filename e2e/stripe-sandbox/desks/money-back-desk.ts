import type Stripe from 'stripe';
import { isDebit } from '../engine/balance/record-transaction';
import { answerDispute, decideDispute } from '../engine/disputes/answer-dispute';
import type { DisputeReason } from '../engine/disputes/build-dispute';
import { closeDispute, escalateInquiry, stageOf } from '../engine/disputes/close-dispute';
import { openDispute } from '../engine/disputes/open-dispute';
import { returnDebit } from '../engine/disputes/return-debit';
import { createRefund } from '../engine/refunds/create-refund';
import { judgeRefund, refundableCharge } from '../engine/refunds/judge-refund';
import { canFail, failRefund, settleRefund } from '../engine/refunds/move-refund';
import { idIn, type World } from '../engine/world';
import type {
  AnswerDisputeOutcome,
  DisputeDecision,
  DisputeKind,
  DisputeRow,
  MoneyBackDesk,
  OfPayment,
  OpenDisputeOutcome,
  RefundOutcome,
  RefundRow,
} from '../sandbox-money-back';
import { deskPage } from './pages';

export function moneyBackDesk(world: World): MoneyBackDesk {
  const { store } = world;
  const saved = <T>(outcome: T): T => {
    store.save();
    return outcome;
  };
  return {
    refunds: (query) => deskPage(store.refunds, query, refundRow, { index: indexOf(query) }),
    disputes: (query) => deskPage(store.disputes, query, disputeRow, { index: indexOf(query) }),
    findRefund(refundId) {
      const refund = store.refunds.get(refundId);
      return refund && refundRow(refund);
    },
    findDispute(disputeId) {
      const dispute = store.disputes.get(disputeId);
      return dispute && disputeRow(dispute);
    },
    refund: (intentId, amount) => saved(refund(world, intentId, amount ?? null)),
    settleRefund(refundId) {
      const before = store.refunds.get(refundId);
      if (!before) return { outcome: 'unknown_refund' };
      if (before.status !== 'pending') return { outcome: 'not_movable', status: String(before.status) };
      settleRefund(world, refundId);
      return saved({ outcome: 'moved', status: 'succeeded' });
    },
    failRefund(refundId) {
      const before = store.refunds.get(refundId);
      if (!before) return { outcome: 'unknown_refund' };
      if (!canFail(before)) return { outcome: 'not_movable', status: String(before.status) };
      failRefund(world, refundId);
      return saved({ outcome: 'moved', status: 'failed' });
    },
    openDispute: (intentId, kind, reason) => saved(dispute(world, intentId, kind, reason)),
    answerDispute: (disputeId, answer) => saved(answerNow(world, disputeId, answer)),
  };
}

function indexOf(query: OfPayment | undefined): { name: string; key: string } | undefined {
  const intentId = query?.paymentIntentId;
  return intentId === undefined ? undefined : { name: 'payment_intent', key: intentId };
}

function chargeOfIntent(world: World, intentId: string): Stripe.Charge | undefined | null {
  const intent = world.store.paymentIntents.get(intentId);
  return intent ? refundableCharge(world, intent) : null;
}

function refund(world: World, intentId: string, wanted: number | null): RefundOutcome {
  const charge = chargeOfIntent(world, intentId);
  if (charge === null) return { outcome: 'unknown_payment' };
  if (charge === undefined) return { outcome: 'not_paid' };
  if (wanted !== null && !(Number.isSafeInteger(wanted) && wanted >= 1)) return { outcome: 'too_little' };
  const judged = judgeRefund(world, charge, wanted);
  if (judged.outcome !== 'allowed') return judged;
  const made = createRefund(world, world.byItself, {
    charge,
    amount: judged.amount,
    reason: 'requested_by_customer',
    metadata: {},
    instructionsEmail: null,
  });
  return { outcome: 'refunded', refundId: made.id, status: String(made.status) };
}

function dispute(
  world: World,
  intentId: string,
  kind: DisputeKind,
  reason: DisputeReason,
): OpenDisputeOutcome {
  const charge = chargeOfIntent(world, intentId);
  if (charge === null) return { outcome: 'unknown_payment' };
  if (charge?.status !== 'succeeded' || !charge.captured) return { outcome: 'not_paid' };
  if (isDebit(charge) !== (kind === 'bank_return')) return { outcome: 'wrong_method' };
  const amount = charge.amount_captured;
  const opened =
    kind === 'bank_return'
      ? returnDebit(world, charge, reason, amount)
      : openDispute(world, charge, { kind, reason, amount });
  world.publish(world.byItself, opened.happenings);
  return { outcome: 'opened', disputeId: opened.dispute.id, status: opened.dispute.status };
}

function answerNow(world: World, disputeId: string, answer: DisputeDecision): AnswerDisputeOutcome {
  const before = world.store.disputes.get(disputeId);
  if (!before) return { outcome: 'unknown_dispute' };
  const stage = stageOf(before);
  if (stage === 'closed') return { outcome: 'already_closed', status: before.status };
  if (answer === 'escalate' && stage !== 'inquiry') return { outcome: 'not_an_inquiry' };
  if (answer === 'escalate') world.publish(world.byItself, escalateInquiry(world, before).happenings);
  else if (answer === 'accept') world.publish(world.byItself, closeDispute(world, before, 'lost').happenings);
  else decideNow(world, before, answer);
  return { outcome: 'answered', status: world.store.disputes.must(disputeId).status };
}

/** The bank decides at once; a dispute that nobody has answered is answered first. */
function decideNow(world: World, before: Stripe.Dispute, answer: 'win' | 'lose'): void {
  if (before.status === 'under_review' || before.status === 'warning_under_review') {
    const decided = closeDispute(world, before, answer === 'win' ? 'won' : 'lost');
    world.publish(world.byItself, decided.happenings);
    return;
  }
  answerDispute(world, world.byItself, before, {
    evidence: { uncategorized_text: answer === 'win' ? 'winning_evidence' : 'losing_evidence' },
    isSubmitted: true,
    intendedMethod: before.intended_submission_method,
    metadata: before.metadata,
  });
  decideDispute(world, before.id);
}

function refundRow(refund: Stripe.Refund): RefundRow {
  return {
    id: refund.id,
    created: refund.created,
    paymentIntentId: idIn(refund.payment_intent),
    chargeId: idIn(refund.charge),
    amount: refund.amount,
    currency: refund.currency,
    status: String(refund.status),
    reason: refund.reason,
    failureReason: refund.failure_reason ?? null,
  };
}

function disputeRow(dispute: Stripe.Dispute): DisputeRow {
  const moved = dispute.balance_transactions.reduce((sum, { amount }) => sum + amount, 0);
  return {
    id: dispute.id,
    created: dispute.created,
    paymentIntentId: idIn(dispute.payment_intent),
    chargeId: idIn(dispute.charge) ?? '',
    amount: dispute.amount,
    currency: dispute.currency,
    status: dispute.status,
    reason: dispute.reason,
    stage: stageOf(dispute),
    dueBy: dispute.evidence_details.due_by,
    withdrawn: moved === 0 ? 0 : -moved,
  };
}
