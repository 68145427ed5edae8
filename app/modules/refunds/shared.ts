import { assertNever } from '~/platform/assert-never';
import { formatMoney } from '~/platform/money';

/** Where a refund stands: our own words until Stripe knows of it, then Stripe's. */
export const REFUND_STATUSES = [
  'awaiting_approval',
  'requested',
  'sending',
  'pending',
  'succeeded',
  'failed',
  'canceled',
  'rejected',
] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

export const REFUND_STATUS_LABEL: Record<RefundStatus, string> = {
  awaiting_approval: 'Waits for approval',
  requested: 'Requested',
  sending: 'Outcome unknown',
  pending: 'Pending',
  succeeded: 'Refunded',
  failed: 'Failed',
  canceled: 'Canceled',
  rejected: 'Declined',
};

export const REFUND_STATUS_TONE: Record<RefundStatus, 'ok' | 'warn' | 'bad' | 'info' | 'idle'> = {
  awaiting_approval: 'warn',
  requested: 'info',
  sending: 'warn',
  pending: 'info',
  succeeded: 'ok',
  failed: 'bad',
  canceled: 'bad',
  rejected: 'idle',
};

/** Why staff refund. Stripe knows three of them; the others are a customer's request to it. */
export const REFUND_REASONS = [
  'requested_by_customer',
  'duplicate',
  'fraudulent',
  'not_as_promised',
  'goodwill',
] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

export const REFUND_REASON_LABEL: Record<RefundReason, string> = {
  requested_by_customer: 'The customer asks for it',
  duplicate: 'Paid twice',
  fraudulent: 'Fraudulent',
  not_as_promised: 'Not as promised',
  goodwill: 'Goodwill',
};

/** How a refund stands after it was sent. `sending`: Stripe has not answered; the same request is sent again by itself. */
export interface SentRefund {
  refundId: string;
  status: RefundStatus;
  /** Stripe's reason, when it refused. */
  failure: string | null;
  /** In the currency's smallest unit. */
  amount: bigint;
  currency: string;
}

/** Why a payment cannot be refunded, or not by this much. */
export type RefundBar =
  /** Zero and less is no refund, and never "all of it". */
  | { bar: 'zero' }
  /** Nothing was paid through Stripe. */
  | { bar: 'not_paid' }
  /** The bank has the money, or wants it: a refund would pay twice. */
  | { bar: 'charged_back'; dispute: string; isOpen: boolean }
  /** Of what was paid only this much was not refunded or asked for yet; smallest units. */
  | { bar: 'too_much'; left: bigint };

/** Why it cannot be, in words for whoever asks. */
export function refundBarWords(bar: RefundBar, currency: string): string {
  switch (bar.bar) {
    case 'zero':
      return 'An amount above zero is needed.';
    case 'not_paid':
      return 'Nothing of it was paid through Stripe, so Stripe has nothing to give back.';
    case 'charged_back':
      return bar.isOpen
        ? `The bank holds this money in the dispute ${bar.dispute}: a refund now would pay twice. It is possible once the dispute is won.`
        : `The bank has taken this money back in the dispute ${bar.dispute}: a refund would pay twice.`;
    case 'too_much':
      return bar.left === 0n
        ? 'All of it is refunded, or asked for already.'
        : `Only ${formatMoney(bar.left, currency)} of it is left to refund.`;
    default:
      return assertNever(bar);
  }
}

/** What a refund would do, before anybody asks for it. Money in smallest units. */
export interface RefundPreview {
  paymentId: string;
  currency: string;
  amount: bigint;
  paid: bigint;
  /** Refunded, on its way, or waiting for a second person. */
  refunded: bigint;
  left: bigint;
  /** Credits: what was granted, what is gone of them for good, what can still be spent or is held back. */
  granted: bigint;
  spent: bigint;
  available: bigint;
  /** Credits that this refund takes, and those that it should take and that are spent. */
  toRevoke: bigint;
  shortfall: bigint;
  /** What refunds and disputes before it found spent already. */
  shortfallBefore: bigint;
  /** What becomes of the shortfall. */
  policy: 'absorb' | 'debt';
  /** Why this refund is not possible now. */
  bar: RefundBar | undefined;
  /** Stands for what was seen: a request that carries it is refused once anything else went back. */
  key: string;
}

/** How far one person may go alone with a refund of this currency, and what of it is used. Smallest units. */
export interface RefundLimit {
  outcome: 'within' | 'above';
  bound: 'per_act' | 'actor_day' | 'customer_day';
  limit: bigint;
  used: bigint;
}

/** The preview as one member of staff sees it; without an amount there is nothing to hold against a limit. */
export interface StaffRefundPreview extends RefundPreview {
  limit: RefundLimit | undefined;
}
