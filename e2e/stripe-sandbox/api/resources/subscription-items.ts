import type Stripe from 'stripe';
import * as z from 'zod';
import { updateSubscription } from '../../engine/billing/change-subscription';
import type { World } from '../../engine/world';
import { listOf } from '../lists';
import { parseParams, text } from '../params';
import { invalid, missingObject, missingReference } from '../refusal';
import type { ApiRequest, Routes } from '../request';
import { changedItem, checkCharge, newItem } from '../subscription-changes';
import { checkTogether } from '../subscription-checks';
import {
  createSubscriptionItemParams,
  deleteSubscriptionItemParams,
  updateSubscriptionItemParams,
} from '../subscription-params';

interface Found {
  item: Stripe.SubscriptionItem;
  subscription: Stripe.Subscription;
}

function found(world: World, id: string): Found {
  for (const subscription of world.store.subscriptions.all()) {
    const item = subscription.items.data.find((one) => one.id === id);
    if (item) return { item, subscription };
  }
  throw missingObject('subscription_item', id);
}

function named(world: World, id: string): Stripe.Subscription {
  const subscription = world.store.subscriptions.get(id);
  if (!subscription) throw missingReference('subscription', id, 'subscription');
  return subscription;
}

function create({ world, form, cause }: ApiRequest): object {
  const params = parseParams(createSubscriptionItemParams, form);
  const subscription = named(world, params.subscription);
  const item = newItem(world, subscription, params, 'item');
  change({ world, cause }, subscription, [...subscription.items.data, item], params);
  return found(world, item.id).item;
}

function update({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(updateSubscriptionItemParams, form);
  const { item, subscription } = found(world, id);
  const next = changedItem(world, item, params, 'item');
  const data = subscription.items.data.map((one) => (one.id === id ? next : one));
  change({ world, cause }, subscription, data, params);
  return found(world, id).item;
}

function remove({ world, path: [id = ''], form, cause }: ApiRequest): object {
  const params = parseParams(deleteSubscriptionItemParams, form);
  const { subscription } = found(world, id);
  const data = subscription.items.data.filter((one) => one.id !== id);
  if (data.length === 0) {
    throw invalid(
      'A subscription must have at least one active plan. To cancel it, use the cancel endpoint.',
    );
  }
  change({ world, cause }, subscription, data, params);
  return { id, object: 'subscription_item', deleted: true };
}

function change(
  { world, cause }: Pick<ApiRequest, 'world' | 'cause'>,
  subscription: Stripe.Subscription,
  data: Stripe.SubscriptionItem[],
  params: z.output<typeof deleteSubscriptionItemParams>,
): void {
  checkCharge(world, subscription, params);
  checkTogether(data.map(({ price }) => price));
  const wanted = { ...subscription, items: { ...subscription.items, data } };
  updateSubscription(world, cause, wanted, {
    proration: params.proration_behavior,
    prorationDate: params.proration_date ?? null,
    restarts: false,
    isPaymentLeft: params.payment_behavior === 'default_incomplete',
  });
}

function retrieve({ world, path: [id = ''], form }: ApiRequest): object {
  parseParams(z.strictObject({}), form);
  return found(world, id).item;
}

function listAll(request: ApiRequest): object {
  const { subscription: id } = parseParams(z.object({ subscription: text() }), request.form);
  const subscription = named(request.world, id);
  const form = Object.fromEntries(Object.entries(request.form).filter(([name]) => name !== 'subscription'));
  return listOf({ ...request, form }, subscription.items.data, 'subscription_item', '/v1/subscription_items');
}

export const subscriptionItemRoutes: Routes = {
  'GET /v1/subscription_items': { resource: 'subscription_item', isList: true, run: listAll },
  'POST /v1/subscription_items': { resource: 'subscription_item', run: create },
  'GET /v1/subscription_items/:id': { resource: 'subscription_item', run: retrieve },
  'POST /v1/subscription_items/:id': { resource: 'subscription_item', run: update },
  'DELETE /v1/subscription_items/:id': { resource: 'subscription_item', run: remove },
};
