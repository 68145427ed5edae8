import type Stripe from 'stripe';
import { idIn, type World } from '../world';
import { addMonths } from './add-months';

export interface DiscountInput {
  coupon: Stripe.Coupon;
  /** The code that it came by. */
  promotionCode: string | null;
  customer: string | null;
  checkoutSession?: string | null;
  subscription?: string | null;
  subscriptionItem?: string | null;
  invoice?: string | null;
  invoiceItem?: string | null;
  /** Unix seconds; now if left out. Of a subscription under a test clock it is the clock's. */
  start?: number;
}

/** Stores a coupon as it is applied to something. It ends only if the coupon is `repeating`. */
export function buildDiscount(world: World, input: DiscountInput): Stripe.Discount {
  const { coupon } = input;
  const start = input.start ?? world.now();
  return world.store.discounts.put({
    id: world.ids.long('di'),
    object: 'discount',
    checkout_session: input.checkoutSession ?? null,
    customer: input.customer,
    customer_account: null,
    end: coupon.duration === 'repeating' ? addMonths(start, coupon.duration_in_months ?? 0) : null,
    invoice: input.invoice ?? null,
    invoice_item: input.invoiceItem ?? null,
    promotion_code: input.promotionCode,
    source: { coupon: coupon.id, type: 'coupon' },
    start,
    subscription: input.subscription ?? null,
    subscription_item: input.subscriptionItem ?? null,
  });
}

/** The coupon behind a discount; one that was deleted since goes on. */
export function couponOf(world: World, discount: Stripe.Discount): Stripe.Coupon {
  const id = idIn(discount.source.coupon) ?? '';
  return world.store.coupons.get(id) ?? world.store.deletedCoupons.must(id);
}
