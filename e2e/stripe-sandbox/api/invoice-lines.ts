import type Stripe from 'stripe';
import { updateInvoice } from '../engine/billing/invoice-acts';
import { describeItem, type LineInput } from '../engine/billing/invoice-lines';
import { buildInvoiceItem, lineOfItem, takeItems } from '../engine/billing/pending-items';
import { previewInvoice } from '../engine/billing/preview-invoice';
import { prorate } from '../engine/billing/prorations';
import { clockNow } from '../engine/clocks/clock-time';
import { idIn, type World } from '../engine/world';
import {
  customerOf,
  discountsOf,
  foundInvoice,
  foundSubscription,
  namedCustomer,
  priceOf,
  quantityOf,
} from './billing-checks';
import {
  addLinesParams,
  previewParams,
  type CreateInvoiceItemParams,
  type PreviewParams,
} from './invoice-params';
import { mergeMetadata, parseParams } from './params';
import { conflict, invalid, missingReference, notPlayed } from './refusal';
import type { ApiRequest } from './request';
import { changedItems, checkCharge } from './subscription-changes';
import { checkTogether } from './subscription-checks';

export type NewItemParams = Pick<
  CreateInvoiceItemParams,
  | 'amount'
  | 'description'
  | 'discountable'
  | 'period'
  | 'price'
  | 'price_data'
  | 'pricing'
  | 'quantity'
  | 'unit_amount'
  | 'unit_amount_decimal'
> & { currency?: string | undefined; metadata?: Stripe.Metadata };

interface ItemOwner {
  customer: Stripe.Customer;
  /** The draft's currency; the item's own if it goes on none. */
  currency: string | null;
  invoice: string | null;
  subscription: string | null;
}

/** The invoice item that a request describes: an amount of money, or a quantity of a one-time price. */
export function itemFrom(world: World, params: NewItemParams, owner: ItemOwner, at = ''): Stripe.InvoiceItem {
  const quantity = quantityOf(params.quantity, at);
  const named = params.pricing?.price ?? params.price;
  const price =
    named === undefined && !params.price_data
      ? null
      : priceOf(
          world,
          { price: named, price_data: params.price_data },
          'one_time',
          at === '' ? 'pricing' : at,
        );
  const amount = price ? (price.unit_amount ?? 0) * quantity : amountOf(params, quantity);
  const currency = params.currency ?? price?.currency ?? owner.currency ?? 'usd';
  if (owner.currency !== null && currency !== owner.currency) {
    throw invalid(
      `The currency of the invoice item (${currency}) must match the currency of the invoice (${owner.currency}).`,
      { param: 'currency' },
    );
  }
  return buildInvoiceItem(world, {
    customer: owner.customer,
    amount,
    currency,
    description: params.description ?? (price && describeItem(world, price, quantity)),
    price,
    quantity,
    period: params.period ?? null,
    metadata: params.metadata ?? {},
    isDiscountable: params.discountable ?? amount >= 0,
    invoice: owner.invoice,
    subscription: owner.subscription,
    subscriptionItem: null,
  });
}

function amountOf(
  { amount, unit_amount: unit, unit_amount_decimal: decimal }: NewItemParams,
  quantity: number,
): number {
  if (amount !== undefined) return amount;
  if (decimal !== undefined && !/^-?\d+(\.0+)?$/.test(decimal)) {
    throw notPlayed('amounts in fractions of the smallest unit', 'unit_amount_decimal');
  }
  const each = unit ?? (decimal === undefined ? undefined : Number(decimal));
  if (each !== undefined) return each * quantity;
  throw invalid('You must supply either `amount` or `pricing[price]` for an invoice item.', {
    code: 'parameter_missing',
    param: 'amount',
  });
}

/** POST /v1/invoices/:id/add_lines: waiting items, or new ones. */
export function addLines({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const { invoice_metadata: patch, lines } = parseParams(addLinesParams, form);
  const draft = foundInvoice(world, id);
  if (draft.status !== 'draft') {
    throw conflict('Lines can only be added to draft invoices.', 'invoice_not_editable');
  }
  const customer = customerOf(world, draft);
  const items = lines.map((line, place) => {
    if (line.invoice_item === undefined) {
      const owner = { customer, currency: draft.currency, invoice: draft.id, subscription: null };
      return itemFrom(world, line, owner, `lines[${place}]`);
    }
    const item = world.store.invoiceItems.get(line.invoice_item);
    if (!item) throw missingReference('invoiceitem', line.invoice_item, `lines[${place}][invoice_item]`);
    return item;
  });
  takeItems(world, items, draft.id);
  const metadata = patch === undefined ? draft.metadata : mergeMetadata(draft.metadata ?? {}, patch);
  return updateInvoice(world, cause, { ...draft, metadata });
}

/** POST /v1/invoices/create_preview. */
export function preview({ world, form }: ApiRequest): object {
  const params = parseParams(previewParams, form);
  const subscription =
    params.subscription === undefined ? null : foundSubscription(world, params.subscription);
  const customerId = params.customer ?? idIn(subscription?.customer);
  if (customerId === null || customerId === undefined) {
    throw invalid('You must provide either `customer` or `subscription`.', { param: 'customer' });
  }
  const customer = namedCustomer(world, customerId);
  const currency = params.currency ?? subscription?.currency ?? customer.currency ?? 'usd';
  const owner = { customer, currency, invoice: null, subscription: null };
  const extras = params.invoice_items.map((item, place): LineInput =>
    lineOfItem(world, itemFrom(world, item, owner, `invoice_items[${place}]`)),
  );
  const discounts =
    params.discounts &&
    discountsOf(world, params.discounts, { customer: customer.id, currency }).map((one) => {
      if ('object' in one) return one;
      throw notPlayed('previews of discounts that are not there yet', 'discounts');
    });
  const change = subscription && changeOf(world, subscription, params.subscription_details);
  if (!change && params.subscription_details) {
    throw notPlayed('previews of subscriptions that are not there yet', 'subscription_details');
  }
  return previewInvoice(world, {
    customer,
    currency,
    subscription: change?.wanted ?? null,
    extras: [...extras, ...(change?.prorations ?? [])],
    isChangeOnly: params.subscription_details?.proration_behavior === 'always_invoice',
    isTaxed: params.automatic_tax?.enabled ?? change?.wanted.automatic_tax.enabled ?? false,
    isRecurringOnly: params.preview_mode === 'recurring',
    discounts: discounts ?? null,
  });
}

/** The subscription as a change of its items would leave it, and what that change would cost. */
function changeOf(
  world: World,
  before: Stripe.Subscription,
  details: PreviewParams['subscription_details'],
): { wanted: Stripe.Subscription; prorations: LineInput[] } {
  if (!details) return { wanted: before, prorations: [] };
  checkCharge(world, before, { ...details, payment_behavior: 'allow_incomplete' });
  const data = changedItems(world, before, details.items);
  checkTogether(data.map(({ price }) => price));
  const wanted = { ...before, items: { ...before.items, data } };
  const now = clockNow(world, idIn(before.test_clock));
  const isCounted = details.proration_behavior !== 'none' && before.status !== 'trialing';
  const items = isCounted ? prorate(world, before, wanted, details.proration_date ?? now) : [];
  return { wanted, prorations: items.map((item) => lineOfItem(world, item)) };
}
