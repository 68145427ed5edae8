import type Stripe from 'stripe';
import { buildPrice } from '../engine/catalog';
import { buildDiscount } from '../engine/discounts/build-discount';
import { isCouponLive, judgePromotion } from '../engine/discounts/find-promotion';
import { findMethodOf } from '../engine/billing/customer-methods';
import { idIn, type World } from '../engine/world';
import { recurringOf, unitAmountOf } from './catalog-params';
import { invalid, missingObject, missingReference, missingParam } from './refusal';
import type { DiscountParams, PriceDataParams } from './subscription-params';

export function foundInvoice(world: World, id: string): Stripe.Invoice {
  const invoice = world.store.invoices.get(id);
  if (!invoice) throw missingObject('invoice', id);
  return invoice;
}

export function foundSubscription(world: World, id: string): Stripe.Subscription {
  const subscription = world.store.subscriptions.get(id);
  if (!subscription) throw missingObject('subscription', id);
  return subscription;
}

export function namedCustomer(world: World, id: string): Stripe.Customer {
  const customer = world.store.customers.get(id);
  if (!customer) throw missingReference('customer', id, 'customer');
  return customer;
}

/** Whoever the invoice is for; nothing more is asked of a customer that was deleted. */
export function customerOf(world: World, invoice: Stripe.Invoice): Stripe.Customer {
  return namedCustomer(world, idIn(invoice.customer) ?? '');
}

/** A payment method that the customer owns. */
export function ownMethod(world: World, customer: string, id: string, param: string): Stripe.PaymentMethod {
  const method = findMethodOf(world, customer, id);
  if (method) return method;
  if (!world.store.paymentMethods.get(id)) throw missingReference('PaymentMethod', id, param);
  throw invalid(
    `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
    { code: 'resource_missing', param },
  );
}

interface PriceParams {
  plan?: string | undefined;
  price?: string | undefined;
  price_data?: PriceDataParams | undefined;
}

/** The price that a request names or describes; one that it describes is kept. */
export function priceOf(
  world: World,
  given: PriceParams,
  type: 'one_time' | 'recurring',
  at: string,
): Stripe.Price {
  if (given.price_data) return keepInline(world, given.price_data, type, `${at}[price_data]`);
  const id = given.price ?? given.plan;
  if (id === undefined) {
    throw missingParam(`${at}[price]`);
  }
  const price = world.store.prices.get(id);
  if (!price) throw missingReference('price', id, `${at}[price]`);
  if (!price.active) {
    const message = 'The price specified is inactive. This field only accepts active prices.';
    throw invalid(message, { code: 'price_inactive', param: `${at}[price]` });
  }
  if (price.type !== type) {
    throw invalid(
      `The price specified is set to \`type=${price.type}\` but this field only accepts prices with \`type=${type}\`.`,
      { param: `${at}[price]` },
    );
  }
  return price;
}

function keepInline(
  world: World,
  data: PriceDataParams,
  type: 'one_time' | 'recurring',
  at: string,
): Stripe.Price {
  if (!world.store.products.get(data.product)) {
    throw missingReference('product', data.product, `${at}[product]`);
  }
  const unitAmount = unitAmountOf(data, at);
  if (unitAmount === undefined) {
    const param = `${at}[unit_amount]`;
    throw missingParam(param);
  }
  const recurring = recurringOf(data.recurring, `${at}[recurring]`);
  if (type === 'recurring' && !recurring) {
    const param = `${at}[recurring]`;
    throw missingParam(param);
  }
  const price = buildPrice(world, {
    product: data.product,
    currency: data.currency,
    unitAmount,
    active: false,
    lookupKey: null,
    metadata: {},
    nickname: null,
    recurring,
    taxBehavior: data.tax_behavior ?? null,
  });
  return world.store.prices.put(price);
}

/** A quantity of a price; one if it is not given. */
export function quantityOf(quantity: number | undefined, at: string): number {
  if (quantity !== undefined && quantity < 0) {
    throw invalid('Invalid non-negative integer', {
      code: 'parameter_invalid_integer',
      param: `${at}[quantity]`,
    });
  }
  return quantity ?? 1;
}

export type NewDiscount = Omit<Parameters<typeof buildDiscount>[1], 'customer'>;

/** What a request takes off: coupons and promotion codes, or discounts that are there already. */
export function discountsOf(
  world: World,
  given: DiscountParams,
  use: { customer: string; currency: string },
): Array<NewDiscount | Stripe.Discount> {
  return given.map((one, place) => {
    const at = `discounts[${place}]`;
    if (one.discount !== undefined) {
      const discount = world.store.discounts.get(one.discount);
      if (!discount) throw missingReference('discount', one.discount, `${at}[discount]`);
      return discount;
    }
    if (one.promotion_code !== undefined) return promotionOf(world, one.promotion_code, use, at);
    const coupon = world.store.coupons.get(one.coupon ?? '');
    if (!coupon) throw missingReference('coupon', one.coupon ?? '', `${at}[coupon]`);
    if (!isCouponLive(world, coupon)) {
      throw invalid(`Coupon expired: ${coupon.id}`, { code: 'coupon_expired', param: `${at}[coupon]` });
    }
    return { coupon, promotionCode: null };
  });
}

function promotionOf(
  world: World,
  id: string,
  { customer, currency }: { customer: string; currency: string },
  at: string,
): NewDiscount {
  const promotion = world.store.promotionCodes.get(id);
  if (!promotion) throw missingReference('promotion code', id, `${at}[promotion_code]`);
  // A subscription has no minimum to reach before its lines are known.
  const use = { customer, currency, subtotal: Number.MAX_SAFE_INTEGER, products: null };
  const judged = judgePromotion(world, promotion, use);
  if (judged.outcome === 'usable') return { coupon: judged.coupon, promotionCode: id };
  throw invalid(`The promotion code ${promotion.code} cannot be redeemed (${judged.outcome}).`, {
    code: judged.outcome === 'expired' ? 'coupon_expired' : 'promotion_code_invalid',
    param: `${at}[promotion_code]`,
  });
}

/** Makes the discounts of a request, for whatever `owner` says. */
export function storeDiscounts(
  world: World,
  given: Array<NewDiscount | Stripe.Discount>,
  owner: Omit<Parameters<typeof buildDiscount>[1], 'coupon' | 'promotionCode'>,
): Stripe.Discount[] {
  return given.map((one) => ('object' in one ? one : buildDiscount(world, { ...one, ...owner })));
}
