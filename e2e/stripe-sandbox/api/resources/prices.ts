import * as z from 'zod';
import { createPrice, createProduct } from '../../engine/catalog';
import { changedKeys } from '../../engine/customers';
import { happening } from '../../engine/happening';
import type { PriceInput, ProductInput } from '../../engine/catalog';
import { listPage } from '../lists';
import {
  bool,
  clearable,
  ignored,
  integer,
  list,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  text,
} from '../params';
import { invalid, missingObject, missingReference, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';

export const currency = text(3).transform((code) => code.toLowerCase());
const taxBehavior = oneOf(['exclusive', 'inclusive', 'unspecified']);

/** A product made for a price, with only a name and what goes with it. */
export const inlineProduct = z.strictObject({
  id: text().optional(),
  active: ignored,
  name: text(),
  description: nullableText(),
  images: list(text()).default([]),
  metadata: metadata().default({}),
  statement_descriptor: nullableText(22),
  tax_code: nullableText(),
  tax_details: ignored,
  unit_label: nullableText(),
});

export function productInput(data: z.output<typeof inlineProduct>, active: boolean): ProductInput {
  return {
    id: data.id ?? null,
    name: data.name,
    active,
    description: data.description,
    images: data.images,
    metadata: data.metadata,
    marketingFeatures: [],
    shippable: null,
    statementDescriptor: data.statement_descriptor,
    taxCode: data.tax_code,
    unitLabel: data.unit_label,
    url: null,
  };
}

const createParams = z.strictObject({
  currency,
  active: bool().default(true),
  billing_scheme: oneOf(['per_unit', 'tiered']).default('per_unit'),
  currency_options: ignored,
  custom_unit_amount: ignored,
  lookup_key: text(200).optional(),
  metadata: metadata().default({}),
  nickname: nullableText(),
  product: text().optional(),
  product_data: inlineProduct.optional(),
  recurring: ignored,
  tax_behavior: taxBehavior.optional(),
  tiers: ignored,
  tiers_mode: ignored,
  transfer_lookup_key: bool().default(false),
  transform_quantity: ignored,
  unit_amount: integer().optional(),
  unit_amount_decimal: text().optional(),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  for (const name of ['recurring', 'tiers', 'custom_unit_amount', 'currency_options', 'transform_quantity']) {
    if (name in form) throw notPlayed(`prices with ${name}`, name);
  }
  const unitAmount = params.unit_amount ?? wholeNumber(params.unit_amount_decimal);
  if (unitAmount === undefined) {
    throw invalid('Missing required param: unit_amount.', {
      code: 'parameter_missing',
      param: 'unit_amount',
    });
  }
  if (unitAmount < 0)
    throw invalid('Invalid non-negative integer', {
      code: 'parameter_invalid_integer',
      param: 'unit_amount',
    });
  const { lookup_key: lookupKey = null, transfer_lookup_key: takesKey } = params;
  if (lookupKey !== null && !takesKey && world.store.prices.first('lookup_key', lookupKey)) {
    throw invalid(
      `A price (${world.store.prices.first('lookup_key', lookupKey)?.id}) already uses that lookup key.`,
      { param: 'lookup_key' },
    );
  }
  const input: PriceInput = {
    product: productOf({ params, world, cause }),
    currency: params.currency,
    unitAmount,
    active: params.active,
    lookupKey,
    metadata: params.metadata,
    nickname: params.nickname,
    taxBehavior: params.tax_behavior ?? null,
  };
  return createPrice(world, cause, input, takesKey);
}

type Creation = Pick<ApiRequest, 'world' | 'cause'> & { params: z.output<typeof createParams> };

function productOf({ params, world, cause }: Creation): string {
  if (params.product !== undefined) {
    if (!world.store.products.get(params.product))
      throw missingReference('product', params.product, 'product');
    return params.product;
  }
  if (params.product_data === undefined) {
    throw invalid('You must specify either `product` or `product_data` when creating a price.', {
      code: 'parameter_missing',
      param: 'product',
    });
  }
  return createProduct(world, cause, productInput(params.product_data, true)).id;
}

/** The sandbox plays whole smallest units only. */
function wholeNumber(decimal: string | undefined): number | undefined {
  if (decimal === undefined) return undefined;
  if (!/^\d+$/.test(decimal))
    throw notPlayed('prices in fractions of the smallest unit', 'unit_amount_decimal');
  return Number(decimal);
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const price = world.store.prices.get(id);
  if (!price) throw missingObject('price', id);
  return price;
}

const updateParams = z.strictObject({
  active: bool().optional(),
  lookup_key: clearable(text(200)).optional(),
  metadata: metadataPatch().optional(),
  nickname: clearable(text()).optional(),
  tax_behavior: taxBehavior.optional(),
  transfer_lookup_key: bool().default(false),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = world.store.prices.get(id);
  if (!before) throw missingObject('price', id);
  const holder =
    typeof params.lookup_key === 'string'
      ? world.store.prices.first('lookup_key', params.lookup_key)
      : undefined;
  const happenings = [];
  if (holder && holder.id !== id) {
    if (!params.transfer_lookup_key) {
      throw invalid(`A price (${holder.id}) already uses that lookup key.`, { param: 'lookup_key' });
    }
    const released = world.store.prices.put({ ...holder, lookup_key: null });
    happenings.push(happening('price.updated', released, { lookup_key: holder.lookup_key }));
  }
  const price = world.store.prices.put({
    ...before,
    ...(params.active !== undefined && { active: params.active }),
    ...(params.lookup_key !== undefined && { lookup_key: params.lookup_key }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.nickname !== undefined && { nickname: params.nickname }),
    ...(params.tax_behavior !== undefined && { tax_behavior: params.tax_behavior }),
  });
  world.publish(cause, [...happenings, happening('price.updated', price, changedKeys(before, price))]);
  return price;
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.prices, {
    noun: 'price',
    url: '/v1/prices',
    filters: {
      active: bool().optional(),
      currency: text().optional(),
      lookup_keys: list(text()).optional(),
      product: text().optional(),
      recurring: ignored,
      type: oneOf(['one_time', 'recurring']).optional(),
    },
    select: (filters) => ({
      index: filters.product === undefined ? undefined : { name: 'product', key: filters.product },
      where: (price) =>
        (filters.active === undefined || price.active === filters.active) &&
        (filters.currency === undefined || price.currency === filters.currency) &&
        (filters.lookup_keys === undefined || filters.lookup_keys.includes(price.lookup_key ?? '')) &&
        (filters.type === undefined || price.type === filters.type) &&
        filters.recurring === undefined,
    }),
  });
}

export const priceRoutes: Routes = {
  'GET /v1/prices': { resource: 'price', isList: true, run: listAll },
  'POST /v1/prices': { resource: 'price', run: create },
  'GET /v1/prices/:id': { resource: 'price', run: retrieve },
  'POST /v1/prices/:id': { resource: 'price', run: update },
};
