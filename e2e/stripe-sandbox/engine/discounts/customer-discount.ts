import type Stripe from 'stripe';
import { idIn, type World } from '../world';
import { couponOf } from './build-discount';

/**
 * What takes something off an invoice: its own discounts or, if it has none, the customer's. A coupon that is for
 * one invoice only is used up by the first that names it.
 */
export function orCustomerDiscount(
  world: World,
  own: Stripe.Discount[],
  customerId: string,
  at: number,
): Stripe.Discount[] {
  const discount = world.store.customers.get(customerId)?.discount ?? null;
  if (own.length > 0 || discount === null) return own;
  const isOver = discount.end !== null && discount.end <= at;
  const isUsedUp =
    couponOf(world, discount).duration === 'once' &&
    world.store.invoices
      .where('customer', customerId)
      .some(({ discounts }) => discounts.some((reference) => idIn(reference) === discount.id));
  return isOver || isUsedUp ? [] : [discount];
}
