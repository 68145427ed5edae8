import type Stripe from 'stripe';
import { describeItem, productName, type LineInput } from './invoice-lines';
import { shareOf } from '../rounding';
import type { World } from '../world';
import { periodOf } from './build-subscription';
import { amountOf, dayOf, wholePeriod } from './prorations';

/** What a subscription's items cost for a period. */
export function itemLines(
  world: World,
  subscription: Stripe.Subscription,
  period: { start: number; end: number },
): LineInput[] {
  return subscription.items.data.map((item) => ({
    ...lineOf(world, subscription, item, period),
    amount: amountOf(item),
  }));
}

/** What the time before a billing cycle that begins later costs. */
export function stubLines(world: World, subscription: Stripe.Subscription): LineInput[] {
  const period = periodOf(subscription);
  const whole = wholePeriod(subscription);
  return subscription.items.data.map((item) => ({
    ...lineOf(world, subscription, item, period),
    amount: shareOf(amountOf(item), period.end - period.start, whole.end - whole.start),
    description: `Time on ${productName(world, item.price)} from ${dayOf(period.start)} until ${dayOf(period.end)}`,
  }));
}

/** The lines of a first invoice whose subscription begins with a trial. */
export function trialLines(
  world: World,
  subscription: Stripe.Subscription,
  period: { start: number; end: number },
): LineInput[] {
  return subscription.items.data.map((item) => ({
    ...lineOf(world, subscription, item, period),
    amount: 0,
    description: `Trial period for ${productName(world, item.price)}`,
  }));
}

function lineOf(
  world: World,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: { start: number; end: number },
): Omit<LineInput, 'amount'> {
  return {
    description: describeItem(world, item.price, item.quantity ?? 1),
    price: item.price,
    quantity: item.quantity ?? 1,
    period,
    metadata: subscription.metadata,
    isDiscountable: true,
    origin: {
      kind: 'subscription_item',
      subscription: subscription.id,
      subscriptionItem: item.id,
    },
    settled: null,
  };
}
