import type Stripe from 'stripe';
import { buildItem, periodOf } from '../engine/billing/build-subscription';
import { updateSubscription } from '../engine/billing/change-subscription';
import { planOf } from '../engine/billing/plan-of';
import { noPlannedEnd, plannedEnd } from '../engine/billing/planned-end';
import { stopAtTrialEnd } from '../engine/billing/renew-subscription';
import { clockNow, laterOn } from '../engine/clocks/clock-time';
import { redeemDiscount } from '../engine/discounts/redeem';
import { idIn, type World } from '../engine/world';
import {
  discountsOf,
  foundSubscription,
  ownMethod,
  priceOf,
  quantityOf,
  storeDiscounts,
} from './billing-checks';
import { mergeMetadata, parseParams } from './params';
import { checkDefault, methodTypesOf } from './payment-settings';
import { invalid, missingReference } from './refusal';
import type { ApiRequest } from './request';
import { checkPayable, checkTogether } from './subscription-checks';
import {
  updateSubscriptionParams,
  type ChangedItemParams,
  type ItemParams,
  type UpdateSubscriptionParams,
} from './subscription-params';

type Subscription = Stripe.Subscription;

/** POST /v1/subscriptions/:id. */
export function changeSubscriptionBy({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateSubscriptionParams, form);
  const before = foundSubscription(world, id);
  checkChangeable(before, params);
  const now = clockNow(world, idIn(before.test_clock));
  const items = changedItems(world, before, params.items);
  checkTogether(items.map(({ price }) => price));
  checkCharge(world, before, params);
  const endsTrial = params.trial_end === 'now' && before.status === 'trialing';
  const wanted = trialMoved(
    {
      ...before,
      ...plainFields(world, before, params),
      ...cancellation(before, params, now),
      items: { ...before.items, data: items },
    },
    params,
    now,
  );
  const resumesAt = wanted.pause_collection?.resumes_at ?? null;
  if (resumesAt !== null) {
    laterOn(world, idIn(before.test_clock), 'resume_collection', id, resumesAt);
  }
  const stopped = endsTrial ? stopAtTrialEnd(world, before, wanted) : null;
  if (stopped) {
    world.publish(cause, stopped);
    return world.store.subscriptions.must(id);
  }
  return updateSubscription(world, cause, wanted, {
    proration: params.proration_behavior,
    prorationDate: params.proration_date ?? null,
    restarts: params.billing_cycle_anchor === 'now' || endsTrial,
    isPaymentLeft: params.payment_behavior === 'default_incomplete',
  });
}

interface ChargeParams {
  payment_behavior: string;
  proration_behavior: string;
  billing_cycle_anchor?: string | undefined;
  proration_date?: number | undefined;
}

export function checkProrationDate(before: Subscription, at: number | undefined): void {
  const { end, start } = periodOf(before);
  if (at === undefined || (at >= start && at <= end)) return;
  throw invalid('The proration date must be within the current period of the subscription.', {
    param: 'proration_date',
  });
}

/** Before a change that is charged at once: whether it will be paid, if it must be. */
export function checkCharge(world: World, before: Subscription, params: ChargeParams): void {
  checkProrationDate(before, params.proration_date);
  const isCharged = params.proration_behavior === 'always_invoice' || params.billing_cycle_anchor === 'now';
  if (params.payment_behavior !== 'error_if_incomplete' || !isCharged) return;
  const customer = world.store.customers.must(idIn(before.customer) ?? '');
  const method = world.store.paymentMethods.get(idIn(before.default_payment_method) ?? '') ?? null;
  checkPayable(world, customer, method, 'error_if_incomplete');
}

function checkChangeable(before: Subscription, params: UpdateSubscriptionParams): void {
  if (before.ended_at === null) return;
  const only = new Set([
    'metadata',
    'cancellation_details',
    'items',
    'proration_behavior',
    'payment_behavior',
  ]);
  const others = Object.entries(params).filter(([name, value]) => value !== undefined && !only.has(name));
  if (others.length > 0 || params.items.length > 0) {
    throw invalid('A canceled subscription can only update its cancellation_details and metadata.');
  }
}

function plainFields(
  world: World,
  before: Subscription,
  params: UpdateSubscriptionParams,
): Partial<Subscription> {
  const { default_payment_method: methodId, trial_settings: trial } = params;
  const customer = idIn(before.customer) ?? '';
  const method =
    typeof methodId === 'string' ? ownMethod(world, customer, methodId, 'default_payment_method') : null;
  return {
    ...(params.automatic_tax && {
      automatic_tax: {
        disabled_reason: null,
        enabled: params.automatic_tax.enabled,
        liability: params.automatic_tax.enabled ? { type: 'self' } : null,
      },
    }),
    ...(params.collection_method !== undefined && { collection_method: params.collection_method }),
    ...(params.days_until_due !== undefined && { days_until_due: params.days_until_due }),
    ...(methodId !== undefined && { default_payment_method: methodId }),
    ...(params.description !== undefined && { description: params.description }),
    ...(params.discounts !== undefined && { discounts: newDiscounts(world, before, params.discounts) }),
    ...(params.metadata !== undefined && { metadata: mergeMetadata(before.metadata, params.metadata) }),
    ...(params.pause_collection !== undefined && { pause_collection: pauseOf(params.pause_collection) }),
    ...(before.payment_settings && {
      payment_settings: settingsOf(world, before, before.payment_settings, params, method),
    }),
    ...(trial && {
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method: trial.end_behavior.missing_payment_method,
        },
      },
    }),
  };
}

function settingsOf(
  world: World,
  { currency, default_payment_method: standing }: Subscription,
  before: Stripe.Subscription.PaymentSettings,
  { default_payment_method: chosen, payment_settings: given }: UpdateSubscriptionParams,
  method: Stripe.PaymentMethod | null,
): Stripe.Subscription.PaymentSettings {
  const kept = world.store.paymentMethods.get(idIn(standing) ?? '') ?? null;
  const pays = chosen === undefined ? kept : method;
  const types = methodTypesOf(given, currency, pays);
  if (types === undefined) checkDefault(before.payment_method_types, method);
  return {
    ...before,
    ...(types !== undefined && { payment_method_types: types }),
    ...(given?.save_default_payment_method !== undefined && {
      save_default_payment_method: given.save_default_payment_method,
    }),
  };
}

function pauseOf(given: NonNullable<UpdateSubscriptionParams['pause_collection']> | null) {
  return given && { behavior: given.behavior, resumes_at: given.resumes_at ?? null };
}

function newDiscounts(
  world: World,
  { currency, customer, id }: Subscription,
  given: NonNullable<UpdateSubscriptionParams['discounts']>,
): string[] {
  const owner = idIn(customer) ?? '';
  const resolved = discountsOf(world, given, { customer: owner, currency });
  const stored = storeDiscounts(world, resolved, { customer: owner, subscription: id });
  for (const [place, discount] of stored.entries()) {
    if (resolved[place] !== discount) redeemDiscount(world, discount);
  }
  return stored.map((discount) => discount.id);
}

/** A planned end, or taking it back. */
function cancellation(
  before: Subscription,
  params: UpdateSubscriptionParams,
  now: number,
): Partial<Subscription> {
  const { cancel_at: at, cancel_at_period_end: atEnd, cancellation_details: given } = params;
  const said = {
    comment: given?.comment ?? before.cancellation_details?.comment ?? null,
    feedback: given?.feedback ?? before.cancellation_details?.feedback ?? null,
  };
  if (atEnd === undefined && at === undefined) {
    const reason = before.cancellation_details?.reason ?? null;
    return given ? { cancellation_details: { ...said, feedback_option: null, reason } } : {};
  }
  if (atEnd !== undefined && at !== undefined) {
    throw invalid('You may only specify one of these parameters: cancel_at, cancel_at_period_end.');
  }
  const isEnd = atEnd === true || typeof at === 'string';
  const planned = isEnd ? periodOf(before).end : (at ?? null);
  if (planned === null) return noPlannedEnd(said);
  if (planned < now) throw invalid('`cancel_at` must be in the future.', { param: 'cancel_at' });
  return plannedEnd(planned, { isPeriodEnd: atEnd === true, now }, said);
}

/** A trial that ends at another time; the period ends with it. */
function trialMoved(
  wanted: Subscription,
  { trial_end: end }: UpdateSubscriptionParams,
  now: number,
): Subscription {
  if (end === undefined || (end === 'now' && wanted.status !== 'trialing')) return wanted;
  if (end === 'now') return { ...wanted, status: 'active', trial_end: now };
  if (end <= now) {
    throw invalid('Invalid timestamp: must be an integer Unix timestamp in the future.', {
      param: 'trial_end',
    });
  }
  const data = wanted.items.data.map((item) => ({ ...item, current_period_end: end }));
  return {
    ...wanted,
    billing_cycle_anchor: end,
    items: { ...wanted.items, data },
    status: 'trialing',
    trial_end: end,
    trial_start: wanted.trial_start ?? now,
  };
}

/** The items after the request: changed, deleted and new ones. */
export function changedItems(
  world: World,
  before: Subscription,
  given: ChangedItemParams[],
): Stripe.SubscriptionItem[] {
  let data = before.items.data;
  for (const [place, change] of given.entries()) {
    const at = `items[${place}]`;
    if (change.id === undefined) {
      data = [...data, newItem(world, before, change, at)];
      continue;
    }
    const known = data.find(({ id }) => id === change.id);
    if (!known) throw missingReference('subscription item', change.id, `${at}[id]`);
    const next = change.deleted ? [] : [changedItem(world, known, change, at)];
    data = data.flatMap((item) => (item === known ? next : [item]));
  }
  if (data.length === 0) {
    throw invalid(
      'A subscription must have at least one active plan. To cancel it, use the cancel endpoint.',
      {
        param: 'items',
      },
    );
  }
  return data;
}

export function newItem(
  world: World,
  subscription: Subscription,
  given: ItemParams,
  at: string,
): Stripe.SubscriptionItem {
  const price = priceOf(world, given, 'recurring', at);
  const input = {
    price,
    quantity: quantityOf(given.quantity, at),
    metadata: mergeMetadata({}, given.metadata ?? {}),
  };
  const created = clockNow(world, idIn(subscription.test_clock));
  return buildItem(world, subscription.id, input, { ...periodOf(subscription), created });
}

export function changedItem(
  world: World,
  item: Stripe.SubscriptionItem,
  given: ItemParams,
  at: string,
): Stripe.SubscriptionItem {
  const names = given.price ?? given.plan ?? given.price_data;
  const price = names === undefined ? item.price : priceOf(world, given, 'recurring', at);
  return {
    ...item,
    ...(given.metadata !== undefined && { metadata: mergeMetadata(item.metadata, given.metadata) }),
    plan: planOf(price),
    price,
    ...(given.quantity !== undefined && { quantity: quantityOf(given.quantity, at) }),
  };
}
