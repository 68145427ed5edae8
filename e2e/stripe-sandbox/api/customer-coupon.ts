import type Stripe from 'stripe';
import * as z from 'zod';
import { buildDiscount } from '../engine/discounts/build-discount';
import { isCouponLive } from '../engine/discounts/find-promotion';
import { redeemDiscount } from '../engine/discounts/redeem';
import type { World } from '../engine/world';
import { takesCouponAtTop } from '../versions/versions';
import type { FormHash } from './form';
import { clearable, parseParams, text } from './params';
import { invalid, missingReference } from './refusal';
import type { ApiRequest } from './request';

const couponParams = z.object({ coupon: clearable(text()).optional() });

/** Takes `coupon` out of the form where the request's version has it; null removes the customer's discount. */
export function couponIn({ world, form, version }: ApiRequest): {
  form: FormHash;
  coupon: Stripe.Coupon | null | undefined;
} {
  if (!('coupon' in form) || !takesCouponAtTop(version)) return { form, coupon: undefined };
  const { coupon: id } = parseParams(couponParams, form);
  const rest = Object.fromEntries(Object.entries(form).filter(([name]) => name !== 'coupon'));
  if (id === null || id === undefined) return { form: rest, coupon: id };
  const coupon = world.store.coupons.get(id);
  if (!coupon) throw missingReference('coupon', id, 'coupon');
  if (!isCouponLive(world, coupon)) {
    throw invalid(`Coupon expired: ${id}`, { code: 'coupon_expired', param: 'coupon' });
  }
  return { form: rest, coupon };
}

/** Redeems the coupon for everything that the customer is invoiced from now on. */
export function discountFor(world: World, customer: string, coupon: Stripe.Coupon): Stripe.Discount {
  const discount = buildDiscount(world, { coupon, promotionCode: null, customer });
  redeemDiscount(world, discount);
  return discount;
}
