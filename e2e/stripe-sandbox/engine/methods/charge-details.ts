import type Stripe from 'stripe';
import { randomText } from '../../ids';
import type { ChargeInput } from '../charges';
import type { CardBehaviour, Refusal } from '../cards';
import type { MethodBehaviour } from './behaviours';

/** How the method paid this charge. */
export function chargeDetails(input: ChargeInput): Stripe.Charge.PaymentMethodDetails {
  const { behaviour } = input;
  switch (behaviour.kind) {
    case 'card':
      return { card: cardDetails(input, behaviour), type: 'card' };
    case 'sepa_debit':
      return { sepa_debit: sepaDetails(input), type: 'sepa_debit' };
    case 'us_bank_account':
      return { us_bank_account: bankDetails(input), type: 'us_bank_account' };
  }
}

export function chargeOutcome(behaviour: MethodBehaviour, refusal: Refusal | null): Stripe.Charge.Outcome {
  const risk = riskOf(behaviour);
  if (refusal === null) {
    return {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: risk.risk_level === 'elevated' ? 'elevated_risk_level' : null,
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

function riskOf(behaviour: MethodBehaviour): Pick<Stripe.Charge.Outcome, 'risk_level' | 'risk_score'> {
  if (behaviour.kind !== 'card') return { risk_level: 'not_assessed' };
  const level = behaviour.riskLevel;
  return { risk_level: level, risk_score: { normal: 12, elevated: 68, highest: 92 }[level] };
}

function cardDetails(
  { intent, isAuthenticated, method, refusal }: ChargeInput,
  behaviour: CardBehaviour,
): Stripe.Charge.PaymentMethodDetails.Card {
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
    electronic_commerce_indicator: isAuthenticated ? '05' : null,
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
    three_d_secure: isAuthenticated ? authenticated : null,
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

function sepaDetails({ mandate, method }: ChargeInput): Stripe.Charge.PaymentMethodDetails.SepaDebit {
  const account = method.sepa_debit;
  return {
    bank_code: account?.bank_code ?? null,
    branch_code: account?.branch_code ?? null,
    country: account?.country ?? null,
    fingerprint: account?.fingerprint ?? null,
    last4: account?.last4 ?? null,
    mandate,
  };
}

function bankDetails({ mandate, method }: ChargeInput): Stripe.Charge.PaymentMethodDetails.UsBankAccount {
  const account = method.us_bank_account;
  return {
    account_holder_type: account?.account_holder_type ?? null,
    account_type: account?.account_type ?? null,
    bank_name: account?.bank_name ?? null,
    fingerprint: account?.fingerprint ?? null,
    last4: account?.last4 ?? null,
    ...(mandate !== null && { mandate }),
    payment_reference: null,
    routing_number: account?.routing_number ?? null,
  };
}
