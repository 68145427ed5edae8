import type Stripe from 'stripe';
import type { Refusal } from '../cards';

const unauthenticated = (code: Refusal['code']): Refusal => ({
  code,
  declineCode: null,
  message:
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  adviceCode: null,
  networkDeclineCode: null,
  isBlocked: false,
});

/** Nobody is there to answer a 3DS question. */
export const AUTHENTICATION_REQUIRED: Refusal = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
  adviceCode: null,
  networkDeclineCode: null,
  isBlocked: false,
};
export const PAYMENT_AUTHENTICATION_FAILED = unauthenticated('payment_intent_authentication_failure');
export const SETUP_AUTHENTICATION_FAILED = unauthenticated('setup_intent_authentication_failure');

/** Issuers' answers are card errors; what fails without a card is the request's fault, as Stripe sees it. */
function errorTypeOf(refusal: Refusal, method: Stripe.PaymentMethod): 'card_error' | 'invalid_request_error' {
  const isAnswered = refusal !== PAYMENT_AUTHENTICATION_FAILED && refusal !== SETUP_AUTHENTICATION_FAILED;
  return isAnswered && method.type === 'card' ? 'card_error' : 'invalid_request_error';
}

/** The error that an intent keeps of its last try. */
export function intentError(refusal: Refusal, method: Stripe.PaymentMethod, chargeId: string | null) {
  return {
    ...(refusal.adviceCode !== null && { advice_code: refusal.adviceCode }),
    ...(chargeId !== null && { charge: chargeId }),
    code: refusal.code,
    ...(refusal.declineCode !== null && { decline_code: refusal.declineCode }),
    doc_url: `https://stripe.com/docs/error-codes/${refusal.code.replaceAll('_', '-')}`,
    message: refusal.message,
    ...(refusal.networkDeclineCode !== null && { network_decline_code: refusal.networkDeclineCode }),
    payment_method: method,
    type: errorTypeOf(refusal, method),
  };
}
