import Stripe from 'stripe';

import { isMissing } from './stripe-faults.server';

/** What one question to Stripe came to, so that many can be asked and each fault named. */
export type StripeAnswer<T> =
  | { outcome: 'read'; value: T }
  /** 401: Stripe does not know the key. */
  | { outcome: 'key_refused'; message: string }
  /** 403: a restricted key lacks this. */
  | { outcome: 'forbidden'; message: string }
  /** This account has no such object. */
  | { outcome: 'missing'; message: string }
  /** Any other 4xx. */
  | { outcome: 'refused'; message: string }
  /** No answer, 429 or 5xx. */
  | { outcome: 'unreachable'; message: string };

/** Asks, and tells every fault apart. @throws what is no fault of Stripe's */
export async function askStripe<T>(question: () => Promise<T>): Promise<StripeAnswer<T>> {
  try {
    return { outcome: 'read', value: await question() };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    return { outcome: faultOf(error), message: error.message };
  }
}

function faultOf(error: Stripe.errors.StripeError): Exclude<StripeAnswer<never>['outcome'], 'read'> {
  if (error instanceof Stripe.errors.StripeAuthenticationError) return 'key_refused';
  if (error instanceof Stripe.errors.StripePermissionError) return 'forbidden';
  if (isMissing(error)) return 'missing';
  const status = error.statusCode;
  return status === undefined || status === 429 || status >= 500 ? 'unreachable' : 'refused';
}
