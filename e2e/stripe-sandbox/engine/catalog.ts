import Stripe from 'stripe';
import { happening } from './happening';
import type { Cause, World } from './world';

export interface ProductInput {
  id: string | null;
  name: string;
  active: boolean;
  description: string | null;
  images: string[];
  metadata: Stripe.Metadata;
  marketingFeatures: Stripe.Product.MarketingFeature[];
  shippable: boolean | null;
  statementDescriptor: string | null;
  taxCode: string | null;
  unitLabel: string | null;
  url: string | null;
}

export function buildProduct(world: World, input: ProductInput): Stripe.Product {
  const now = world.now();
  return {
    id: input.id ?? world.ids.short('prod'),
    object: 'product',
    active: input.active,
    created: now,
    default_price: null,
    description: input.description,
    images: input.images,
    livemode: world.livemode,
    marketing_features: input.marketingFeatures,
    metadata: input.metadata,
    name: input.name,
    package_dimensions: null,
    shippable: input.shippable,
    statement_descriptor: input.statementDescriptor,
    tax_code: input.taxCode,
    tax_details: null,
    type: 'service',
    unit_label: input.unitLabel,
    updated: now,
    url: input.url,
  };
}

export interface PriceInput {
  product: string;
  currency: string;
  unitAmount: number;
  active: boolean;
  lookupKey: string | null;
  metadata: Stripe.Metadata;
  nickname: string | null;
  taxBehavior: Stripe.Price.TaxBehavior | null;
}

export function buildPrice(world: World, input: PriceInput): Stripe.Price {
  return {
    id: world.ids.long('price'),
    object: 'price',
    active: input.active,
    billing_scheme: 'per_unit',
    created: world.now(),
    currency: input.currency,
    custom_unit_amount: null,
    livemode: world.livemode,
    lookup_key: input.lookupKey,
    metadata: input.metadata,
    nickname: input.nickname,
    product: input.product,
    recurring: null,
    tax_behavior: input.taxBehavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: input.unitAmount,
    unit_amount_decimal: Stripe.Decimal.from(input.unitAmount),
  };
}

export function createProduct(world: World, cause: Cause, input: ProductInput): Stripe.Product {
  const product = world.store.products.put(buildProduct(world, input));
  world.publish(cause, [happening('product.created', product)]);
  return product;
}

/** A lookup key belongs to one price; `takesLookupKey` moves it from its holder. */
export function createPrice(
  world: World,
  cause: Cause,
  input: PriceInput,
  takesLookupKey: boolean,
): Stripe.Price {
  const holder =
    input.lookupKey === null ? undefined : world.store.prices.first('lookup_key', input.lookupKey);
  const happenings = [];
  if (holder && takesLookupKey) {
    const released = world.store.prices.put({ ...holder, lookup_key: null });
    happenings.push(happening('price.updated', released, { lookup_key: holder.lookup_key }));
  }
  const price = world.store.prices.put(buildPrice(world, input));
  world.publish(cause, [...happenings, happening('price.created', price)]);
  return price;
}
