import type Stripe from 'stripe';
import { minimumAmount } from '../currencies';
import { discountOf, hasTrial, priceSession, quoteTotal } from '../price-session';
import { idIn, type World } from '../world';
import { buildDiscount } from './build-discount';
import { findUsablePromotion, type PromotionJudgement, type PromotionUse } from './find-promotion';

type Session = Stripe.Checkout.Session;

export type PromotionOutcome =
  | { outcome: 'applied'; session: Session; promotion: Stripe.PromotionCode }
  /** The session takes no codes from its visitor. */
  | { outcome: 'not_allowed' }
  /** The session is complete or expired. */
  | { outcome: 'closed' }
  | Exclude<PromotionJudgement, { outcome: 'usable' }>;

/** The visitor of the page enters a code; it takes the place of the one before. */
export function applyPromotionCode(world: World, session: Session, code: string): PromotionOutcome {
  if (session.status !== 'open') return { outcome: 'closed' };
  if (session.allow_promotion_codes !== true) return { outcome: 'not_allowed' };
  const judged = findUsablePromotion(world, code, promotionUse(world, session));
  if (judged.outcome !== 'usable') return judged;
  const { coupon, promotion } = judged;
  const minimum = chargeMinimum(world, session, coupon);
  if (minimum !== null) return { outcome: 'below_minimum', minimum, currency: session.currency ?? 'usd' };
  const applied = applyDiscount(world, session, { coupon, promotionCode: promotion.id });
  return { outcome: 'applied', session: applied, promotion };
}

/** The visitor takes the code away again. */
export function removePromotionCode(
  world: World,
  session: Session,
): { outcome: 'removed'; session: Session } | { outcome: 'closed' } | { outcome: 'none_applied' } {
  if (session.status !== 'open') return { outcome: 'closed' };
  const discount = discountOf(world, session.id);
  if (discount === null || session.allow_promotion_codes !== true) return { outcome: 'none_applied' };
  setDiscount(world, session.id, null);
  const { items } = world.store.sessionLines.must(session.id);
  return { outcome: 'removed', session: priceSession(world, session, items) };
}

export const USED_UP = 'This promotion code has been used as often as it may be.';

/** Whether others have used up the session's code or coupon since it was put there. */
export function isDiscountUsedUp(world: World, session: Session): boolean {
  const discount = discountOf(world, session.id);
  const coupon = world.store.coupons.get(idIn(discount?.source.coupon) ?? '');
  const promotion = world.store.promotionCodes.get(idIn(discount?.promotion_code) ?? '');
  return [coupon, promotion].some(
    (used) => used && used.times_redeemed >= (used.max_redemptions ?? Infinity),
  );
}

/** Puts the coupon on the session, whether or not its visitor may enter codes. */
function applyDiscount(
  world: World,
  session: Session,
  { coupon, promotionCode }: { coupon: Stripe.Coupon; promotionCode: string | null },
): Session {
  const customer = idIn(session.customer);
  const discount = buildDiscount(world, { coupon, promotionCode, customer, checkoutSession: session.id });
  setDiscount(world, session.id, discount.id);
  return priceSession(world, session, world.store.sessionLines.must(session.id).items);
}

/** What Stripe charges at least, if the coupon leaves less than that but not nothing. */
function chargeMinimum(world: World, session: Session, coupon: Stripe.Coupon): number | null {
  const currency = session.currency ?? 'usd';
  const left = quoteTotal(world, world.store.sessionLines.must(session.id).items, {
    currency,
    coupon,
    isTaxed: session.automatic_tax.enabled,
    customer: idIn(session.customer),
    hasTrial: hasTrial(world.store.sessionPlans.must(session.id)),
  });
  return left > 0 && left < minimumAmount(currency) ? minimumAmount(currency) : null;
}

function setDiscount(world: World, sessionId: string, discount: string | null): void {
  const plan = world.store.sessionPlans.must(sessionId);
  if (plan.discount !== null) world.store.discounts.delete(plan.discount);
  world.store.sessionPlans.put({ ...plan, discount });
}

function promotionUse(world: World, session: Session): PromotionUse {
  const { items } = world.store.sessionLines.must(session.id);
  return {
    customer: idIn(session.customer),
    subtotal: session.amount_subtotal ?? 0,
    currency: session.currency ?? 'usd',
    products: items.flatMap((item) => idIn(item.price?.product) ?? []),
  };
}
