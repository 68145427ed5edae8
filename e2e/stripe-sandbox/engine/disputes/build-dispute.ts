import type Stripe from 'stripe';
import { DAY_SECONDS } from '../../durations';
import { isDebit } from '../balance/record-transaction';
import type { World } from '../world';

export const DISPUTE_REASONS = [
  'bank_cannot_process',
  'check_returned',
  'credit_not_processed',
  'customer_initiated',
  'debit_not_authorized',
  'duplicate',
  'fraudulent',
  'general',
  'incorrect_account_details',
  'insufficient_funds',
  'noncompliant',
  'product_not_received',
  'product_unacceptable',
  'subscription_canceled',
  'unrecognized',
] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

export interface DisputeInput {
  kind: 'chargeback' | 'inquiry';
  reason: DisputeReason;
  /** In the smallest unit. */
  amount: number;
}

const DAYS_TO_ANSWER = 8;

/** The networks' codes of the commonest reasons; Visa's inquiries name only the category. */
const NETWORK_CODES: Record<string, Partial<Record<DisputeReason, string>>> = {
  amex: { fraudulent: 'F29', product_not_received: 'C08', unrecognized: 'C31' },
  mastercard: { fraudulent: '4837', product_not_received: '4853', duplicate: '4834' },
  visa: {
    credit_not_processed: '13.6',
    duplicate: '12.6.1',
    fraudulent: '10.4',
    product_not_received: '13.1',
    product_unacceptable: '13.3',
    subscription_canceled: '13.2',
  },
};

const BLANK_EVIDENCE = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
} satisfies Stripe.Dispute.Evidence;

export function buildDispute(world: World, charge: Stripe.Charge, input: DisputeInput): Stripe.Dispute {
  const isInquiry = input.kind === 'inquiry';
  return {
    id: world.ids.long(world.settings().disputePrefix),
    object: 'dispute',
    amount: input.amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: BLANK_EVIDENCE,
    evidence_details: {
      due_by: dueBy(world.now()),
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: world.livemode,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...networkDetails(charge, input),
    reason: input.reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
  };
}

type NetworkDetails = Pick<Stripe.Dispute, 'network_reason_code' | 'payment_method_details'>;

/** Bank debits have no network. */
export function networkDetails(charge: Stripe.Charge, input: Omit<DisputeInput, 'amount'>): NetworkDetails {
  if (isDebit(charge)) return {};
  const brand = charge.payment_method_details?.card?.brand ?? 'visa';
  const code = NETWORK_CODES[brand]?.[input.reason] ?? null;
  const shown = input.kind === 'inquiry' ? (code?.split('.')[0] ?? null) : code;
  return {
    network_reason_code: shown,
    payment_method_details: {
      card: { brand, case_type: input.kind, network: brand, network_reason_code: shown },
      type: 'card',
    },
  };
}

/** The last second of a day. */
export function dueBy(now: number): number {
  return (Math.floor(now / DAY_SECONDS) + DAYS_TO_ANSWER + 1) * DAY_SECONDS - 1;
}
