import * as z from 'zod';
import { createPrice, createProduct } from '../../engine/catalog';
import { changedKeys } from '../../engine/customers';
import { happening } from '../../engine/happening';
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
  parseParams,
  text,
} from '../params';
import { invalid, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { currency } from './prices';

const features = list(z.strictObject({ name: text() }));

const createParams = z.strictObject({
  id: text().optional(),
  name: text(),
  active: bool().default(true),
  default_price_data: z
    .strictObject({
      currency,
      unit_amount: integer(),
      metadata: metadata().optional(),
      tax_behavior: ignored,
    })
    .optional(),
  description: nullableText(),
  images: list(text()).default([]),
  marketing_features: features.default([]),
  metadata: metadata().default({}),
  package_dimensions: ignored,
  shippable: bool().nullable().default(null),
  statement_descriptor: nullableText(22),
  tax_code: nullableText(),
  tax_details: ignored,
  type: ignored,
  unit_label: nullableText(),
  url: nullableText(),
});

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createParams, form);
  if (params.id !== undefined && world.store.products.get(params.id)) {
    throw invalid('Product already exists.', { code: 'resource_already_exists', param: 'id' });
  }
  const product = createProduct(world, cause, {
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
  if (!data) return product;
  const price = {
    product: product.id,
    currency: data.currency,
    unitAmount: data.unit_amount,
    active: true,
    lookupKey: null,
    metadata: data.metadata ?? {},
    nickname: null,
    taxBehavior: null,
  };
  return world.store.products.put({ ...product, default_price: createPrice(world, cause, price, false).id });
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const product = world.store.products.get(id);
  if (!product) throw missingObject('product', id);
  return product;
}

const updateParams = z.strictObject({
  active: bool().optional(),
  default_price: text().optional(),
  description: nullableText(),
  images: list(text()).optional(),
  marketing_features: features.optional(),
  metadata: metadataPatch().optional(),
  name: text().optional(),
  package_dimensions: ignored,
  shippable: bool().optional(),
  statement_descriptor: text(22).optional(),
  tax_code: clearable(text()).optional(),
  unit_label: clearable(text()).optional(),
  url: clearable(text()).optional(),
});

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateParams, form);
  const before = world.store.products.get(id);
  if (!before) throw missingObject('product', id);
  if (params.default_price !== undefined && !world.store.prices.get(params.default_price)) {
    throw missingReference('price', params.default_price, 'default_price');
  }
  const product = world.store.products.put({
    ...before,
    ...(params.active !== undefined && { active: params.active }),
    ...(params.default_price !== undefined && { default_price: params.default_price }),
    ...('description' in form && { description: params.description }),
    ...(params.images !== undefined && { images: params.images }),
    ...(params.marketing_features !== undefined && { marketing_features: params.marketing_features }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.name !== undefined && { name: params.name }),
    ...(params.shippable !== undefined && { shippable: params.shippable }),
    ...(params.statement_descriptor !== undefined && { statement_descriptor: params.statement_descriptor }),
    ...(params.tax_code !== undefined && params.tax_code !== null && { tax_code: params.tax_code }),
    ...(params.unit_label !== undefined && { unit_label: params.unit_label }),
    ...(params.url !== undefined && { url: params.url }),
    updated: world.now(),
  });
  world.publish(cause, [happening('product.updated', product, changedKeys(before, product))]);
  return product;
}

function remove({ world, path: [id = ''], cause }: ApiRequest): object {
  const product = world.store.products.get(id);
  if (!product) throw missingObject('product', id);
  if (world.store.prices.where('product', id).length > 0) {
    throw invalid('This product cannot be deleted because it has one or more user-created prices.');
  }
  world.store.products.delete(id);
  world.publish(cause, [happening('product.deleted', product)]);
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
      type: ignored,
      url: text().optional(),
    },
    select: ({ active, ids, shippable, url }) => ({
      where: (product) =>
        (active === undefined || product.active === active) &&
        (ids === undefined || ids.includes(product.id)) &&
        (shippable === undefined || product.shippable === shippable) &&
        (url === undefined || product.url === url),
    }),
  });
}

export const productRoutes: Routes = {
  'GET /v1/products': { resource: 'product', isList: true, run: listAll },
  'POST /v1/products': { resource: 'product', run: create },
  'GET /v1/products/:id': { resource: 'product', run: retrieve },
  'POST /v1/products/:id': { resource: 'product', run: update },
  'DELETE /v1/products/:id': { resource: 'product', run: remove },
};
