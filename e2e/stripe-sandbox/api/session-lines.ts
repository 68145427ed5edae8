import type Stripe from 'stripe';
import { buildPrice, buildProduct } from '../engine/catalog';
import type { SessionLine } from '../engine/create-session';
import { idIn, type World } from '../engine/world';
import { invalid, missingReference, notPlayed } from './refusal';
import { productInput } from './resources/prices';
import type { LineItemParams } from './session-params';

const LARGEST_LINE_COUNT = 100;

/** What one line item of the request means, with what must be stored for it once the whole request is right. */
export interface ResolvedLine extends SessionLine {
  newProduct: Stripe.Product | null;
  isInline: boolean;
}

export function resolveLines(world: World, items: LineItemParams[]): ResolvedLine[] {
  if (items.length === 0) {
    throw invalid('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  }
  if (items.length > LARGEST_LINE_COUNT) {
    throw invalid(`A Checkout Session takes up to ${LARGEST_LINE_COUNT} line items.`, {
      param: 'line_items',
    });
  }
  const lines = items.map((item, place) => resolveLine(world, item, `line_items[${place}]`));
  const [first] = lines;
  if (lines.some((line) => line.price.currency !== first?.price.currency)) {
    throw invalid('All line items of a Checkout Session must have the same currency.', {
      param: 'line_items',
    });
  }
  return lines;
}

function resolveLine(world: World, item: LineItemParams, at: string): ResolvedLine {
  const quantity = item.quantity;
  if (quantity === undefined) {
    throw invalid(`Quantity is required. Add \`quantity\` to \`${at}\``, {
      code: 'parameter_missing',
      param: `${at}[quantity]`,
    });
  }
  if (quantity < 1) {
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: `${at}[quantity]`,
    });
  }
  if (item.adjustable_quantity?.enabled)
    throw notPlayed('adjustable quantities', `${at}[adjustable_quantity]`);
  const metadata = item.metadata ?? null;
  if (item.price_data !== undefined) return inlineLine(world, item.price_data, { quantity, metadata, at });
  if (item.price === undefined) {
    throw invalid(`Missing required param: ${at}[price].`, {
      code: 'parameter_missing',
      param: `${at}[price]`,
    });
  }
  const price = world.store.prices.get(item.price);
  if (!price) throw missingReference('price', item.price, `${at}[price]`);
  if (!price.active) {
    const message = `The price specified is inactive. This field only accepts active prices.`;
    throw invalid(message, { code: 'price_inactive', param: `${at}[price]` });
  }
  const name = world.store.products.get(idIn(price.product) ?? '')?.name ?? price.id;
  return { price, quantity, name, metadata, newProduct: null, isInline: false };
}

interface InlineDetail {
  quantity: number;
  metadata: Stripe.Metadata | null;
  at: string;
}

function inlineLine(
  world: World,
  data: NonNullable<LineItemParams['price_data']>,
  { quantity, metadata, at }: InlineDetail,
): ResolvedLine {
  if (data.recurring !== undefined) throw notPlayed('recurring prices', `${at}[price_data][recurring]`);
  if (data.unit_amount < 0) {
    throw invalid('Invalid non-negative integer', {
      code: 'parameter_invalid_integer',
      param: `${at}[price_data][unit_amount]`,
    });
  }
  const known = data.product === undefined ? undefined : world.store.products.get(data.product);
  if (data.product !== undefined && !known) {
    throw missingReference('product', data.product, `${at}[price_data][product]`);
  }
  if (!known && data.product_data === undefined) {
    const param = `${at}[price_data][product_data]`;
    throw invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  const newProduct = data.product_data ? buildProduct(world, productInput(data.product_data, false)) : null;
  const product = known ?? newProduct;
  if (!product) throw new Error('An inline price has a product.');
  const price = buildPrice(world, {
    product: product.id,
    currency: data.currency,
    unitAmount: data.unit_amount,
    active: false,
    lookupKey: null,
    metadata: {},
    nickname: null,
    recurring: null,
    taxBehavior: data.tax_behavior ?? null,
  });
  return { price, quantity, name: product.name, metadata, newProduct, isInline: true };
}
