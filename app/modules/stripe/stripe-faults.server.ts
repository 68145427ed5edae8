import Stripe from 'stripe';

/** This account has no such object (404, or 400 for an id in a parameter). */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';
}

/** Stripe does not accept our key as it stands: an operator mends it, and the same request may succeed then. */
export function isKeyFault(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError
  );
}

/** A passing fault: no answer, 409, 429 or 5xx. The same request may succeed later. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  const status = error.statusCode;
  return status === undefined || status === 409 || status === 429 || status >= 500;
}

/** Something of that id is there already. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && error.code === 'resource_already_exists';
