import type Stripe from 'stripe';
import { findMethodOf } from '../engine/billing/customer-methods';
import { asksFor3ds } from '../engine/confirm-intent';
import { behaviourOf } from '../engine/methods/behaviours';
import { AUTHENTICATION_REQUIRED } from '../engine/methods/refusals';
import { idIn, type World } from '../engine/world';
import { invalid, notPlayed, Refusal, missingParam } from './refusal';

/** From this version on, subscriptions that do not say are flexible. */
const FLEXIBLE_SINCE = '2025-09-30';

export function isClassic(mode: { type: 'classic' | 'flexible' } | undefined, version: string): boolean {
  return mode ? mode.type === 'classic' : version.slice(0, FLEXIBLE_SINCE.length) < FLEXIBLE_SINCE;
}

/** Before a subscription is made: whether there is anything to pay its first invoice with, if it must be paid now. */
export function checkPayable(
  world: World,
  customer: Stripe.Customer,
  chosen: Stripe.PaymentMethod | null,
  behavior: string,
): void {
  if (behavior === 'default_incomplete') return;
  const fallback = idIn(customer.invoice_settings.default_payment_method) ?? '';
  const method = chosen ?? findMethodOf(world, customer.id, fallback);
  if (!method) {
    throw invalid(
      'This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.',
      { code: 'resource_missing' },
    );
  }
  if (behavior !== 'error_if_incomplete') return;
  const behaviour = behaviourOf(world, method);
  const refusal = asksFor3ds(world, behaviour, method, 'automatic')
    ? AUTHENTICATION_REQUIRED
    : behaviour.kind === 'card'
      ? behaviour.refusal
      : null;
  if (!refusal) return;
  const { code, declineCode, message } = refusal;
  const body = { type: 'card_error' as const, code, message, payment_method: method };
  throw new Refusal(
    402,
    { ...body, ...(declineCode !== null && { decline_code: declineCode }) },
    { isFinal: true },
  );
}

/** The prices of one subscription share their currency and their rhythm; says the currency. */
export function checkTogether(prices: Stripe.Price[]): string {
  const [first] = prices;
  if (!first) throw missingParam('items');
  for (const price of prices) {
    if (price.currency !== first.currency) {
      throw invalid(
        `You cannot combine currencies on a single subscription. Items have currencies ${first.currency} and ${price.currency}.`,
        { param: 'items' },
      );
    }
    const isSame =
      price.recurring?.interval === first.recurring?.interval &&
      price.recurring?.interval_count === first.recurring?.interval_count;
    if (!isSame) throw notPlayed('items with different intervals on one subscription', 'items');
  }
  return first.currency;
}
