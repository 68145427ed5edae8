import type Stripe from 'stripe';
import { idIn, type World } from '../world';

/** Counts one use of the discount's coupon and code. What reaches its maximum takes no more. */
export function redeemDiscount(world: World, discount: Stripe.Discount): void {
  const coupon = world.store.coupons.get(idIn(discount.source.coupon) ?? '');
  if (coupon) {
    const timesRedeemed = coupon.times_redeemed + 1;
    world.store.coupons.put({
      ...coupon,
      times_redeemed: timesRedeemed,
      valid: coupon.valid && (coupon.max_redemptions === null || timesRedeemed < coupon.max_redemptions),
    });
  }
  const promotion = world.store.promotionCodes.get(idIn(discount.promotion_code) ?? '');
  if (promotion) {
    const timesRedeemed = promotion.times_redeemed + 1;
    world.store.promotionCodes.put({
      ...promotion,
      active:
        promotion.active && (promotion.max_redemptions === null || timesRedeemed < promotion.max_redemptions),
      times_redeemed: timesRedeemed,
    });
  }
}

/** The task of `redeem_by`; the id may be that of a later coupon by now. */
export function lapseCoupon(world: World, couponId: string): void {
  const coupon = world.store.coupons.get(couponId);
  const until = coupon?.redeem_by ?? null;
  if (coupon && until !== null && until <= world.now()) world.store.coupons.put({ ...coupon, valid: false });
}

/** The task of `expires_at`. */
export function lapsePromotionCode(world: World, promotionId: string): void {
  const promotion = world.store.promotionCodes.get(promotionId);
  if (promotion) world.store.promotionCodes.put({ ...promotion, active: false });
}
