import type Stripe from 'stripe';
import * as z from 'zod';
import {
  cancelSubscription,
  dropDiscounts,
  pauseSubscription,
  resumeSubscription,
} from '../../engine/billing/change-subscription';
import { createSubscription, type CreateInput } from '../../engine/billing/create-subscription';
import { productName, type LineInput } from '../../engine/billing/invoice-lines';
import { boundaryAfter, daysLater } from '../../engine/billing/periods';
import { recurringOf } from '../../engine/billing/plan-of';
import { clockNow } from '../../engine/clocks/clock-time';
import { idIn, type World } from '../../engine/world';
import {
  discountsOf,
  foundSubscription,
  namedCustomer,
  ownMethod,
  priceOf,
  quantityOf,
  storeDiscounts,
} from '../billing-checks';
import { inRange, listPage, rangeParams } from '../lists';
import { bool, customerAccount, mergeMetadata, oneOf, parseParams, text } from '../params';
import { methodTypesOf } from '../payment-settings';
import { invalid, missingObject, notPlayed } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { searchPage } from '../search';
import { changeSubscriptionBy, checkProrationDate } from '../subscription-changes';
import { checkPayable, checkTogether, isClassic } from '../subscription-checks';
import {
  cancelSubscriptionParams,
  createSubscriptionParams,
  pauseSubscriptionParams,
  resumeSubscriptionParams,
  type CreateSubscriptionParams,
} from '../subscription-params';

function create({ world, form, cause, version }: ApiRequest): object {
  const params = parseParams(createSubscriptionParams, form);
  if (params.payment_behavior === 'pending_if_incomplete') {
    throw notPlayed('payment_behavior=pending_if_incomplete', 'payment_behavior');
  }
  const customer = namedCustomer(world, params.customer);
  const method =
    params.default_payment_method === undefined
      ? null
      : ownMethod(world, customer.id, params.default_payment_method, 'default_payment_method');
  const input = inputOf(world, params, customer, method);
  if (params.collection_method === 'charge_automatically' && input.trialEnd === null) {
    checkPayable(world, customer, method, params.payment_behavior);
  }
  return createSubscription(world, cause, {
    ...input,
    isClassic: isClassic(params.billing_mode, version),
  });
}

function inputOf(
  world: World,
  params: CreateSubscriptionParams,
  customer: Stripe.Customer,
  method: Stripe.PaymentMethod | null,
): Omit<CreateInput, 'isClassic'> {
  const isSent = params.collection_method === 'send_invoice';
  if (isSent && params.days_until_due === undefined) {
    throw invalid('If invoicing is set to `send_invoice`, you must specify `days_until_due`.', {
      code: 'parameter_missing',
      param: 'days_until_due',
    });
  }
  const items = params.items.map((item, place) => {
    const at = `items[${place}]`;
    const price = priceOf(world, item, 'recurring', at);
    const quantity = quantityOf(item.quantity, at);
    return { price, quantity, metadata: mergeMetadata({}, item.metadata ?? {}) };
  });
  const currency = checkTogether(items.map(({ price }) => price));
  const discounts = discountsOf(world, params.discounts, { customer: customer.id, currency });
  const extras = extrasOf(world, params);
  return {
    customer,
    currency,
    items,
    trialEnd: trialEndOf(world, customer, params),
    cycleStart: cycleStartOf(world, customer, params, items[0]?.price),
    isStubBilled: params.proration_behavior !== 'none',
    missingMethodAtTrialEnd: params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    collectionMethod: params.collection_method,
    daysUntilDue: isSent ? (params.days_until_due ?? null) : null,
    defaultPaymentMethod: method?.id ?? null,
    savesMethod: params.payment_settings?.save_default_payment_method ?? 'off',
    methodTypes: methodTypesOf(params.payment_settings, currency, method) ?? null,
    description: params.description,
    metadata: params.metadata,
    isTaxed: params.automatic_tax?.enabled ?? false,
    cancelAt: typeof params.cancel_at === 'number' ? params.cancel_at : null,
    cancelAtPeriodEnd: params.cancel_at_period_end || typeof params.cancel_at === 'string',
    discounts: ({ id, start_date: start }) =>
      storeDiscounts(world, discounts, { customer: customer.id, subscription: id, start }),
    extras: (subscription) => extras.map((extra) => extraLine(world, extra, subscription)),
    isPaymentLeft: params.payment_behavior === 'default_incomplete',
  };
}

function trialEndOf(
  world: World,
  customer: Stripe.Customer,
  { trial_end: end, trial_period_days: days }: CreateSubscriptionParams,
): number | null {
  const now = clockNow(world, idIn(customer.test_clock));
  if (end !== undefined && days !== undefined) {
    throw invalid('You may only specify one of these parameters: trial_end, trial_period_days.');
  }
  if (days !== undefined) return days > 0 ? daysLater(now, days) : null;
  if (end === undefined || end === 'now') return null;
  if (end <= now) {
    throw invalid('Invalid timestamp: must be an integer Unix timestamp in the future.', {
      param: 'trial_end',
    });
  }
  return end;
}

/** When the first whole period begins, if not now: at most one period ahead. */
function cycleStartOf(
  world: World,
  customer: Stripe.Customer,
  { billing_cycle_anchor: anchor, trial_end: end, trial_period_days: days }: CreateSubscriptionParams,
  price: Stripe.Price | undefined,
): number | null {
  if (anchor === undefined || !price) return null;
  const param = 'billing_cycle_anchor';
  if (end !== undefined || days !== undefined) throw notPlayed('a billing_cycle_anchor after a trial', param);
  const now = clockNow(world, idIn(customer.test_clock));
  if (anchor <= now) {
    throw invalid('Invalid timestamp: must be an integer Unix timestamp in the future.', { param });
  }
  const natural = boundaryAfter(now, recurringOf(price), now);
  if (anchor <= natural) return anchor;
  const message = `billing_cycle_anchor cannot be later than next natural billing date (${natural}) for plan`;
  throw invalid(message, { param });
}

interface Extra {
  price: Stripe.Price;
  quantity: number;
  metadata: Stripe.Metadata;
  isDiscountable: boolean;
}

function extrasOf(world: World, { add_invoice_items: given }: CreateSubscriptionParams): Extra[] {
  return given.map((item, place) => {
    const at = `add_invoice_items[${place}]`;
    return {
      price: priceOf(world, item, 'one_time', at),
      quantity: quantityOf(item.quantity, at),
      metadata: item.metadata,
      isDiscountable: item.discountable,
    };
  });
}

function extraLine(world: World, extra: Extra, { created, id }: Stripe.Subscription): LineInput {
  return {
    ...extra,
    amount: (extra.price.unit_amount ?? 0) * extra.quantity,
    description: productName(world, extra.price),
    period: { start: created, end: created },
    origin: {
      kind: 'invoice_item',
      invoiceItem: world.ids.long('ii'),
      subscription: id,
      subscriptionItem: null,
      isProration: false,
      credited: null,
    },
    settled: null,
  };
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return foundSubscription(world, id);
}

function cancel({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(cancelSubscriptionParams, form);
  const before = foundSubscription(world, id);
  // Stripe no longer finds a subscription that has ended.
  if (before.ended_at !== null) {
    throw invalid(`No such subscription: '${id}'`, { code: 'resource_missing', param: 'id', status: 404 });
  }
  const { comment = null, feedback = null } = params.cancellation_details ?? {};
  return cancelSubscription(world, cause, before, {
    invoicesNow: params.invoice_now,
    prorates: params.prorate,
    details: { comment, feedback },
  });
}

function removeDiscounts({ world, path: [id = ''], form, cause }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  const removed = dropDiscounts(world, cause, foundSubscription(world, id));
  if (!removed) throw missingObject('discount', id);
  return { ...removed, deleted: true };
}

const PAUSABLE = ['active', 'past_due', 'trialing'];

function pause({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(pauseSubscriptionParams, form);
  const before = foundSubscription(world, id);
  if (PAUSABLE.includes(before.status)) {
    return pauseSubscription(world, cause, before, params.invoicing_behavior === 'invoice');
  }
  throw invalid(`This subscription has a status of \`${before.status}\` and cannot be paused.`);
}

function resume({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(resumeSubscriptionParams, form);
  const before = foundSubscription(world, id);
  if (before.status !== 'paused') {
    throw invalid(
      `Only subscriptions with a status of \`paused\` can be resumed. This subscription has a status of \`${before.status}\`.`,
    );
  }
  const keepsCycle = params.billing_cycle_anchor === 'unchanged';
  if (keepsCycle) checkProrationDate(before, params.proration_date);
  return resumeSubscription(world, cause, before, {
    keepsCycle,
    proration: params.proration_behavior,
    prorationDate: params.proration_date ?? null,
  });
}

const STATUSES = [
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const;

function listAll(request: ApiRequest): object {
  return listPage(request, request.world.store.subscriptions, {
    noun: 'subscription',
    url: '/v1/subscriptions',
    filters: {
      automatic_tax: z.strictObject({ enabled: bool() }).optional(),
      collection_method: oneOf(['charge_automatically', 'send_invoice']).optional(),
      current_period_end: rangeParams,
      current_period_start: rangeParams,
      customer: text().optional(),
      customer_account: customerAccount,
      plan: text().optional(),
      price: text().optional(),
      status: oneOf(STATUSES).optional(),
      test_clock: text().optional(),
    },
    select: ({ customer, price, plan = price, ...filters }) => ({
      index: customer === undefined ? undefined : { name: 'customer', key: customer },
      where: (row) =>
        hasStatus(row, filters.status) &&
        (filters.collection_method === undefined || row.collection_method === filters.collection_method) &&
        (filters.automatic_tax === undefined ||
          row.automatic_tax.enabled === filters.automatic_tax.enabled) &&
        (filters.test_clock === undefined || idIn(row.test_clock) === filters.test_clock) &&
        row.items.data.some(
          (item) =>
            (plan === undefined || item.price.id === plan) &&
            inRange(item.current_period_end, filters.current_period_end) &&
            inRange(item.current_period_start, filters.current_period_start),
        ),
    }),
  });
}

/** Without a filter, those that are canceled are left out. */
function hasStatus(row: Stripe.Subscription, wanted: (typeof STATUSES)[number] | undefined): boolean {
  if (wanted === undefined) return row.status !== 'canceled';
  if (wanted === 'all') return true;
  if (wanted === 'ended') return row.ended_at !== null;
  return row.status === wanted;
}

function search(request: ApiRequest): object {
  return searchPage(request, request.world.store.subscriptions, {
    resource: 'subscriptions',
    fields: { created: ({ created }) => created, status: ({ status }) => status },
  });
}

export const subscriptionRoutes: Routes = {
  'GET /v1/subscriptions': { resource: 'subscription', isList: true, run: listAll },
  'POST /v1/subscriptions': { resource: 'subscription', run: create },
  'GET /v1/subscriptions/search': { resource: 'subscription', isList: true, run: search },
  'GET /v1/subscriptions/:id': { resource: 'subscription', run: retrieve },
  'POST /v1/subscriptions/:id': { resource: 'subscription', run: changeSubscriptionBy },
  'DELETE /v1/subscriptions/:id': { resource: 'subscription', run: cancel },
  'DELETE /v1/subscriptions/:id/discount': { resource: 'discount', run: removeDiscounts },
  'POST /v1/subscriptions/:id/pause': { resource: 'subscription', run: pause },
  'POST /v1/subscriptions/:id/resume': { resource: 'subscription', run: resume },
};
