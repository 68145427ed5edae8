import type Stripe from 'stripe';
import { idIn } from '../engine/world';
import { acceptsPaymentMethodTypes } from '../versions/versions';
import { conflict, invalid, notPlayed, type Refusal } from './refusal';

const SMALLEST_AMOUNT = 50;

export function checkMethodTypes(types: string[] | undefined, version: string): void {
  if (types === undefined) return;
  if (!acceptsPaymentMethodTypes(version)) {
    throw invalid(
      'The `payment_method_types` parameter is no longer supported in this API version. Use `allowed_payment_method_types` or dynamic payment methods instead.',
      { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
    );
  }
  const other = types.find((type) => type !== 'card' && type !== 'link');
  if (other !== undefined) throw notPlayed(`payments by ${other}`, 'payment_method_types');
}

export function checkAmount(amount: number, currencyCode: string): void {
  if (amount < 1) {
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount < SMALLEST_AMOUNT) {
    throw invalid(`Amount must be at least 50 ${currencyCode} in the smallest unit.`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
}

export function checkOwner(method: Stripe.PaymentMethod, customer: string | null): void {
  const owner = idIn(method.customer);
  if (owner === null || owner === customer) return;
  const message =
    customer === null
      ? `The provided PaymentMethod cannot be attached. To reuse a PaymentMethod, you must attach it to a Customer first. This PaymentMethod belongs to the Customer ${owner}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`
      : `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`;
  throw conflict(message, 'payment_method_unexpected_state', { param: 'payment_method' });
}

export function missingMethod(intent: Stripe.PaymentIntent | undefined): Refusal {
  const message =
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.";
  return conflict(message, 'payment_intent_unexpected_state', intent ? { payment_intent: intent } : {});
}

/** An intent in one of these can still be confirmed, changed or canceled. */
export const CHANGEABLE = new Set<Stripe.PaymentIntent.Status>([
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
]);

export function unexpectedState(intent: Stripe.PaymentIntent, act: string): Refusal {
  const message = `This PaymentIntent's ${act} because it has a status of ${intent.status}.`;
  return conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
}
