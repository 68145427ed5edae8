import type Stripe from 'stripe';
import { randomText } from '../../ids';
import { changedKeys } from '../customers';
import { happening } from '../happening';
import type { Cause, World } from '../world';

const GENERATED_LENGTH = 8;

export type CouponInput = Pick<
  Stripe.Coupon,
  | 'amount_off'
  | 'applies_to'
  | 'currency'
  | 'currency_options'
  | 'duration'
  | 'duration_in_months'
  | 'max_redemptions'
  | 'metadata'
  | 'name'
  | 'percent_off'
  | 'redeem_by'
> & { id: string | null };

export function createCoupon(world: World, cause: Cause, input: CouponInput): Stripe.Coupon {
  const coupon = world.store.coupons.put({
    object: 'coupon',
    ...input,
    id: input.id ?? randomText(GENERATED_LENGTH),
    created: world.now(),
    livemode: world.livemode,
    times_redeemed: 0,
    valid: true,
  });
  world.store.deletedCoupons.delete(coupon.id);
  if (coupon.redeem_by !== null) world.later('lapse_coupon', coupon.id, coupon.redeem_by * 1000);
  world.publish(cause, [happening('coupon.created', shownCoupon(coupon))]);
  return coupon;
}

export function updateCoupon(world: World, cause: Cause, next: Stripe.Coupon): Stripe.Coupon {
  const before = world.store.coupons.must(next.id);
  const coupon = world.store.coupons.put(next);
  const previous = changedKeys(shownCoupon(before), shownCoupon(coupon));
  if (Object.keys(previous).length > 0) {
    world.publish(cause, [happening('coupon.updated', shownCoupon(coupon), previous)]);
  }
  return coupon;
}

/** It can no longer be used, and its codes cannot either; what it discounts already stays discounted. */
export function deleteCoupon(world: World, cause: Cause, coupon: Stripe.Coupon): void {
  world.store.coupons.delete(coupon.id);
  world.store.deletedCoupons.put({ ...coupon, valid: false });
  world.publish(cause, [happening('coupon.deleted', shownCoupon({ ...coupon, valid: false }))]);
}

/** Without the fields that are left out unless they are asked for. */
export function shownCoupon(coupon: Stripe.Coupon): Stripe.Coupon {
  const shown = { ...coupon };
  delete shown.applies_to;
  delete shown.currency_options;
  return shown;
}

/** What `currency_options` shows when it is asked for: the coupon's own currency and the others. */
export function couponCurrencies(
  { store }: World,
  id: string,
): NonNullable<Stripe.Coupon['currency_options']> | null {
  const coupon = store.coupons.get(id) ?? store.deletedCoupons.must(id);
  const { amount_off: amount, currency, currency_options: others } = coupon;
  if (amount === null || currency === null) return null;
  return { [currency]: { amount_off: amount }, ...others };
}
