import type Stripe from 'stripe';
import * as z from 'zod';
import {
  createCoupon,
  deleteCoupon,
  shownCoupon,
  updateCoupon,
  type CouponInput,
} from '../../engine/discounts/coupons';
import type { World } from '../../engine/world';
import { listPage } from '../lists';
import { mergeMetadata, parseParams } from '../params';
import { createCouponParams, updateCouponParams } from '../promotion-params';
import { conflict, invalid, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';

type CreateParams = z.output<typeof createCouponParams>;

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createCouponParams, form);
  checkReduction(params);
  checkDuration(params);
  checkLimits(world, params);
  for (const [place, product] of (params.applies_to?.products ?? []).entries()) {
    if (!world.store.products.get(product)) {
      throw missingReference('product', product, `applies_to[products][${place}]`);
    }
  }
  if (params.id !== undefined && world.store.coupons.get(params.id)) {
    throw conflict('Coupon already exists.', 'resource_already_exists', { param: 'id' });
  }
  return shownCoupon(createCoupon(world, cause, inputOf(params)));
}

function checkReduction({ amount_off: amount, currency, percent_off: percent }: CreateParams): void {
  if (amount !== undefined && percent !== undefined) {
    throw invalid('You may only specify one of these parameters: amount_off, percent_off.');
  }
  if (amount === undefined && percent === undefined) {
    throw invalid('You must pass either `percent_off` or `amount_off` when creating a coupon.', {
      code: 'parameter_missing',
      param: 'percent_off',
    });
  }
  if (amount === undefined) return;
  if (amount < 1) {
    throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount_off' });
  }
  if (currency === undefined) {
    throw invalid('You must pass currency when passing amount_off', {
      code: 'parameter_missing',
      param: 'currency',
    });
  }
}

function checkDuration({ duration, duration_in_months: months }: CreateParams): void {
  if (duration !== 'repeating' && months !== undefined) {
    throw invalid('`duration_in_months` can only be passed when `duration` is `repeating`.', {
      param: 'duration_in_months',
    });
  }
  if (duration !== 'repeating' || (months !== undefined && months > 0)) return;
  throw invalid('You must pass a positive `duration_in_months` when `duration` is `repeating`.', {
    code: 'parameter_missing',
    param: 'duration_in_months',
  });
}

function checkLimits(world: World, { max_redemptions: most, redeem_by: until }: CreateParams): void {
  if (most !== undefined && most < 1) {
    throw invalid('Invalid positive integer', {
      code: 'parameter_invalid_integer',
      param: 'max_redemptions',
    });
  }
  if (until !== undefined && until <= world.now()) {
    throw invalid('The `redeem_by` date has to be in the future.', { param: 'redeem_by' });
  }
}

function inputOf(params: CreateParams): CouponInput {
  const { applies_to: products, currency_options: currencies } = params;
  return {
    id: params.id ?? null,
    amount_off: params.amount_off ?? null,
    ...(products && products.products.length > 0 && { applies_to: products }),
    currency: params.amount_off === undefined ? null : (params.currency ?? null),
    ...(currencies && { currency_options: currencies }),
    duration: params.duration,
    duration_in_months: params.duration_in_months ?? null,
    max_redemptions: params.max_redemptions ?? null,
    metadata: params.metadata,
    name: params.name,
    percent_off: params.percent_off ?? null,
    redeem_by: params.redeem_by ?? null,
  };
}

function find(world: World, id: string): Stripe.Coupon {
  const coupon = world.store.coupons.get(id);
  if (!coupon) throw missingObject('coupon', id);
  return coupon;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return shownCoupon(find(world, id));
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateCouponParams, form);
  const before = find(world, id);
  const { currency_options: currencies, metadata, name } = params;
  const next = updateCoupon(world, cause, {
    ...before,
    ...(currencies && { currency_options: { ...before.currency_options, ...currencies } }),
    ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata ?? {}, metadata) }),
    ...(name !== undefined && { name }),
  });
  return shownCoupon(next);
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  deleteCoupon(world, cause, find(world, id));
  return { id, object: 'coupon', deleted: true };
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.coupons, {
    noun: 'coupon',
    url: '/v1/coupons',
    filters: {},
    select: () => ({}),
    render: shownCoupon,
  });
}

export const couponRoutes: Routes = {
  'GET /v1/coupons': { resource: 'coupon', isList: true, run: listAll },
  'POST /v1/coupons': { resource: 'coupon', run: create },
  'GET /v1/coupons/:id': { resource: 'coupon', run: retrieve },
  'POST /v1/coupons/:id': { resource: 'coupon', run: update },
  'DELETE /v1/coupons/:id': { resource: 'coupon', run: remove },
};
