import type Stripe from 'stripe';
import { idIn, type World } from '../world';
import { amountOffIn, appliesTo } from './discount-amount';

/** What a code is to be used for. */
export interface PromotionUse {
  /** The customer's id; null: a guest. */
  customer: string | null;
  /** Before discounts and taxes, in the smallest unit. */
  subtotal: number;
  currency: string;
  /** The ids of what is bought; null: coupons for certain products are not looked at. */
  products: string[] | null;
}

export type PromotionJudgement =
  | { outcome: 'usable'; promotion: Stripe.PromotionCode; coupon: Stripe.Coupon }
  /** No such code, or one that is for another customer. */
  | { outcome: 'unknown' }
  /** Switched off, expired, used up, or its coupon is. */
  | { outcome: 'expired' }
  | { outcome: 'below_minimum'; minimum: number; currency: string }
  /** The customer has paid before. */
  | { outcome: 'not_first_transaction' }
  /** The coupon takes off a fixed amount that is not given in this currency. */
  | { outcome: 'other_currency' }
  /** Nothing that is bought is among the coupon's products. */
  | { outcome: 'other_products' };

/** The promotion code that a customer typed, in any case. */
export function findUsablePromotion(world: World, code: string, use: PromotionUse): PromotionJudgement {
  const named = world.store.promotionCodes.where('code', code.trim().toLowerCase());
  const judged = named.map((promotion) => judgePromotion(world, promotion, use));
  const usable = judged.find(({ outcome }) => outcome === 'usable');
  const telling = judged.find(({ outcome }) => outcome !== 'unknown' && outcome !== 'expired');
  return usable ?? telling ?? judged[judged.length - 1] ?? { outcome: 'unknown' };
}

export function judgePromotion(
  world: World,
  promotion: Stripe.PromotionCode,
  use: PromotionUse,
): PromotionJudgement {
  const owner = idIn(promotion.customer);
  if (owner !== null && owner !== use.customer) return { outcome: 'unknown' };
  const coupon = world.store.coupons.get(idIn(promotion.promotion.coupon) ?? '');
  if (!coupon || !isLive(world, promotion) || !isCouponLive(world, coupon)) return { outcome: 'expired' };
  const { currency } = use;
  const minimum = minimumIn(promotion.restrictions, currency);
  if (minimum === null) return { outcome: 'other_currency' };
  if (use.subtotal < minimum) return { outcome: 'below_minimum', minimum, currency };
  if (promotion.restrictions.first_time_transaction && hasPaidBefore(world, use.customer)) {
    return { outcome: 'not_first_transaction' };
  }
  if (coupon.percent_off === null && amountOffIn(coupon, currency) === null) {
    return { outcome: 'other_currency' };
  }
  const isForThese = use.products === null || use.products.some((product) => appliesTo(coupon, product));
  return isForThese ? { outcome: 'usable', promotion, coupon } : { outcome: 'other_products' };
}

export function isCouponLive(world: World, coupon: Stripe.Coupon): boolean {
  return coupon.valid && (coupon.redeem_by === null || coupon.redeem_by > world.now());
}

function isLive(world: World, promotion: Stripe.PromotionCode): boolean {
  return promotion.active && (promotion.expires_at === null || promotion.expires_at > world.now());
}

/** 0: there is no minimum. null: there is one, but not in this currency. */
function minimumIn(restrictions: Stripe.PromotionCode.Restrictions, currency: string): number | null {
  if (restrictions.minimum_amount === null) return 0;
  if (restrictions.minimum_amount_currency === currency) return restrictions.minimum_amount;
  return restrictions.currency_options?.[currency]?.minimum_amount ?? null;
}

function hasPaidBefore(world: World, customer: string | null): boolean {
  if (customer === null) return false;
  const isPaid = ({ paid, status }: Stripe.Charge): boolean => paid && status === 'succeeded';
  return world.store.charges.where('customer', customer).some(isPaid);
}
