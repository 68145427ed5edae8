import type Stripe from 'stripe';
import { percentOf } from '../rounding';

type Reduction = Pick<Stripe.Coupon, 'amount_off' | 'currency' | 'currency_options' | 'percent_off'>;

/** What the coupon takes off in this currency; null: its fixed amount is not given in it. */
export function amountOffIn(coupon: Reduction, currency: string): number | null {
  if (coupon.amount_off === null) return null;
  if (coupon.currency === currency) return coupon.amount_off;
  return coupon.currency_options?.[currency]?.amount_off ?? null;
}

/**
 * What the coupon takes off an amount, in the smallest unit: a percentage is rounded half up, a fixed amount takes
 * off no more than there is. A fixed amount in another currency takes off nothing.
 */
export function discountAmount(coupon: Reduction, amount: number, currency: string): number {
  if (coupon.percent_off !== null) return percentOf(amount, coupon.percent_off);
  return Math.min(amount, amountOffIn(coupon, currency) ?? 0);
}

/** Whether the coupon is for this product: for every one, unless it names some. */
export function appliesTo(coupon: Pick<Stripe.Coupon, 'applies_to'>, product: string | null): boolean {
  const products = coupon.applies_to?.products ?? [];
  return products.length === 0 || (product !== null && products.includes(product));
}
