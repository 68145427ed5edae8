import type Stripe from 'stripe';
import * as z from 'zod';
import { buildPrice, buildProduct, createPrice, deletePlan, updatePrice } from '../../engine/catalog';
import { planOf } from '../../engine/billing/plan-of';
import { type World } from '../../engine/world';
import { recurringOf, recurringParams } from '../catalog-params';
import { listPage } from '../lists';
import {
  bool,
  integer,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  text,
  unplayed,
} from '../params';
import { invalid, missingObject, missingReference, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { currency, inlineProduct, productInput } from './prices';

/** Plans are the recurring prices in their older form; one made here is a price as well. */
const createParams = z.strictObject({
  ...recurringParams.shape,
  id: text().optional(),
  active: bool().default(true),
  amount: integer(),
  amount_decimal: unplayed('plans with amount_decimal'),
  billing_scheme: oneOf(['per_unit', 'tiered']).default('per_unit'),
  currency,
  metadata: metadata().default({}),
  nickname: nullableText(),
  product: z.union([text(), inlineProduct]),
  tiers: unplayed('plans with tiers'),
  tiers_mode: unplayed('plans with tiers_mode'),
  transform_usage: unplayed('plans with transform_usage'),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  if (params.billing_scheme === 'tiered') throw notPlayed('tiered prices', 'billing_scheme');
  if (params.amount < 0) {
    throw invalid('Invalid non-negative integer', { code: 'parameter_invalid_integer', param: 'amount' });
  }
  if (params.id !== undefined && world.store.prices.get(params.id)) {
    throw invalid('Plan already exists.', { code: 'resource_already_exists', param: 'id' });
  }
  const { product, newProduct } = productOf(world, params.product);
  const { interval, interval_count, meter, trial_period_days, usage_type } = params;
  const price = buildPrice(world, {
    product,
    currency: params.currency,
    unitAmount: params.amount,
    active: params.active,
    lookupKey: null,
    metadata: params.metadata,
    nickname: params.nickname,
    recurring: recurringOf({ interval, interval_count, meter, trial_period_days, usage_type }, ''),
    taxBehavior: null,
  });
  const named = { ...price, id: params.id ?? world.ids.long('plan') };
  return planOf(createPrice(world, cause, { price: named, options: {} }, newProduct));
}

function productOf(
  world: World,
  given: string | z.output<typeof inlineProduct>,
): { product: string; newProduct: Stripe.Product | null } {
  if (typeof given === 'string') {
    if (!world.store.products.get(given)) throw missingReference('product', given, 'product');
    return { product: given, newProduct: null };
  }
  const newProduct = buildProduct(world, productInput(given, given.active));
  return { product: newProduct.id, newProduct };
}

function found(world: World, id: string): Stripe.Price {
  const price = world.store.prices.get(id);
  if (!price || price.recurring === null) throw missingObject('plan', id);
  return price;
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return planOf(found(world, id));
}

const updateParams = z.strictObject({
  active: bool().optional(),
  metadata: metadataPatch().optional(),
  nickname: nullableText(),
  product: unplayed('plans whose product changes'),
  trial_period_days: unplayed('plans whose trial_period_days changes'),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = found(world, id);
  const next = {
    ...before,
    ...(params.active !== undefined && { active: params.active }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...('nickname' in form && { nickname: params.nickname }),
  };
  return planOf(updatePrice(world, cause, next, {}));
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  deletePlan(world, cause, found(world, id));
  return { id, object: 'plan', deleted: true };
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.prices, {
    noun: 'plan',
    url: '/v1/plans',
    filters: { active: bool().optional(), product: text().optional() },
    select: ({ active, product }) => ({
      index: product === undefined ? undefined : { name: 'product', key: product },
      where: (price) => price.recurring !== null && (active === undefined || price.active === active),
    }),
    render: planOf,
  });
}

export const planRoutes: Routes = {
  'GET /v1/plans': { resource: 'plan', isList: true, run: listAll },
  'POST /v1/plans': { resource: 'plan', run: create },
  'GET /v1/plans/:id': { resource: 'plan', run: retrieve },
  'POST /v1/plans/:id': { resource: 'plan', run: update },
  'DELETE /v1/plans/:id': { resource: 'plan', run: remove },
};
