import type Stripe from 'stripe';
import { appliesTo, discountAmount } from './discounts/discount-amount';
import { divide } from './rounding';
import { taxOn } from './tax';

/** One line before discounts and taxes; amounts in the smallest unit. */
export interface UnpricedLine {
  amount: number;
  product: string | null;
  taxBehavior: 'exclusive' | 'inclusive';
}

/** The line's amounts as Stripe names them. */
type LineAmounts = Pick<
  Stripe.LineItem,
  'amount_discount' | 'amount_subtotal' | 'amount_tax' | 'amount_total'
>;

type Coupon = Parameters<typeof discountAmount>[0] & Parameters<typeof appliesTo>[0];

export interface PricingRules {
  currency: string;
  coupon: Coupon | null;
  /** Of the automatic tax; null: there is none. */
  taxPercent: number | null;
}

/**
 * What each line costs. The coupon is taken off the sum of the lines that it applies to and divided over them, so
 * the parts add up to exactly what it takes off; tax is counted on what is left of each line.
 */
export function priceLines(lines: readonly UnpricedLine[], rules: PricingRules): LineAmounts[] {
  const discounts = discountsOf(lines, rules);
  return lines.map((line, place) => {
    const discount = discounts[place] ?? 0;
    const left = line.amount - discount;
    const { amount_tax, total } =
      rules.taxPercent === null
        ? { amount_tax: 0, total: left }
        : taxOn(left, rules.taxPercent, line.taxBehavior);
    return { amount_discount: discount, amount_subtotal: line.amount, amount_tax, amount_total: total };
  });
}

function discountsOf(lines: readonly UnpricedLine[], { coupon, currency }: PricingRules): number[] {
  if (coupon === null) return lines.map(() => 0);
  const weights = lines.map((line) => (appliesTo(coupon, line.product) ? line.amount : 0));
  const eligible = weights.reduce((sum, weight) => sum + weight, 0);
  return divide(discountAmount(coupon, eligible, currency), weights);
}
