import type Stripe from 'stripe';
import type { Refusal } from './cards';
import type { MethodBehaviour } from './methods/behaviours';
import { chargeDetails, chargeOutcome } from './methods/charge-details';
import { newReceiptUrl } from './papers';
import { idIn, type World } from './world';

export interface ChargeInput {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  behaviour: MethodBehaviour;
  /** `held` waits for a capture, `pending` for the bank. */
  state: 'paid' | 'held' | 'pending' | 'refused';
  /** Only with `refused`. */
  refusal: Refusal | null;
  isAuthenticated: boolean;
  mandate: string | null;
}

/** One try to get the intent's money: paid, held, on its way, or refused with its reasons. */
export function buildCharge(world: World, input: ChargeInput): Stripe.Charge {
  const { intent, method, refusal, state } = input;
  const id = world.ids.relative(input.behaviour.kind === 'card' ? 'ch' : 'py', intent.id);
  const isPaid = state === 'paid' || state === 'held';
  const isCaptured = state === 'paid' || state === 'pending';
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: isCaptured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: statementDescriptor(world, intent),
    captured: isCaptured,
    created: world.now(),
    currency: intent.currency,
    customer: idIn(intent.customer),
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: refusal?.code ?? null,
    failure_message: refusal?.message ?? null,
    fraud_details: {},
    livemode: world.livemode,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: chargeOutcome(input.behaviour, refusal),
    paid: isPaid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: chargeDetails(input),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: isPaid ? newReceiptUrl(world, id) : null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: isPaid ? 'succeeded' : state === 'pending' ? 'pending' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

function statementDescriptor(world: World, intent: Stripe.PaymentIntent): string {
  const prefix =
    intent.statement_descriptor ?? world.account.settings?.payments.statement_descriptor ?? 'SANDBOX';
  const suffix = intent.statement_descriptor_suffix;
  return suffix === null ? prefix : `${prefix}* ${suffix}`;
}
