import type Stripe from 'stripe';
import * as z from 'zod';

import { fromUnix } from '~/platform/time';

import { amount, ours, reference, text } from './fact-fields.server';
import { type ChargeRefundsFact, DISPUTE_STATUSES, type DisputeFact, type RefundFact } from './shared';

/** Stripe's word for where a refund stands, in ours. One that waits for the customer's bank details is pending too. */
export function refundStatusOf(status: string | null | undefined): RefundFact['status'] {
  return ENDED.find((known) => known === status) ?? 'pending';
}

const ENDED = ['succeeded', 'failed', 'canceled'] as const;

export const refund = z
  .object({
    object: z.literal('refund'),
    id: z.string(),
    metadata: ours,
    status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']).nullish(),
    amount,
    currency: z.string(),
    payment_intent: reference,
    charge: reference,
    reason: text,
    failure_reason: text,
  })
  .transform((raw): RefundFact => ({
    kind: 'refund',
    id: raw.id,
    ours: raw.metadata,
    status: refundStatusOf(raw.status),
    amount: raw.amount,
    currency: raw.currency,
    intentId: raw.payment_intent,
    chargeId: raw.charge,
    reason: raw.reason,
    failure: raw.failure_reason,
  }));

const movement = z.object({ amount, currency: z.string() });

export const dispute = z
  .object({
    object: z.literal('dispute'),
    id: z.string(),
    metadata: ours,
    status: z.enum(DISPUTE_STATUSES),
    amount,
    currency: z.string(),
    payment_intent: reference,
    charge: reference,
    reason: z.string(),
    balance_transactions: z.array(movement),
    evidence_details: z.object({ due_by: z.int().nullish(), submission_count: z.int() }),
  })
  .transform((raw): DisputeFact => ({
    kind: 'dispute',
    id: raw.id,
    ours: raw.metadata,
    status: raw.status,
    amount: raw.amount,
    currency: raw.currency,
    intentId: raw.payment_intent,
    chargeId: raw.charge,
    reason: raw.reason,
    withdrawn: withdrawnOf(raw.amount, raw.currency, raw.balance_transactions),
    movements: raw.balance_transactions.length,
    submissions: raw.evidence_details.submission_count,
    dueBy:
      typeof raw.evidence_details.due_by === 'number' ? fromUnix(raw.evidence_details.due_by) : undefined,
  }));

/**
 * What the bank has of the disputed amount. The account's balance may be in another currency than the payment: then it
 * is the same share of the amount as of what was once withdrawn.
 */
function withdrawnOf(disputed: bigint, currency: string, movements: z.infer<typeof movement>[]): bigint {
  const net = movements.reduce((sum, one) => sum + one.amount, 0n);
  if (net >= 0n) return 0n;
  const isSame = movements.every((one) => one.currency === currency);
  const taken = movements.reduce((sum, one) => (one.amount < 0n ? sum + one.amount : sum), 0n);
  const withdrawn = isSame ? -net : (disputed * net) / taken;
  return withdrawn < disputed ? withdrawn : disputed;
}

/** A charge as an event shows it: how much of it went back, and not by which refunds. */
export const chargeRefunds = z
  .object({
    object: z.literal('charge'),
    id: z.string(),
    metadata: ours,
    payment_intent: reference,
    customer: reference,
    amount_refunded: amount,
  })
  .transform((raw): ChargeRefundsFact => ({
    kind: 'charge_refunds',
    id: raw.id,
    ours: raw.metadata,
    intentId: raw.payment_intent,
    stripeCustomer: raw.customer,
    amountRefunded: raw.amount_refunded,
    refunds: undefined,
  }));

export const refundFact = (object: Stripe.Refund): RefundFact => refund.parse(object);
export const disputeFact = (object: Stripe.Dispute): DisputeFact => dispute.parse(object);
export const chargeRefundsFact = (object: Stripe.Charge, refunds: Stripe.Refund[]): ChargeRefundsFact => ({
  ...chargeRefunds.parse(object),
  refunds: refunds.map(refundFact),
});
