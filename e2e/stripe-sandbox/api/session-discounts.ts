import type Stripe from 'stripe';
import { amountOffIn } from '../engine/discounts/discount-amount';
import {
  isCouponLive,
  judgePromotion,
  type PromotionJudgement,
  type PromotionUse,
} from '../engine/discounts/find-promotion';
import type { World } from '../engine/world';
import { invalid, missingReference, type Refusal, missingParam } from './refusal';
import { onlyOne } from './session-checks';
import type { CreateSessionParams } from './session-params';

const MOST_DISCOUNTS = 1;

export interface GivenDiscount {
  coupon: Stripe.Coupon;
  promotionCode: string | null;
}

/** The discount that the caller puts on the session from the start. */
export function discountOf(
  world: World,
  params: CreateSessionParams,
  use: PromotionUse,
): GivenDiscount | null {
  const [given] = params.discounts;
  if (!given) return null;
  if (params.allow_promotion_codes !== undefined) throw onlyOne('allow_promotion_codes', 'discounts');
  if (params.discounts.length > MOST_DISCOUNTS) {
    throw invalid('You may only specify up to 1 discount.', { param: 'discounts' });
  }
  if (given.coupon !== undefined && given.promotion_code !== undefined)
    throw onlyOne('coupon', 'promotion_code');
  if (given.promotion_code !== undefined) return promotionOf(world, given.promotion_code, use);
  if (given.coupon !== undefined) return { coupon: couponOf(world, given.coupon, use), promotionCode: null };
  throw missingParam('discounts[0][coupon]');
}

function couponOf(world: World, id: string, { currency }: PromotionUse): Stripe.Coupon {
  const param = 'discounts[0][coupon]';
  const coupon = world.store.coupons.get(id);
  if (!coupon) throw missingReference('coupon', id, param);
  if (!isCouponLive(world, coupon)) {
    throw invalid(`Coupon expired: ${id}`, { code: 'coupon_expired', param });
  }
  if (coupon.percent_off === null && amountOffIn(coupon, currency) === null) {
    const message = `The coupon's currency (${coupon.currency}) does not match the currency of the Checkout Session (${currency}).`;
    throw invalid(message, { param });
  }
  return coupon;
}

function promotionOf(world: World, id: string, use: PromotionUse): GivenDiscount {
  const promotion = world.store.promotionCodes.get(id);
  if (!promotion) throw missingReference('promotion code', id, 'discounts[0][promotion_code]');
  const judged = judgePromotion(world, promotion, use);
  if (judged.outcome === 'usable') return { coupon: judged.coupon, promotionCode: id };
  throw unusable(judged, promotion);
}

function unusable(
  judged: Exclude<PromotionJudgement, { outcome: 'usable' }>,
  { code }: Stripe.PromotionCode,
): Refusal {
  const because: Record<typeof judged.outcome, string> = {
    unknown: 'it is not for this customer',
    expired: 'it is no longer active',
    below_minimum: 'the amount is below its minimum',
    not_first_transaction: 'the customer has prior transactions',
    other_currency: 'it is not available in this currency',
    other_products: 'it does not apply to anything that is bought',
  };
  return invalid(`The promotion code ${code} cannot be redeemed because ${because[judged.outcome]}.`, {
    code: judged.outcome === 'expired' ? 'coupon_expired' : 'promotion_code_invalid',
    param: 'discounts[0][promotion_code]',
  });
}
