import Stripe from 'stripe';
import { decimalsOf } from '../currencies';
import { couponOf } from '../discounts/build-discount';
import { appliesTo, discountAmount } from '../discounts/discount-amount';
import { divide } from '../rounding';
import { buildTaxRate, taxBehaviorOf, taxOn } from '../tax';
import { idIn, type World } from '../world';

type Line = Stripe.InvoiceLineItem;

/** Where a line comes from. */
export type LineOrigin =
  | { kind: 'subscription_item'; subscription: string; subscriptionItem: string }
  | {
      kind: 'invoice_item';
      invoiceItem: string;
      subscription: string | null;
      /** Set for prorations only. */
      subscriptionItem: string | null;
      isProration: boolean;
      credited: { invoice: string; invoice_line_items: string[] } | null;
    };

export interface LineInput {
  /** Before discounts and taxes, in the smallest unit; negative: a credit. */
  amount: number;
  description: string | null;
  price: Stripe.Price | null;
  quantity: number;
  period: { start: number; end: number };
  metadata: Stripe.Metadata;
  isDiscountable: boolean;
  origin: LineOrigin;
  /** What Checkout has worked out already; null: discounts and taxes are worked out here. */
  settled: { discount: number; tax: number } | null;
}

export interface LineContext {
  invoice: string;
  currency: string;
  discounts: Stripe.Discount[];
  isTaxed: boolean;
  exempt: Stripe.Invoice.CustomerTaxExempt | null;
}

/** The lines of an invoice with what its discounts take off them and the tax that they bear. */
export function buildLines(world: World, inputs: LineInput[], context: LineContext): Line[] {
  const off = discountsOff(world, inputs, context);
  const rates = new Map<string, string>();
  return inputs.map((input, place) => {
    const discountAmounts = off[place] ?? [];
    return {
      ...plainLine(world, input, context),
      discount_amounts: discountAmounts,
      taxes: taxesOf(world, input, context, sum(discountAmounts), rates),
    };
  });
}

type Off = Array<{ amount: number; discount: string }>;

/** Each discount in turn, on what the ones before it left. */
function discountsOff(world: World, inputs: LineInput[], context: LineContext): Off[] {
  const off: Off[] = inputs.map(() => []);
  const [first] = context.discounts;
  if (first && inputs.some(({ settled }) => settled !== null)) {
    return inputs.map(({ settled }) =>
      settled && settled.discount > 0 ? [{ amount: settled.discount, discount: first.id }] : [],
    );
  }
  for (const discount of context.discounts) {
    const coupon = couponOf(world, discount);
    const left = inputs.map((input, place) =>
      input.isDiscountable && input.amount > 0 && appliesTo(coupon, idIn(input.price?.product))
        ? input.amount - sum(off[place] ?? [])
        : 0,
    );
    const parts =
      coupon.percent_off === null
        ? divide(discountAmount(coupon, sumOf(left), context.currency), left)
        : left.map((amount) => discountAmount(coupon, amount, context.currency));
    for (const [place, amount] of parts.entries()) {
      if ((left[place] ?? 0) > 0) off[place]?.push({ amount, discount: discount.id });
    }
  }
  return off;
}

function taxesOf(
  world: World,
  input: LineInput,
  { currency, exempt, isTaxed }: LineContext,
  discount: number,
  rates: Map<string, string>,
): NonNullable<Line['taxes']> {
  if (!isTaxed) return [];
  const behavior = taxBehaviorOf(input.price ?? { tax_behavior: 'unspecified', currency });
  const taxable = input.amount - discount;
  const isExempt = exempt === 'exempt' || exempt === 'reverse';
  const percent = isExempt ? 0 : world.settings().taxPercent;
  // A credit bears what its charge did.
  const tax =
    input.settled?.tax ?? Math.sign(taxable) * taxOn(Math.abs(taxable), percent, behavior).amount_tax;
  const rate = rates.get(behavior) ?? buildTaxRate(world, behavior).id;
  rates.set(behavior, rate);
  return [
    {
      amount: tax,
      tax_behavior: behavior,
      tax_rate_details: { tax_rate: rate },
      taxability_reason: !isExempt
        ? 'standard_rated'
        : exempt === 'reverse'
          ? 'reverse_charge'
          : 'customer_exempt',
      taxable_amount: behavior === 'inclusive' ? taxable - tax : taxable,
      type: 'tax_rate_details',
    },
  ];
}

function plainLine(world: World, input: LineInput, context: LineContext): Line {
  const { amount, origin, price, quantity } = input;
  return {
    id: world.ids.long('il'),
    object: 'line_item',
    amount,
    currency: context.currency,
    description: input.description,
    discount_amounts: [],
    discountable: input.isDiscountable,
    discounts: [],
    invoice: context.invoice,
    livemode: world.livemode,
    metadata: input.metadata,
    parent: parentOf(origin),
    period: input.period,
    pretax_credit_amounts: [],
    pricing: {
      ...(price && { price_details: { price: price.id, product: idIn(price.product) ?? '' } }),
      type: 'price_details',
      unit_amount_decimal: price?.unit_amount_decimal ?? Stripe.Decimal.from(Math.trunc(amount / quantity)),
    },
    quantity,
    quantity_decimal: Stripe.Decimal.from(quantity),
    subscription: origin.subscription,
    subtotal: amount,
    taxes: [],
  };
}

function parentOf(origin: LineOrigin): NonNullable<Line['parent']> {
  if (origin.kind === 'invoice_item' && origin.subscriptionItem === null) {
    return {
      invoice_item_details: {
        invoice_item: origin.invoiceItem,
        proration: origin.isProration,
        proration_details: { credited_items: origin.credited },
        subscription: origin.subscription,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    };
  }
  return {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: origin.kind === 'invoice_item' ? origin.invoiceItem : null,
      proration: origin.kind === 'invoice_item' && origin.isProration,
      proration_details: { credited_items: origin.kind === 'invoice_item' ? origin.credited : null },
      subscription: origin.subscription,
      subscription_item: origin.subscriptionItem ?? '',
    },
    type: 'subscription_item_details',
  };
}

/** `1 × Pro (at $15.00 / month)`. */
export function describeItem(world: World, price: Stripe.Price, quantity: number): string {
  const rhythm = price.recurring;
  const every =
    rhythm &&
    (rhythm.interval_count === 1 ? rhythm.interval : `every ${rhythm.interval_count} ${rhythm.interval}s`);
  const rate = formatAmount(price.unit_amount ?? 0, price.currency);
  return `${quantity} × ${productName(world, price)} (at ${rate}${every ? ` / ${every}` : ''})`;
}

export function productName(world: World, price: Stripe.Price): string {
  return world.store.products.get(idIn(price.product) ?? '')?.name ?? 'Item';
}

function formatAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return format.format(amount / 10 ** decimalsOf(currency));
}

const sumOf = (amounts: number[]): number => amounts.reduce((total, amount) => total + amount, 0);
const sum = (parts: ReadonlyArray<{ amount: number }>): number => sumOf(parts.map(({ amount }) => amount));
