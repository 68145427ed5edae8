import Stripe from 'stripe';
import { planOf } from './billing/plan-of';
import { changedKeys } from './customers';
import { happening, type Happening } from './happening';
import type { CurrencyOption } from '../store/records';
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
  recurring: Stripe.Price.Recurring | null;
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
    recurring: input.recurring,
    tax_behavior: input.taxBehavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: input.recurring ? 'recurring' : 'one_time',
    unit_amount: input.unitAmount,
    unit_amount_decimal: Stripe.Decimal.from(input.unitAmount),
  };
}

export interface NewPrice {
  price: Stripe.Price;
  /** By currency. */
  options: Record<string, CurrencyOption>;
}

/** A new product; `priced` makes its default price. */
export function createProduct(
  world: World,
  cause: Cause,
  product: Stripe.Product,
  priced: NewPrice | null,
): Stripe.Product {
  const happenings = [happening('product.created', world.store.products.put(product))];
  if (!priced) {
    world.publish(cause, happenings);
    return product;
  }
  happenings.push(...storePrice(world, priced));
  const complete = world.store.products.put({ ...product, default_price: priced.price.id });
  happenings.push(happening('product.updated', complete, { default_price: null }));
  world.publish(cause, happenings);
  return complete;
}

/** A lookup key belongs to one price: the new price takes it from its holder. `newProduct` is made with it. */
export function createPrice(
  world: World,
  cause: Cause,
  priced: NewPrice,
  newProduct: Stripe.Product | null,
): Stripe.Price {
  const happenings = releaseLookupKey(world, priced.price.lookup_key, priced.price.id);
  if (newProduct) happenings.push(happening('product.created', world.store.products.put(newProduct)));
  happenings.push(...storePrice(world, priced));
  world.publish(cause, happenings);
  return priced.price;
}

/** Puts `next` in the place of the price; its lookup key is taken from another holder. */
export function updatePrice(
  world: World,
  cause: Cause,
  next: Stripe.Price,
  options: Record<string, CurrencyOption>,
): Stripe.Price {
  const before = world.store.prices.must(next.id);
  const happenings = releaseLookupKey(world, next.lookup_key, next.id);
  const price = world.store.prices.put(next);
  if (Object.keys(options).length > 0) world.store.priceCurrencies.put({ id: price.id, options });
  happenings.push(...changeOf(before, price));
  world.publish(cause, happenings);
  return price;
}

export function updateProduct(world: World, cause: Cause, next: Stripe.Product): Stripe.Product {
  const before = world.store.products.must(next.id);
  const product = world.store.products.put({ ...next, updated: world.now() });
  world.publish(cause, [happening('product.updated', product, changedKeys(before, product))]);
  return product;
}

export function deleteProduct(world: World, cause: Cause, product: Stripe.Product): void {
  world.store.products.delete(product.id);
  world.publish(cause, [happening('product.deleted', product)]);
}

/** Deletes a recurring price, as only the Plans API can. */
export function deletePlan(world: World, cause: Cause, price: Stripe.Price): void {
  world.store.prices.delete(price.id);
  world.store.priceCurrencies.delete(price.id);
  world.publish(cause, [happening('plan.deleted', planOf(price)), happening('price.deleted', price)]);
}

/** What `currency_options` shows when it is asked for: the price's own currency and the others. */
export function currencyOptionsOf(
  world: World,
  priceId: string,
): Record<string, Stripe.Price.CurrencyOptions> {
  const price = world.store.prices.must(priceId);
  const others = Object.entries(world.store.priceCurrencies.get(priceId)?.options ?? {});
  return {
    [price.currency]: optionOf(price.unit_amount ?? 0, price.tax_behavior),
    ...Object.fromEntries(
      others.map(([currency, { unitAmount, taxBehavior }]) => [currency, optionOf(unitAmount, taxBehavior)]),
    ),
  };
}

function optionOf(
  unitAmount: number,
  taxBehavior: Stripe.Price.TaxBehavior | null,
): Stripe.Price.CurrencyOptions {
  return {
    custom_unit_amount: null,
    tax_behavior: taxBehavior,
    unit_amount: unitAmount,
    unit_amount_decimal: Stripe.Decimal.from(unitAmount),
  };
}

function storePrice(world: World, { price, options }: NewPrice): Happening[] {
  world.store.prices.put(price);
  if (Object.keys(options).length > 0) world.store.priceCurrencies.put({ id: price.id, options });
  const plans = price.recurring ? [happening('plan.created', planOf(price))] : [];
  return [...plans, happening('price.created', price)];
}

function releaseLookupKey(world: World, key: string | null, taker: string): Happening[] {
  const holder = key === null ? undefined : world.store.prices.first('lookup_key', key);
  if (!holder || holder.id === taker) return [];
  return changeOf(holder, world.store.prices.put({ ...holder, lookup_key: null }));
}

function changeOf(before: Stripe.Price, after: Stripe.Price): Happening[] {
  return [...planChange(before, after), happening('price.updated', after, changedKeys(before, after))];
}

/** A lookup key is not part of a plan, so a plan may stay as it is. */
function planChange(before: Stripe.Price, after: Stripe.Price): Happening[] {
  if (!after.recurring) return [];
  const plan = planOf(after);
  const previous = changedKeys(planOf(before), plan);
  return Object.keys(previous).length > 0 ? [happening('plan.updated', plan, previous)] : [];
}
