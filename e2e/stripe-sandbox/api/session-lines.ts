import type Stripe from 'stripe';
import { buildPrice, buildProduct } from '../engine/catalog';
import type { SessionLine } from '../engine/create-session';
import { priceIn } from '../engine/price-session';
import { idIn, type World } from '../engine/world';
import { recurringOf, unitAmountOf } from './catalog-params';
import { invalid, missingReference, missingParam } from './refusal';
import { productInput } from './resources/prices';
import type { LineItemParams } from './session-params';

const LARGEST_LINE_COUNT = 100;
const LARGEST_QUANTITY = 999_999;
const ADJUSTABLE_MAXIMUM = 99;

/** What one line item of the request means, with what must be stored for it once the whole request is right. */
export interface ResolvedLine extends SessionLine {
  newProduct: Stripe.Product | null;
  isInline: boolean;
}

export interface ResolvedLines {
  lines: ResolvedLine[];
  currency: string;
}

/** The lines in one currency: the wanted one, or that of the first price. */
export function resolveLines(
  world: World,
  items: LineItemParams[],
  wantedCurrency: string | undefined,
): ResolvedLines {
  if (items.length === 0) {
    throw missingParam('line_items');
  }
  if (items.length > LARGEST_LINE_COUNT) {
    throw invalid(`A Checkout Session takes up to ${LARGEST_LINE_COUNT} line items.`, {
      param: 'line_items',
    });
  }
  const lines = items.map((item, place) => resolveLine(world, item, `line_items[${place}]`));
  const currency = wantedCurrency ?? lines[0]?.price.currency ?? 'usd';
  for (const [place, { price }] of lines.entries()) {
    if (priceIn(world, price, currency)) continue;
    const message =
      wantedCurrency === undefined
        ? 'All line items of a Checkout Session must have the same currency.'
        : `The price \`${price.id}\` is not available in \`${currency}\`. Add it to the price's \`currency_options\`.`;
    throw invalid(message, { param: `line_items[${place}]` });
  }
  return { lines, currency };
}

/** Keeps the prices and products that a request gave inline. */
export function storeInline(world: World, lines: readonly ResolvedLine[]): void {
  for (const line of lines) {
    if (line.newProduct) world.store.products.put(line.newProduct);
    if (line.isInline) world.store.prices.put(line.price);
  }
}

/** `keptPrice` is one that the line has already: it may be inactive by now. */
export function resolveLine(
  world: World,
  item: LineItemParams,
  at: string,
  keptPrice: string | null = null,
): ResolvedLine {
  const line = {
    quantity: quantityOf(item, at),
    metadata: item.metadata ?? null,
    adjustable: adjustableOf(item, at),
  };
  if (item.price_data !== undefined) return { ...line, ...inlineLine(world, item.price_data, at) };
  if (item.price === undefined) {
    throw missingParam(`${at}[price]`);
  }
  const price = world.store.prices.get(item.price);
  if (!price) throw missingReference('price', item.price, `${at}[price]`);
  if (!price.active && price.id !== keptPrice) {
    const message = `The price specified is inactive. This field only accepts active prices.`;
    throw invalid(message, { code: 'price_inactive', param: `${at}[price]` });
  }
  const name = world.store.products.get(idIn(price.product) ?? '')?.name ?? price.id;
  return { ...line, price, name, newProduct: null, isInline: false };
}

function quantityOf({ quantity }: LineItemParams, at: string): number {
  if (quantity === undefined) {
    throw invalid(`Quantity is required. Add \`quantity\` to \`${at}\``, {
      code: 'parameter_missing',
      param: `${at}[quantity]`,
    });
  }
  checkQuantity(quantity, `${at}[quantity]`);
  return quantity;
}

function checkQuantity(quantity: number, param: string): void {
  if (quantity < 1) {
    const message = 'This value must be greater than or equal to 1.';
    throw invalid(message, { code: 'parameter_invalid_integer', param });
  }
  if (quantity > LARGEST_QUANTITY) {
    const message = `This value must be less than or equal to ${LARGEST_QUANTITY}.`;
    throw invalid(message, { code: 'parameter_invalid_integer', param });
  }
}

function adjustableOf(
  { adjustable_quantity: given, quantity = 1 }: LineItemParams,
  at: string,
): Stripe.LineItem.AdjustableQuantity | null {
  if (!given?.enabled) return null;
  const minimum = given.minimum ?? 0;
  const maximum = given.maximum ?? Math.max(ADJUSTABLE_MAXIMUM, quantity);
  if (minimum < 0 || maximum > LARGEST_QUANTITY || quantity < minimum || quantity > maximum) {
    const message = `The quantity must be between the minimum (${minimum}) and the maximum (${maximum}) of \`adjustable_quantity\`.`;
    throw invalid(message, { param: `${at}[adjustable_quantity]` });
  }
  return { enabled: true, maximum, minimum };
}

type InlineLine = Pick<ResolvedLine, 'price' | 'name' | 'newProduct' | 'isInline'>;

function inlineLine(world: World, data: NonNullable<LineItemParams['price_data']>, at: string): InlineLine {
  const unitAmount = unitAmountOf(data, `${at}[price_data]`);
  if (unitAmount === undefined) {
    const param = `${at}[price_data][unit_amount]`;
    throw missingParam(param);
  }
  const known = data.product === undefined ? undefined : world.store.products.get(data.product);
  if (data.product !== undefined && !known) {
    throw missingReference('product', data.product, `${at}[price_data][product]`);
  }
  if (!known && data.product_data === undefined) {
    const param = `${at}[price_data][product_data]`;
    throw missingParam(param);
  }
  const newProduct = data.product_data ? buildProduct(world, productInput(data.product_data, false)) : null;
  const product = known ?? newProduct;
  if (!product) throw new Error('An inline price has a product.');
  const price = buildPrice(world, {
    product: product.id,
    currency: data.currency,
    unitAmount,
    active: false,
    lookupKey: null,
    metadata: {},
    nickname: null,
    recurring: recurringOf(data.recurring, `${at}[price_data][recurring]`),
    taxBehavior: data.tax_behavior ?? null,
  });
  return { price, name: product.name, newProduct, isInline: true };
}
