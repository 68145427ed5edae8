import type Stripe from 'stripe';
import { percentOf, percentWithin } from './rounding';
import type { World } from './world';

export interface TaxedAmount {
  amount_tax: number;
  /** What is to be paid: more than the amount only when the tax is exclusive. */
  total: number;
}

type Behavior = 'exclusive' | 'inclusive';

/** Prices in these are taken to be without tax when they do not say; others with it. */
const TAX_ON_TOP = new Set(['cad', 'usd']);

/** The tax on an amount after discounts, at `percent` (0 to 100), rounded half up to the smallest unit. */
export function taxOn(amount: number, percent: number, behavior: Behavior): TaxedAmount {
  if (behavior === 'exclusive') {
    const tax = percentOf(amount, percent);
    return { amount_tax: tax, total: amount + tax };
  }
  return { amount_tax: percentWithin(amount, percent), total: amount };
}

/** Whether tax comes on top of the price. */
export function taxBehaviorOf(price: Pick<Stripe.Price, 'tax_behavior' | 'currency'>): Behavior {
  if (price.tax_behavior === 'exclusive') return 'exclusive';
  if (price.tax_behavior === 'inclusive') return 'inclusive';
  return TAX_ON_TOP.has(price.currency) ? 'exclusive' : 'inclusive';
}

/** The rate behind every automatic tax: one flat rate for the whole world. */
export function buildTaxRate(world: World, behavior: Behavior): Stripe.TaxRate {
  const percent = world.settings().taxPercent;
  return {
    id: world.ids.long('txr'),
    object: 'tax_rate',
    active: false,
    country: world.account.country ?? null,
    created: world.now(),
    description: null,
    display_name: 'Sales Tax',
    effective_percentage: percent,
    flat_amount: null,
    inclusive: behavior === 'inclusive',
    jurisdiction: null,
    jurisdiction_level: 'country',
    livemode: world.livemode,
    metadata: {},
    percentage: percent,
    rate_type: 'percentage',
    state: null,
    tax_type: 'sales_tax',
  };
}
