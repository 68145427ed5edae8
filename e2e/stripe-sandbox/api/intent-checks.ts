import type Stripe from 'stripe';
import { decimalsOf, minimumAmount } from '../engine/currencies';
import { debitKind } from '../engine/methods/debits';
import { standingMandate, type Acceptance } from '../engine/methods/mandates';
import { isSpent } from '../engine/methods/method-states';
import { idIn, type World } from '../engine/world';
import { conflict, invalid, type Refusal } from './refusal';

const LARGEST_AMOUNT = 99_999_999;

export function checkAmount(amount: number, currency: string): void {
  if (amount < 1) {
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount < minimumAmount(currency)) {
    const message = `Amount must be at least ${priceOf(minimumAmount(currency), currency)} ${currency}`;
    throw invalid(message, { code: 'amount_too_small', param: 'amount' });
  }
  if (amount > LARGEST_AMOUNT) {
    const message = `Amount must be no more than ${priceOf(LARGEST_AMOUNT, currency)}`;
    throw invalid(message, { code: 'amount_too_large', param: 'amount' });
  }
}

/** Only for the words of a refusal. */
function priceOf(amount: number, currency: string): string {
  const digits = decimalsOf(currency);
  const format = new Intl.NumberFormat('en-US', {
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
    style: 'currency',
  });
  return format.format(amount / 10 ** digits);
}

/** The method must be the customer's or nobody's, and not be used up. */
export function checkMethod(world: World, method: Stripe.PaymentMethod, customer: string | null): void {
  const owner = idIn(method.customer);
  if (owner !== null && customer === null) {
    throw conflict(
      'The payment method you provided is attached to a customer so for security purposes you must provide the customer in the request.',
      undefined,
      { param: 'payment_method' },
    );
  }
  if (owner !== null && owner !== customer) {
    throw conflict(
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
      undefined,
      { param: 'payment_method' },
    );
  }
  if (!isSpent(world, method.id)) return;
  throw conflict(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
    undefined,
    { param: 'payment_method' },
  );
}

/** A bank account is only debited with its holder's mandate. */
export function checkMandate(
  world: World,
  noun: 'PaymentIntent' | 'SetupIntent',
  method: Stripe.PaymentMethod,
  given: { acceptance: Acceptance | null; mandate?: string | undefined; futureUsage: string | null },
): void {
  if (debitKind(method.type) === undefined || given.acceptance) return;
  if (given.mandate !== undefined) {
    const mandate = world.store.mandates.get(given.mandate);
    if (mandate?.status === 'active' && idIn(mandate.payment_method) === method.id) return;
    throw invalid(`No such mandate: '${given.mandate}'`, { code: 'resource_missing', param: 'mandate' });
  }
  if (standingMandate(world, method.id)) return;
  const usage = given.futureUsage === null ? '' : ' and `setup_future_usage`';
  const message = `When confirming a ${noun} with a \`${method.type}\` PaymentMethod${noun === 'PaymentIntent' ? usage : ''}, \`mandate_data\` is required.`;
  throw invalid(message, { code: 'parameter_missing', param: 'mandate_data' });
}

export function missingMethod(intent: Stripe.PaymentIntent | undefined): Refusal {
  const message =
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.";
  return conflict(message, 'payment_intent_unexpected_state', intent ? { payment_intent: intent } : {});
}

/** An intent in one of these can still be confirmed and changed. */
const CHANGEABLE = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
const CANCELABLE = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
];

export function checkConfirmable(intent: Stripe.PaymentIntent): void {
  if (CHANGEABLE.includes(intent.status)) return;
  const message = `This PaymentIntent's status is ${intent.status}, so it cannot be confirmed again.`;
  throw conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
}

export function checkChangeable(intent: Stripe.PaymentIntent, field: string): void {
  if (CHANGEABLE.includes(intent.status)) return;
  const message = `This PaymentIntent's ${field} could not be updated because it has a status of ${intent.status}. You may only update the ${field} of a PaymentIntent with one of the following statuses: ${CHANGEABLE.join(', ')}.`;
  throw conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
}

export function checkCancelable(intent: Stripe.PaymentIntent): void {
  if (CANCELABLE.includes(intent.status)) return;
  const message = `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(', ')}, processing.`;
  throw conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
}

export function checkCapturable(intent: Stripe.PaymentIntent, amount: number): void {
  if (intent.status !== 'requires_capture') {
    const message = `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`;
    throw conflict(message, 'payment_intent_unexpected_state', { payment_intent: intent });
  }
  if (amount < 1) {
    const message = 'This value must be greater than or equal to 1.';
    throw invalid(message, { code: 'parameter_invalid_integer', param: 'amount_to_capture' });
  }
  if (amount > intent.amount_capturable) {
    const message = `The amount_to_capture (${amount}) is greater than the amount_capturable of this PaymentIntent (${intent.amount_capturable}).`;
    throw invalid(message, { code: 'amount_too_large', param: 'amount_to_capture' });
  }
}
