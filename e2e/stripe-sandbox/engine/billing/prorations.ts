import type Stripe from 'stripe';
import { shareOf } from '../rounding';
import { idIn, type World } from '../world';
import { periodOf } from './build-subscription';
import { productName } from './invoice-lines';
import { buildInvoiceItem } from './pending-items';
import { boundary } from './periods';
import { recurringOf } from './plan-of';

/**
 * What a change of items at `at` (Unix seconds) costs or gives back: the unused time of the old prices and the
 * remaining time of the new ones, by the second. Nothing of it is stored.
 */
export function prorate(
  world: World,
  before: Stripe.Subscription,
  after: Stripe.Subscription,
  at: number,
): Stripe.InvoiceItem[] {
  const customer = world.store.customers.must(idIn(before.customer) ?? '');
  const timed = before.items.data.length > 0 ? before : after;
  const { end } = periodOf(timed);
  const whole = wholePeriod(timed);
  const olds = new Map(before.items.data.map((item) => [item.id, item]));
  const news = new Map(after.items.data.map((item) => [item.id, item]));
  const part = (item: Stripe.SubscriptionItem, isCredit: boolean): Stripe.InvoiceItem => {
    const share = shareOf(amountOf(item), end - at, whole.end - whole.start);
    const name = productName(world, item.price);
    const label = item.quantity !== undefined && item.quantity > 1 ? `${item.quantity} × ${name}` : name;
    return buildInvoiceItem(world, {
      customer,
      amount: isCredit ? -share : share,
      currency: before.currency,
      description: `${isCredit ? 'Unused' : 'Remaining'} time on ${label} after ${dayOf(at)}`,
      price: item.price,
      quantity: item.quantity ?? 1,
      period: { start: at, end },
      metadata: {},
      isDiscountable: false,
      invoice: null,
      subscription: before.id,
      subscriptionItem: item.id,
    });
  };
  const credits = [...olds.values()].filter((item) => !isSame(item, news.get(item.id)));
  const debits = [...news.values()].filter((item) => !isSame(item, olds.get(item.id)));
  return [...credits.map((item) => part(item, true)), ...debits.map((item) => part(item, false))];
}

/** What the present period is a part of: the time before a cycle that begins later is no whole period. */
export function wholePeriod(subscription: Stripe.Subscription): { start: number; end: number } {
  const { end, start } = periodOf(subscription);
  const [first] = subscription.items.data;
  if (!first || end !== subscription.billing_cycle_anchor) return { start, end };
  return { start: boundary(end, recurringOf(first.price), -1), end };
}

/** What an item costs for a whole period. */
export function amountOf({ price, quantity }: Stripe.SubscriptionItem): number {
  return (price.unit_amount ?? 0) * (quantity ?? 1);
}

function isSame(left: Stripe.SubscriptionItem, right: Stripe.SubscriptionItem | undefined): boolean {
  return right !== undefined && left.price.id === right.price.id && left.quantity === right.quantity;
}

/** `5 Jan 2026`. */
export function dayOf(at: number): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
  return format.format(new Date(at * 1000));
}
