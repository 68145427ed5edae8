import { isJsonObject, type Json, type JsonObject } from '../json';
import { drops, fieldOf, idIn, listIn, without, type VersionChange } from './change';
import type { Past } from './past';

/** From basil back to acacia and 2024-06-20, newest first. */
export const BASIL_CHANGES: readonly VersionChange[] = [
  { since: '2025-05-28', undo: { subscription: drops('billing_mode') } },
  {
    since: '2025-03-31',
    undo: {
      charge: (charge, past) => ({
        ...without(charge, 'presentment_details'),
        invoice: invoiceOf(charge['payment_intent'], past),
      }),
      'checkout.session': (session) => ({
        ...without(session, 'presentment_details'),
        shipping_details: fieldOf(session['collected_information'], 'shipping_details'),
      }),
      invoice: oldInvoice,
      invoiceitem: oldInvoiceItem,
      line_item: oldInvoiceLine,
      payment_intent: (intent, past) => ({
        ...without(intent, 'presentment_details'),
        cancellation_reason:
          intent['cancellation_reason'] === 'expired' ? 'automatic' : (intent['cancellation_reason'] ?? null),
        invoice: invoiceOf(intent['id'], past),
      }),
      refund: drops('presentment_details'),
      subscription: oldSubscription,
      subscription_item: drops('current_period_end', 'current_period_start'),
    },
  },
];

function invoiceOf(intent: Json | undefined, past: Past): Json {
  const id = idIn(intent);
  return id === null ? null : past.invoiceOfIntent(id);
}

/** The first discount, whole. */
function discountOf(object: JsonObject, past: Past): Json {
  const [first] = listIn(object['discounts']);
  return typeof first === 'string' ? past.discount(first) : (first ?? null);
}

function oldInvoice(invoice: JsonObject, past: Past): JsonObject {
  const details = fieldOf(invoice['parent'], 'subscription_details');
  const id = idIn(invoice['id']);
  const intent = id === null ? null : past.intentOfInvoice(id);
  const taxes = listIn(invoice['total_taxes']);
  return {
    ...without(invoice, 'amount_overpaid', 'confirmation_secret', 'parent', 'payments', 'total_taxes'),
    application_fee_amount: null,
    charge: intent === null ? null : past.chargeOfIntent(intent),
    discount: discountOf(invoice, past),
    paid: invoice['status'] === 'paid',
    // A paid invoice that nobody paid through Stripe was either free or paid elsewhere.
    paid_out_of_band: invoice['status'] === 'paid' && intent === null && invoice['total'] !== 0,
    payment_intent: intent,
    quote: null,
    subscription: fieldOf(details, 'subscription'),
    subscription_details: { metadata: fieldOf(details, 'metadata') },
    tax: taxes.length === 0 ? null : taxes.reduce<number>((sum, tax) => sum + amountIn(tax), 0),
    total_tax_amounts: taxes.map(oldTax),
    transfer_data: null,
  };
}

function amountIn(value: Json): number {
  const amount = fieldOf(value, 'amount');
  return typeof amount === 'number' ? amount : 0;
}

function oldTax(tax: Json): Json {
  return {
    amount: amountIn(tax),
    inclusive: fieldOf(tax, 'tax_behavior') === 'inclusive',
    tax_rate: fieldOf(tax, 'tax_rate_details', 'tax_rate'),
    taxability_reason: fieldOf(tax, 'taxability_reason'),
    taxable_amount: fieldOf(tax, 'taxable_amount'),
  };
}

/** Prices stood in lines whole. */
function priceOf(object: JsonObject, past: Past): Json {
  const price = fieldOf(object['pricing'], 'price_details', 'price');
  return typeof price === 'string' ? past.price(price) : price;
}

/** Recurring prices were shown a second time, as the plans they once were. */
function planOf(price: Json): Json {
  if (!isJsonObject(price) || !isJsonObject(price['recurring'])) return null;
  const { recurring } = price;
  return {
    id: price['id'] ?? null,
    object: 'plan',
    active: price['active'] ?? null,
    amount: price['unit_amount'] ?? null,
    amount_decimal: price['unit_amount_decimal'] ?? null,
    billing_scheme: price['billing_scheme'] ?? null,
    created: price['created'] ?? null,
    currency: price['currency'] ?? null,
    interval: recurring['interval'] ?? null,
    interval_count: recurring['interval_count'] ?? null,
    livemode: price['livemode'] ?? null,
    metadata: price['metadata'] ?? null,
    meter: recurring['meter'] ?? null,
    nickname: price['nickname'] ?? null,
    product: price['product'] ?? null,
    tiers_mode: price['tiers_mode'] ?? null,
    transform_usage: null,
    trial_period_days: recurring['trial_period_days'] ?? null,
    usage_type: recurring['usage_type'] ?? null,
  };
}

function oldInvoiceLine(line: JsonObject, past: Past): JsonObject {
  const item = fieldOf(line['parent'], 'invoice_item_details');
  const subscribed = fieldOf(line['parent'], 'subscription_item_details');
  const details = isJsonObject(subscribed) ? subscribed : item;
  const price = priceOf(line, past);
  const invoiceItem = fieldOf(details, 'invoice_item');
  const subscriptionItem = fieldOf(subscribed, 'subscription_item');
  return {
    ...without(line, 'parent', 'pricing', 'quantity_decimal', 'taxes'),
    plan: planOf(price),
    price,
    proration: fieldOf(details, 'proration') === true,
    proration_details: fieldOf(details, 'proration_details') ?? { credited_items: null },
    tax_amounts: listIn(line['taxes']).map(oldTax),
    tax_rates: [],
    type: isJsonObject(subscribed) ? 'subscription' : 'invoiceitem',
    ...(invoiceItem !== null && { invoice_item: invoiceItem }),
    ...(subscriptionItem !== null && { subscription_item: subscriptionItem }),
  };
}

function oldInvoiceItem(item: JsonObject, past: Past): JsonObject {
  const price = priceOf(item, past);
  const details = fieldOf(item['parent'], 'subscription_details');
  const decimal = fieldOf(item['pricing'], 'unit_amount_decimal');
  const unitAmount = decimal === null ? null : Number(decimal);
  const subscriptionItem = fieldOf(details, 'subscription_item');
  return {
    ...without(item, 'net_amount', 'parent', 'pricing', 'proration_details', 'quantity_decimal'),
    plan: planOf(price),
    price,
    subscription: fieldOf(details, 'subscription'),
    unit_amount: Number.isInteger(unitAmount) ? unitAmount : null,
    unit_amount_decimal: decimal,
    ...(subscriptionItem !== null && { subscription_item: subscriptionItem }),
  };
}

/** The period stood on the subscription: the one its first item has. */
function oldSubscription(subscription: JsonObject, past: Past): JsonObject {
  const [item] = listIn(fieldOf(subscription['items'], 'data'));
  return {
    ...without(subscription, 'presentment_details'),
    current_period_end: fieldOf(item, 'current_period_end'),
    current_period_start: fieldOf(item, 'current_period_start'),
    discount: discountOf(subscription, past),
  };
}
