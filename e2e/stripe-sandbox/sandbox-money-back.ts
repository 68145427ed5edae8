import type Stripe from 'stripe';
import type { DisputeReason } from './engine/disputes/build-dispute';
import type { RefundJudgement } from './engine/refunds/judge-refund';
import type { Page, PageQuery } from './sandbox';

/** Refunds and disputes: what there is, and what a person makes banks and the account do. */
export interface MoneyBackDesk {
  refunds(query?: OfPayment): Page<RefundRow>;
  disputes(query?: OfPayment): Page<DisputeRow>;
  findRefund(refundId: string): RefundRow | undefined;
  findDispute(disputeId: string): DisputeRow | undefined;
  /** Without an amount: all that is left. */
  refund(paymentIntentId: string, amount?: number): RefundOutcome;
  settleRefund(refundId: string): MoveRefundOutcome;
  failRefund(refundId: string): MoveRefundOutcome;
  openDispute(paymentIntentId: string, kind: DisputeKind, reason: DisputeReason): OpenDisputeOutcome;
  answerDispute(disputeId: string, answer: DisputeDecision): AnswerDisputeOutcome;
}

export type OfPayment = PageQuery & { paymentIntentId?: string };

export interface RefundRow {
  id: string;
  created: number;
  paymentIntentId: string | null;
  chargeId: string | null;
  amount: number;
  currency: string;
  status: string;
  reason: Stripe.Refund.Reason | null;
  failureReason: string | null;
}

export interface DisputeRow {
  id: string;
  created: number;
  paymentIntentId: string | null;
  chargeId: string;
  amount: number;
  currency: string;
  status: Stripe.Dispute.Status;
  reason: string;
  /** Who waits: `inquiry` and `chargeback` can be answered, `closed` cannot. */
  stage: 'inquiry' | 'chargeback' | 'closed';
  /** Unix seconds. */
  dueBy: number | null;
  /** What the dispute has taken from the balance so far, without fees. */
  withdrawn: number;
}

/** `bank_return`: the bank takes a debit back; cards know only the other two. */
export type DisputeKind = 'chargeback' | 'inquiry' | 'bank_return';
/** `accept`: the account gives up. `escalate`: the bank makes an inquiry a chargeback. */
export type DisputeDecision = 'win' | 'lose' | 'accept' | 'escalate';

export type RefundOutcome =
  | { outcome: 'refunded'; refundId: string; status: string }
  | Exclude<RefundJudgement, { outcome: 'allowed' }>
  /** Less than one of the smallest unit. */
  | { outcome: 'too_little' }
  | { outcome: 'unknown_payment' };

type MoveRefundOutcome =
  | { outcome: 'moved'; status: string }
  /** Its end, or the state it is in, does not allow it. */
  | { outcome: 'not_movable'; status: string }
  | { outcome: 'unknown_refund' };

export type OpenDisputeOutcome =
  | { outcome: 'opened'; disputeId: string; status: Stripe.Dispute.Status }
  /** There is no captured money to dispute. */
  | { outcome: 'not_paid' }
  /** Debits are returned, cards are charged back. */
  | { outcome: 'wrong_method' }
  | { outcome: 'unknown_payment' };

export type AnswerDisputeOutcome =
  | { outcome: 'answered'; status: Stripe.Dispute.Status }
  | { outcome: 'already_closed'; status: Stripe.Dispute.Status }
  /** Only an inquiry can be escalated. */
  | { outcome: 'not_an_inquiry' }
  | { outcome: 'unknown_dispute' };
