import type Stripe from 'stripe';
import type { LineBreakdown, SessionPlan } from '../store/records';
import { couponOf } from './discounts/build-discount';
import { priceLines, type PricingRules } from './price-lines';
import { buildTaxRate, taxBehaviorOf } from './tax';
import { idIn, type World } from './world';

type Session = Stripe.Checkout.Session;

/** Where the session's discount is kept while it is open; a Checkout Session takes one at most. */
export function discountOf(world: World, sessionId: string): Stripe.Discount | null {
  const { discount } = world.store.sessionPlans.must(sessionId);
  return discount === null ? null : world.store.discounts.must(discount);
}

/**
 * Counts the lines again, with the session's discount and tax, and stores lines, their breakdowns and the totals
 * of the session.
 */
export function priceSession(world: World, session: Session, items: readonly Stripe.LineItem[]): Session {
  const discount = discountOf(world, session.id);
  const taxing = session.automatic_tax.enabled ? taxingOf(world, idIn(session.customer)) : null;
  const amounts = countLines(world, items, {
    currency: session.currency ?? 'usd',
    coupon: discount && couponOf(world, discount),
    taxPercent: taxing && taxing.percent,
    hasTrial: hasTrial(world.store.sessionPlans.must(session.id)),
  });
  const priced = items.map((item, place) => ({ ...item, ...amounts[place] }));
  for (const item of priced) {
    const discounts = discount ? [{ amount: item.amount_discount, discount }] : [];
    const taxes = taxing ? [taxOfLine(world, item, taxing)] : [];
    if (discounts.length + taxes.length > 0)
      world.store.lineBreakdowns.put({ id: item.id, discounts, taxes });
    else world.store.lineBreakdowns.delete(item.id);
  }
  world.store.sessionLines.put({ id: session.id, items: priced });
  return world.store.sessions.put({ ...session, ...totalsOf(session, discount, priced) });
}

/** What a session with these lines comes to, before there is one. */
export function quoteTotal(
  world: World,
  lines: readonly CountedLine[],
  rules: Omit<CountingRules, 'taxPercent'> & { isTaxed: boolean; customer: string | null },
): number {
  const taxPercent = rules.isTaxed ? taxingOf(world, rules.customer).percent : null;
  const amounts = countLines(world, lines, { ...rules, taxPercent });
  return amounts.reduce((sum, line) => sum + line.amount_total, 0);
}

type CountedLine = Pick<Stripe.LineItem, 'price' | 'quantity'>;

interface CountingRules extends PricingRules {
  /** What recurs is free for now. */
  hasTrial: boolean;
}

function countLines(world: World, lines: readonly CountedLine[], rules: CountingRules) {
  const unpriced = lines.map(({ price, quantity }) => {
    const option = price && priceIn(world, price, rules.currency);
    const isFreeNow = option === null || (rules.hasTrial && (price?.recurring ?? null) !== null);
    return {
      amount: isFreeNow ? 0 : (option?.unitAmount ?? 0) * (quantity ?? 1),
      product: idIn(price?.product),
      taxBehavior: price ? behaviorIn(world, price, rules.currency) : 'exclusive',
    } as const;
  });
  return priceLines(unpriced, rules);
}

interface PriceInCurrency {
  unitAmount: number;
  taxBehavior: Stripe.Price.TaxBehavior;
}

/** What a price says in one of its currencies; null: it is not sold in this one. */
export function priceIn(world: World, price: Stripe.Price, currency: string): PriceInCurrency | null {
  if (price.currency === currency) {
    return { unitAmount: price.unit_amount ?? 0, taxBehavior: price.tax_behavior ?? 'unspecified' };
  }
  return world.store.priceCurrencies.get(price.id)?.options[currency] ?? null;
}

function behaviorIn(world: World, price: Stripe.Price, currency: string): 'exclusive' | 'inclusive' {
  const option = priceIn(world, price, currency);
  return taxBehaviorOf({ tax_behavior: option?.taxBehavior ?? null, currency });
}

export function hasTrial({ subscription }: Pick<SessionPlan, 'subscription'>): boolean {
  return subscription !== null && (subscription.trialEnd !== null || subscription.trialPeriodDays !== null);
}

interface Taxing {
  percent: number;
  reason: NonNullable<Stripe.LineItem.Tax['taxability_reason']>;
  rates: Record<'exclusive' | 'inclusive', Stripe.TaxRate>;
}

function taxingOf(world: World, customer: string | null): Taxing {
  const exempt = world.store.customers.get(customer ?? '')?.tax_exempt;
  const isExempt = exempt === 'exempt' || exempt === 'reverse';
  return {
    percent: isExempt ? 0 : world.settings().taxPercent,
    reason: !isExempt ? 'standard_rated' : exempt === 'reverse' ? 'reverse_charge' : 'customer_exempt',
    rates: {
      exclusive: buildTaxRate(world, 'exclusive'),
      inclusive: buildTaxRate(world, 'inclusive'),
    },
  };
}

function taxOfLine(world: World, item: Stripe.LineItem, { rates, reason }: Taxing): Stripe.LineItem.Tax {
  const rate = rates[item.price ? behaviorIn(world, item.price, item.currency) : 'exclusive'];
  return {
    amount: item.amount_tax,
    rate,
    taxability_reason: reason,
    taxable_amount: item.amount_total - item.amount_tax,
  };
}

function totalsOf(
  session: Session,
  discount: Stripe.Discount | null,
  items: readonly Stripe.LineItem[],
): Partial<Session> {
  const sum = (field: 'amount_discount' | 'amount_subtotal' | 'amount_tax' | 'amount_total'): number =>
    items.reduce((total, item) => total + item[field], 0);
  return {
    amount_subtotal: sum('amount_subtotal'),
    amount_total: sum('amount_total'),
    automatic_tax: {
      ...session.automatic_tax,
      status: session.automatic_tax.enabled ? 'complete' : null,
    },
    discounts:
      discount === null
        ? []
        : discount.promotion_code === null
          ? [{ coupon: idIn(discount.source.coupon), promotion_code: null }]
          : [{ coupon: null, promotion_code: idIn(discount.promotion_code) }],
    total_details: {
      amount_discount: sum('amount_discount'),
      amount_shipping: 0,
      amount_tax: sum('amount_tax'),
    },
  };
}

/** The includable `total_details.breakdown`: the lines' breakdowns, added up. */
export function sessionBreakdown(
  world: World,
  sessionId: string,
): Stripe.Checkout.Session.TotalDetails.Breakdown {
  const lines = world.store.sessionLines
    .must(sessionId)
    .items.flatMap((item) => world.store.lineBreakdowns.get(item.id) ?? []);
  const discount = discountOf(world, sessionId);
  const amount = lines.flatMap((line) => line.discounts).reduce((sum, one) => sum + one.amount, 0);
  return { discounts: discount ? [{ amount, discount }] : [], taxes: addUpTaxes(lines) };
}

function addUpTaxes(lines: readonly LineBreakdown[]): LineBreakdown['taxes'] {
  const sums = new Map<string, LineBreakdown['taxes'][number]>();
  for (const tax of lines.flatMap((line) => line.taxes)) {
    const before = sums.get(tax.rate.id);
    sums.set(tax.rate.id, {
      ...tax,
      amount: tax.amount + (before?.amount ?? 0),
      taxable_amount: (tax.taxable_amount ?? 0) + (before?.taxable_amount ?? 0),
    });
  }
  return [...sums.values()];
}
