import type Stripe from 'stripe';
import { randomText } from '../ids';
import type { CardBehaviour, Refusal } from './cards';
import { newReceiptUrl } from './papers';
import { idIn, type World } from './world';

export interface ChargeInput {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  behaviour: CardBehaviour;
  refusal: Refusal | null;
  isAuthenticated: boolean;
}

/** One try of an issuer: paid, or refused with its reasons. */
export function buildCharge(world: World, input: ChargeInput): Stripe.Charge {
  const { intent, method, refusal } = input;
  const id = world.ids.relative('ch', intent.id);
  const paid = refusal === null;
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: paid ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: statementDescriptor(world, intent),
    captured: paid,
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
    outcome: outcomeOf(input),
    paid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: cardDetails(input), type: 'card' },
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: paid ? newReceiptUrl(world, id) : null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: paid ? 'succeeded' : 'failed',
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

function outcomeOf({ behaviour, refusal }: ChargeInput): Stripe.Charge.Outcome {
  const risk = {
    risk_level: behaviour.riskLevel,
    risk_score: { normal: 12, elevated: 68, highest: 92 }[behaviour.riskLevel],
  };
  if (refusal === null) {
    return {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: behaviour.riskLevel === 'elevated' ? 'elevated_risk_level' : null,
      ...risk,
      seller_message: 'Payment complete.',
      type: 'authorized',
    };
  }
  return {
    advice_code: refusal.adviceCode,
    network_advice_code: null,
    network_decline_code: refusal.networkDeclineCode,
    network_status: refusal.isBlocked ? 'not_sent_to_network' : 'declined_by_network',
    reason: refusal.isBlocked ? 'highest_risk_level' : (refusal.declineCode ?? refusal.code),
    ...risk,
    seller_message: refusal.isBlocked
      ? 'Stripe blocked this payment as too risky.'
      : 'The bank did not return any further details with this decline.',
    type: refusal.isBlocked ? 'blocked' : 'issuer_declined',
  };
}

function cardDetails(input: ChargeInput): Stripe.Charge.PaymentMethodDetails.Card {
  const { behaviour, intent, method, refusal } = input;
  const address = method.billing_details.address;
  const card = method.card;
  return {
    amount_authorized: refusal === null ? intent.amount : null,
    authorization_code: refusal === null ? randomText(6).toUpperCase() : null,
    brand: behaviour.brand,
    checks: {
      address_line1_check: address?.line1 ? behaviour.line1Check : null,
      address_postal_code_check: address?.postal_code ? behaviour.postalCodeCheck : null,
      cvc_check: behaviour.cvcCheck,
    },
    country: card?.country ?? null,
    electronic_commerce_indicator: input.isAuthenticated ? '05' : null,
    exp_month: card?.exp_month ?? 1,
    exp_year: card?.exp_year ?? 1970,
    extended_authorization: { status: 'disabled' },
    fingerprint: card?.fingerprint ?? null,
    funding: behaviour.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: behaviour.number.slice(-4),
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: behaviour.brand,
    network_token: { used: false },
    network_transaction_id: refusal?.isBlocked ? null : randomText(15).toUpperCase(),
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: input.isAuthenticated ? authenticated : null,
    transaction_link_id: null,
    wallet: null,
  };
}

const authenticated: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: null,
  version: '2.2.0',
};
