import type Stripe from 'stripe';
import * as z from 'zod';
import type { FormHash } from './form';
import { bool, clearable, metadataPatch, oneOf, text } from './params';
import { invalid, notPlayed } from './refusal';

const MOST_CHARACTERS = 150_000;

const TEXTS = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_tracking_number',
  'uncategorized_text',
] as const;

/** Nothing can be uploaded here, so no id of a file is ever good. */
const FILES = new Set([
  'cancellation_policy',
  'customer_communication',
  'customer_signature',
  'duplicate_charge_documentation',
  'receipt',
  'refund_policy',
  'service_documentation',
  'shipping_documentation',
  'uncategorized_file',
]);
const NETWORK_CLAIMS = new Set(['appeal', 'enhanced_evidence']);

export const updateDisputeParams = z.strictObject({
  evidence: z.record(z.enum(TEXTS), clearable(text(20_000)).optional()).optional(),
  intended_submission_method: oneOf([
    'manual',
    'prefer_manual',
    'prefer_smart_disputes',
    'smart_disputes',
  ]).optional(),
  metadata: metadataPatch().optional(),
  submit: bool().optional(),
});
type UpdateDisputeParams = z.output<typeof updateDisputeParams>;

/** Before the parameters are parsed: evidence that Stripe takes and the sandbox cannot. */
export function checkEvidence({ evidence }: FormHash): void {
  if (typeof evidence !== 'object') return;
  for (const name of Object.keys(evidence)) {
    if (FILES.has(name)) throw notPlayed('files as evidence', `evidence[${name}]`);
    if (NETWORK_CLAIMS.has(name)) throw notPlayed(`${name} of disputes`, `evidence[${name}]`);
  }
}

/** The fields that were sent; an empty one clears what stood there. */
export function evidenceOf(sent: UpdateDisputeParams['evidence']): Partial<Stripe.Dispute.Evidence> {
  const given: Partial<Stripe.Dispute.Evidence> = {};
  let characters = 0;
  for (const name of TEXTS) {
    const value = sent?.[name];
    if (value === undefined) continue;
    characters += value?.length ?? 0;
    given[name] = value;
  }
  if (characters <= MOST_CHARACTERS) return given;
  throw invalid(`The combined character count of the evidence must be at most ${MOST_CHARACTERS}.`, {
    param: 'evidence',
  });
}
