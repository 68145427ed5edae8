import type Stripe from 'stripe';
import * as z from 'zod';
import { buildPrice, buildProduct, createPrice, updatePrice, type ProductInput } from '../../engine/catalog';
import { isCurrency } from '../../engine/currencies';
import { idIn } from '../../engine/world';
import {
  currencyOptions,
  currencyOptionsParams,
  recurringOf,
  recurringParams,
  taxBehavior,
  unitAmountOf,
} from '../catalog-params';
import { listPage } from '../lists';
import {
  bool,
  clearable,
  integer,
  list,
  mergeMetadata,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  parseParams,
  text,
  unplayed,
} from '../params';
import { invalid, missingObject, missingReference, notPlayed, missingParam } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';

export const currency = text(3)
  .transform((code) => code.toLowerCase())
  .refine(isCurrency, { error: (issue) => `Invalid currency: ${String(issue.input)}` });

/** A product made for a price, with only a name and what goes with it. */
export const inlineProduct = z.strictObject({
  id: text().optional(),
  active: bool().default(true),
  name: text(),
  description: nullableText(),
  images: list(text()).default([]),
  metadata: metadata().default({}),
  statement_descriptor: nullableText(22),
  tax_code: nullableText(),
  tax_details: unplayed('products with tax_details'),
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
  currency_options: currencyOptionsParams.optional(),
  custom_unit_amount: unplayed('prices with custom_unit_amount'),
  lookup_key: text(200).optional(),
  metadata: metadata().default({}),
  nickname: nullableText(),
  product: text().optional(),
  product_data: inlineProduct.optional(),
  recurring: recurringParams.optional(),
  tax_behavior: taxBehavior.optional(),
  tiers: unplayed('prices with tiers'),
  tiers_mode: unplayed('prices with tiers_mode'),
  transfer_lookup_key: bool().default(false),
  transform_quantity: unplayed('prices with transform_quantity'),
  unit_amount: integer().optional(),
  unit_amount_decimal: text().optional(),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  if (params.billing_scheme === 'tiered') throw notPlayed('tiered prices', 'billing_scheme');
  const unitAmount = unitAmountOf(params);
  if (unitAmount === undefined) {
    throw missingParam('unit_amount');
  }
  const recurring = recurringOf(params.recurring);
  const options = currencyOptions(params.currency_options);
  const { lookup_key: lookupKey = null } = params;
  if (!params.transfer_lookup_key) refuseTakenKey(world, lookupKey, null);
  const { product, newProduct } = productOf({ params, world });
  const price = buildPrice(world, {
    product,
    currency: params.currency,
    unitAmount,
    active: params.active,
    lookupKey,
    metadata: params.metadata,
    nickname: params.nickname,
    recurring,
    taxBehavior: params.tax_behavior ?? null,
  });
  return createPrice(world, cause, { price, options }, newProduct);
}

function refuseTakenKey(world: ApiRequest['world'], key: string | null, owner: string | null): void {
  const holder = key === null ? undefined : world.store.prices.first('lookup_key', key);
  if (!holder || holder.id === owner) return;
  throw invalid(`A price (${holder.id}) already uses that lookup key.`, { param: 'lookup_key' });
}

type Creation = Pick<ApiRequest, 'world'> & { params: z.output<typeof createParams> };

function productOf({ params, world }: Creation): { product: string; newProduct: Stripe.Product | null } {
  const { product, product_data: data } = params;
  if (product !== undefined) {
    if (data !== undefined) {
      throw invalid('You may only specify one of these parameters: product, product_data.');
    }
    if (!world.store.products.get(product)) throw missingReference('product', product, 'product');
    return { product, newProduct: null };
  }
  if (data === undefined) {
    throw invalid('You must specify either `product` or `product_data` when creating a price.', {
      code: 'parameter_missing',
      param: 'product',
    });
  }
  if (data.id !== undefined && world.store.products.get(data.id)) {
    throw invalid('Product already exists.', { code: 'resource_already_exists', param: 'product_data[id]' });
  }
  const newProduct = buildProduct(world, productInput(data, data.active));
  return { product: newProduct.id, newProduct };
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const price = world.store.prices.get(id);
  if (!price) throw missingObject('price', id);
  return price;
}

const updateParams = z.strictObject({
  active: bool().optional(),
  currency_options: currencyOptionsParams.optional(),
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
  const options = currencyOptions(params.currency_options);
  if (!params.transfer_lookup_key) refuseTakenKey(world, params.lookup_key ?? null, id);
  if (params.active === false) refuseArchivedDefault(world, before);
  const next = {
    ...before,
    ...(params.active !== undefined && { active: params.active }),
    ...(params.lookup_key !== undefined && { lookup_key: params.lookup_key }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.nickname !== undefined && { nickname: params.nickname }),
    ...(params.tax_behavior !== undefined && { tax_behavior: params.tax_behavior }),
  };
  return updatePrice(world, cause, next, { ...world.store.priceCurrencies.get(id)?.options, ...options });
}

function refuseArchivedDefault(world: ApiRequest['world'], price: Stripe.Price): void {
  const product = world.store.products.get(idIn(price.product) ?? '');
  if (idIn(product?.default_price) !== price.id) return;
  throw invalid(
    'This price cannot be archived because it is the default price of its product. Set a new default price or remove it first.',
    { param: 'active' },
  );
}

const recurringFilter = z.strictObject({
  interval: oneOf(['day', 'month', 'week', 'year']).optional(),
  meter: text().optional(),
  usage_type: oneOf(['licensed', 'metered']).optional(),
});

function isRecurringAs(price: Stripe.Price, wanted: z.output<typeof recurringFilter> | undefined): boolean {
  if (wanted === undefined) return true;
  const { recurring } = price;
  return (
    recurring !== null &&
    (wanted.interval === undefined || recurring.interval === wanted.interval) &&
    (wanted.meter === undefined || recurring.meter === wanted.meter) &&
    (wanted.usage_type === undefined || recurring.usage_type === wanted.usage_type)
  );
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
      recurring: recurringFilter.optional(),
      type: oneOf(['one_time', 'recurring']).optional(),
    },
    select: (filters) => ({
      index: filters.product === undefined ? undefined : { name: 'product', key: filters.product },
      where: (price) =>
        (filters.active === undefined || price.active === filters.active) &&
        (filters.currency === undefined || price.currency === filters.currency.toLowerCase()) &&
        (filters.lookup_keys === undefined || filters.lookup_keys.includes(price.lookup_key ?? '')) &&
        (filters.type === undefined || price.type === filters.type) &&
        isRecurringAs(price, filters.recurring),
    }),
  });
}

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.prices, {
    resource: 'prices',
    fields: {
      active: ({ active }) => String(active),
      currency: (price) => price.currency,
      lookup_key: (price) => price.lookup_key,
      product: (price) => idIn(price.product),
      type: (price) => price.type,
    },
  });
}

export const priceRoutes: Routes = {
  'GET /v1/prices': { resource: 'price', isList: true, run: listAll },
  'POST /v1/prices': { resource: 'price', run: create },
  'GET /v1/prices/search': { resource: 'price', isList: true, run: search },
  'GET /v1/prices/:id': { resource: 'price', run: retrieve },
  'POST /v1/prices/:id': { resource: 'price', run: update },
};
