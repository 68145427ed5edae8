import type Stripe from 'stripe';
import * as z from 'zod';
import {
  buildPrice,
  buildProduct,
  createProduct,
  deleteProduct,
  updateProduct,
  type NewPrice,
} from '../../engine/catalog';
import { idIn, type World } from '../../engine/world';
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
import { currency } from './prices';

const features = list(z.strictObject({ name: text() }));

const defaultPriceParams = z.strictObject({
  currency,
  currency_options: currencyOptionsParams.optional(),
  custom_unit_amount: unplayed('prices with custom_unit_amount'),
  metadata: metadata().default({}),
  nickname: nullableText(),
  recurring: recurringParams.optional(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: integer().optional(),
  unit_amount_decimal: text().optional(),
});

const createParams = z.strictObject({
  id: text().optional(),
  name: text(),
  active: bool().default(true),
  default_price_data: defaultPriceParams.optional(),
  description: nullableText(),
  images: list(text()).default([]),
  marketing_features: features.default([]),
  metadata: metadata().default({}),
  package_dimensions: unplayed('products with package_dimensions'),
  shippable: bool().nullable().default(null),
  statement_descriptor: nullableText(22),
  tax_code: nullableText(),
  tax_details: unplayed('products with tax_details'),
  type: oneOf(['good', 'service']).default('service'),
  unit_label: nullableText(),
  url: nullableText(),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  if (params.type === 'good') throw notPlayed('products of type good', 'type');
  if (params.id !== undefined && world.store.products.get(params.id)) {
    throw invalid('Product already exists.', { code: 'resource_already_exists', param: 'id' });
  }
  const product = buildProduct(world, {
    id: params.id ?? null,
    name: params.name,
    active: params.active,
    description: params.description,
    images: params.images,
    metadata: params.metadata,
    marketingFeatures: params.marketing_features,
    shippable: params.shippable,
    statementDescriptor: params.statement_descriptor,
    taxCode: params.tax_code,
    unitLabel: params.unit_label,
    url: params.url,
  });
  const data = params.default_price_data;
  return createProduct(world, cause, product, data ? defaultPrice(world, product.id, data) : null);
}

function defaultPrice(world: World, product: string, data: z.output<typeof defaultPriceParams>): NewPrice {
  const at = 'default_price_data';
  const unitAmount = unitAmountOf(data, at);
  if (unitAmount === undefined) {
    const param = `${at}[unit_amount]`;
    throw missingParam(param);
  }
  const price = buildPrice(world, {
    product,
    currency: data.currency,
    unitAmount,
    active: true,
    lookupKey: null,
    metadata: data.metadata,
    nickname: data.nickname,
    recurring: recurringOf(data.recurring, `${at}[recurring]`),
    taxBehavior: data.tax_behavior ?? null,
  });
  return { price, options: currencyOptions(data.currency_options) };
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return found(world, id);
}

function found(world: World, id: string): Stripe.Product {
  const product = world.store.products.get(id);
  if (!product) throw missingObject('product', id);
  return product;
}

const updateParams = z.strictObject({
  active: bool().optional(),
  default_price: clearable(text()).optional(),
  description: clearable(text()).optional(),
  images: list(text()).optional(),
  marketing_features: features.optional(),
  metadata: metadataPatch().optional(),
  name: text().optional(),
  package_dimensions: unplayed('products with package_dimensions'),
  shippable: bool().optional(),
  statement_descriptor: clearable(text(22)).optional(),
  tax_code: clearable(text()).optional(),
  tax_details: unplayed('products with tax_details'),
  unit_label: clearable(text()).optional(),
  url: clearable(text()).optional(),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = found(world, id);
  if (typeof params.default_price === 'string') checkDefault(world, id, params.default_price);
  return updateProduct(world, cause, {
    ...before,
    ...(params.active !== undefined && { active: params.active }),
    ...(params.default_price !== undefined && { default_price: params.default_price }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.images !== undefined && { images: params.images }),
    ...(params.marketing_features !== undefined && { marketing_features: params.marketing_features }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.name !== undefined && { name: params.name }),
    ...(params.shippable !== undefined && { shippable: params.shippable }),
    ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
    ...(params.tax_code !== undefined && { tax_code: params.tax_code }),
    ...(params.unit_label !== undefined && { unit_label: params.unit_label }),
    ...(params.url !== undefined && { url: params.url }),
  });
}

function checkDefault(world: World, id: string, priceId: string): void {
  const price = world.store.prices.get(priceId);
  if (!price) throw missingReference('price', priceId, 'default_price');
  if (idIn(price.product) !== id) {
    const message = `The price \`${priceId}\` does not belong to the product \`${id}\`.`;
    throw invalid(message, { param: 'default_price' });
  }
  if (!price.active) {
    throw invalid('The default price of a product must be active.', { param: 'default_price' });
  }
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const product = found(world, id);
  if (world.store.prices.where('product', id).length > 0) {
    throw invalid('This product cannot be deleted because it has one or more user-created prices.');
  }
  deleteProduct(world, cause, product);
  return { id, object: 'product', deleted: true };
}

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.products, {
    noun: 'product',
    url: '/v1/products',
    filters: {
      active: bool().optional(),
      ids: list(text()).optional(),
      shippable: bool().optional(),
      type: oneOf(['good', 'service']).optional(),
      url: text().optional(),
    },
    select: ({ active, ids, shippable, type, url }) => ({
      where: (product) =>
        (active === undefined || product.active === active) &&
        (ids === undefined || ids.includes(product.id)) &&
        (shippable === undefined || product.shippable === shippable) &&
        (type === undefined || product.type === type) &&
        (url === undefined || product.url === url),
    }),
  });
}

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.products, {
    resource: 'products',
    fields: {
      active: ({ active }) => String(active),
      description: (product) => product.description,
      name: (product) => product.name,
      shippable: ({ shippable }) => (shippable === null ? null : String(shippable)),
      url: (product) => product.url,
    },
  });
}

export const productRoutes: Routes = {
  'GET /v1/products': { resource: 'product', isList: true, run: listAll },
  'POST /v1/products': { resource: 'product', run: create },
  'GET /v1/products/search': { resource: 'product', isList: true, run: search },
  'GET /v1/products/:id': { resource: 'product', run: retrieve },
  'POST /v1/products/:id': { resource: 'product', run: update },
  'DELETE /v1/products/:id': { resource: 'product', run: remove },
};
