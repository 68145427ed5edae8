import Stripe from 'stripe';
import { clockNow } from '../clocks/clock-time';
import { idIn, type World } from '../world';
import type { LineInput } from './invoice-lines';

export interface InvoiceItemInput {
  customer: Stripe.Customer;
  /** Before discounts and taxes, in the smallest unit; negative: a credit. */
  amount: number;
  currency: string;
  description: string | null;
  price: Stripe.Price | null;
  quantity: number;
  period: { start: number; end: number } | null;
  metadata: Stripe.Metadata;
  isDiscountable: boolean;
  /** The draft that it goes on; null: it waits for one. */
  invoice: string | null;
  subscription: string | null;
  /** Set for prorations only. */
  subscriptionItem: string | null;
}

export function buildInvoiceItem(world: World, input: InvoiceItemInput): Stripe.InvoiceItem {
  const { customer, price, quantity } = input;
  const clock = idIn(customer.test_clock);
  const now = clockNow(world, clock);
  const unitAmount = price?.unit_amount_decimal ?? Stripe.Decimal.from(Math.trunc(input.amount / quantity));
  return {
    id: world.ids.long('ii'),
    object: 'invoiceitem',
    amount: input.amount,
    currency: input.currency,
    customer: customer.id,
    customer_account: null,
    date: now,
    description: input.description,
    discountable: input.isDiscountable,
    discounts: [],
    invoice: input.invoice,
    livemode: world.livemode,
    metadata: input.metadata,
    net_amount: input.amount,
    parent:
      input.subscription === null
        ? null
        : {
            subscription_details: {
              subscription: input.subscription,
              ...(input.subscriptionItem !== null && { subscription_item: input.subscriptionItem }),
            },
            type: 'subscription_details',
          },
    period: input.period ?? { end: now, start: now },
    pricing: {
      ...(price && { price_details: { price: price.id, product: idIn(price.product) ?? '' } }),
      type: 'price_details',
      unit_amount_decimal: unitAmount,
    },
    proration: input.subscriptionItem !== null,
    ...(input.subscriptionItem !== null && {
      proration_details: { credited_items: null, discount_amounts: [] },
    }),
    quantity,
    quantity_decimal: Stripe.Decimal.from(quantity),
    tax_rates: [],
    test_clock: clock,
  };
}

/** The customer's items that no invoice has taken; with a subscription, its own and those of none. Oldest first. */
export function pendingItems(
  world: World,
  { customer, currency, subscription }: { customer: string; currency: string; subscription: string | null },
): Stripe.InvoiceItem[] {
  return world.store.invoiceItems.where('customer', customer).filter((item) => {
    const owner = subscriptionOfItem(item);
    return item.invoice === null && item.currency === currency && (owner === null || owner === subscription);
  });
}

/** What no invoice has taken of the subscription's own items. */
export function ownPendingItems(world: World, { customer, id }: Stripe.Subscription): Stripe.InvoiceItem[] {
  return world.store.invoiceItems
    .where('customer', idIn(customer) ?? '')
    .filter((item) => item.invoice === null && subscriptionOfItem(item) === id);
}

function subscriptionOfItem(item: Stripe.InvoiceItem): string | null {
  return item.parent?.subscription_details?.subscription ?? null;
}

export function lineOfItem(world: World, item: Stripe.InvoiceItem): LineInput {
  return {
    amount: item.amount,
    description: item.description,
    price: world.store.prices.get(idIn(item.pricing?.price_details?.price) ?? '') ?? null,
    quantity: item.quantity,
    period: item.period,
    metadata: item.metadata ?? {},
    isDiscountable: item.discountable,
    origin: {
      kind: 'invoice_item',
      invoiceItem: item.id,
      subscription: subscriptionOfItem(item),
      subscriptionItem: item.parent?.subscription_details?.subscription_item ?? null,
      isProration: item.proration,
      credited: null,
    },
    settled: null,
  };
}

/** The items are on this invoice from now on. Stripe sends no event for it. */
export function takeItems(world: World, items: Stripe.InvoiceItem[], invoice: string): void {
  for (const item of items) world.store.invoiceItems.put({ ...item, invoice });
}
