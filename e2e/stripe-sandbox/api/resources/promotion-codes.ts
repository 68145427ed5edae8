import type Stripe from 'stripe';
import * as z from 'zod';
import { isCouponLive } from '../../engine/discounts/find-promotion';
import { createPromotionCode, updatePromotionCode } from '../../engine/discounts/promotion-codes';
import { idIn, type World } from '../../engine/world';
import { takesCouponAtTop } from '../../versions/versions';
import { listPage } from '../lists';
import { bool, customerAccount, mergeMetadata, parseParams, text } from '../params';
import { createPromotionParams, oldPromotionParams, updatePromotionParams } from '../promotion-params';
import { conflict, invalid, missingObject, missingReference, missingParam } from '../refusal';
import type { ApiRequest, Routes } from '../request';

type CreateParams = Omit<z.output<typeof createPromotionParams>, 'promotion'>;

interface NamedCoupon {
  id: string;
  param: string;
}

function create(request: ApiRequest): object {
  const { world, cause } = request;
  const { named, params } = read(request);
  const coupon = world.store.coupons.get(named.id);
  if (!coupon) throw missingReference('coupon', named.id, named.param);
  if (params.active && !isCouponLive(world, coupon)) {
    throw invalid('This coupon is no longer valid; only an inactive promotion code can be made for it.', {
      code: 'coupon_expired',
      param: named.param,
    });
  }
  const customer = params.customer ?? null;
  if (customer !== null && !world.store.customers.get(customer)) {
    throw missingReference('customer', customer, 'customer');
  }
  checkLimits(world, params, coupon);
  const made = createPromotionCode(world, cause, {
    coupon: coupon.id,
    code: params.code ?? null,
    active: params.active,
    customer,
    expiresAt: params.expires_at ?? null,
    maxRedemptions: params.max_redemptions ?? null,
    metadata: params.metadata,
    restrictions: restrictionsOf(params),
  });
  switch (made.outcome) {
    case 'created':
      return made.promotion;
    case 'taken':
      throw conflict(
        `An active promotion code with \`code: ${made.holder.code}\` already exists.`,
        undefined,
        {
          param: 'code',
        },
      );
  }
}

/** The coupon stands where the request's version has it. */
function read({ form, version }: ApiRequest): { params: CreateParams; named: NamedCoupon } {
  if (!takesCouponAtTop(version)) {
    const params = parseParams(createPromotionParams, form);
    return { params, named: { id: params.promotion.coupon, param: 'promotion[coupon]' } };
  }
  const params = parseParams(oldPromotionParams, form);
  const { coupon, promotion } = params;
  if (promotion) return { params, named: { id: promotion.coupon, param: 'promotion[coupon]' } };
  if (coupon !== undefined) return { params, named: { id: coupon, param: 'coupon' } };
  throw missingParam('coupon');
}

function checkLimits(world: World, params: CreateParams, coupon: Stripe.Coupon): void {
  const { code, expires_at: until, max_redemptions: most, restrictions } = params;
  if (code !== undefined && !/^[A-Za-z0-9-]+$/.test(code)) {
    const message = 'The promotion code must only contain letters, digits and dashes.';
    throw invalid(message, { param: 'code' });
  }
  if (until !== undefined && until <= world.now()) {
    throw invalid('The `expires_at` date has to be in the future.', { param: 'expires_at' });
  }
  if (until !== undefined && coupon.redeem_by !== null && until > coupon.redeem_by) {
    const message = "The `expires_at` date can't be later than the coupon's `redeem_by` date.";
    throw invalid(message, { param: 'expires_at' });
  }
  if (most !== undefined && most < 1) {
    const message = 'Invalid positive integer';
    throw invalid(message, { code: 'parameter_invalid_integer', param: 'max_redemptions' });
  }
  if (most !== undefined && coupon.max_redemptions !== null && most > coupon.max_redemptions) {
    const message = "The `max_redemptions` can't be more than that of the coupon.";
    throw invalid(message, { param: 'max_redemptions' });
  }
  if (restrictions?.minimum_amount !== undefined && restrictions.minimum_amount_currency === undefined) {
    throw invalid('You must pass `minimum_amount_currency` when passing `minimum_amount`.', {
      code: 'parameter_missing',
      param: 'restrictions[minimum_amount_currency]',
    });
  }
}

function restrictionsOf({ restrictions: given }: CreateParams): Stripe.PromotionCode.Restrictions {
  const minimum = given?.minimum_amount ?? null;
  return {
    ...(given?.currency_options && { currency_options: given.currency_options }),
    first_time_transaction: given?.first_time_transaction ?? false,
    minimum_amount: minimum,
    minimum_amount_currency: minimum === null ? null : (given?.minimum_amount_currency ?? null),
  };
}

function find(world: World, id: string): Stripe.PromotionCode {
  const promotion = world.store.promotionCodes.get(id);
  if (!promotion) throw missingObject('promotion code', id);
  return promotion;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return find(world, id);
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updatePromotionParams, form);
  const before = find(world, id);
  const { active, metadata, restrictions } = params;
  if (active === true && !before.active) checkRevival(world, before);
  const currencies = restrictions?.currency_options;
  return updatePromotionCode(world, cause, {
    ...before,
    ...(active !== undefined && { active }),
    ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, metadata) }),
    ...(currencies && {
      restrictions: {
        ...before.restrictions,
        currency_options: { ...before.restrictions.currency_options, ...currencies },
      },
    }),
  });
}

/** A code can be switched on again while it could still be redeemed. */
function checkRevival(world: World, promotion: Stripe.PromotionCode): void {
  const coupon = world.store.coupons.get(idIn(promotion.promotion.coupon) ?? '');
  const { expires_at: until, max_redemptions: most, times_redeemed: times } = promotion;
  const isUsable =
    coupon !== undefined &&
    isCouponLive(world, coupon) &&
    (until === null || until > world.now()) &&
    (most === null || times < most);
  if (isUsable) return;
  const message =
    'This promotion code cannot be activated: it or its coupon is expired, deleted or fully redeemed.';
  throw conflict(message, undefined, { param: 'active' });
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.promotionCodes, {
    noun: 'promotion code',
    url: '/v1/promotion_codes',
    filters: {
      active: bool().optional(),
      code: text().optional(),
      coupon: text().optional(),
      customer: text().optional(),
      customer_account: customerAccount,
    },
    select: ({ active, code, coupon, customer }) => ({
      index: code === undefined ? undefined : { name: 'code', key: code.toLowerCase() },
      where: (promotion) =>
        (active === undefined || promotion.active === active) &&
        (coupon === undefined || idIn(promotion.promotion.coupon) === coupon) &&
        (customer === undefined || idIn(promotion.customer) === customer),
    }),
  });
}

export const promotionCodeRoutes: Routes = {
  'GET /v1/promotion_codes': { resource: 'promotion_code', isList: true, run: listAll },
  'POST /v1/promotion_codes': { resource: 'promotion_code', run: create },
  'GET /v1/promotion_codes/:id': { resource: 'promotion_code', run: retrieve },
  'POST /v1/promotion_codes/:id': { resource: 'promotion_code', run: update },
};
