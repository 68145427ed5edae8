import type Stripe from 'stripe';
import * as z from 'zod';
import { idIn, type World } from '../engine/world';
import { integer, list, oneOf, text, unplayed } from './params';
import { invalid, missingReference, notPlayed, type Refusal, missingParam } from './refusal';

type Flow = NonNullable<Stripe.BillingPortal.Session['flow']>;
type Configuration = Stripe.BillingPortal.Configuration;

/** Where a portal session leads at once, instead of to its first page. */
export const flowParams = z.strictObject({
  after_completion: z
    .strictObject({
      hosted_confirmation: z.strictObject({ custom_message: text(500).optional() }).optional(),
      redirect: z.strictObject({ return_url: text() }).optional(),
      type: oneOf(['hosted_confirmation', 'portal_homepage', 'redirect']),
    })
    .optional(),
  subscription_cancel: z
    .strictObject({ retention: unplayed('offers to those who leave'), subscription: text() })
    .optional(),
  subscription_pause: unplayed('pauses of subscriptions in the portal'),
  subscription_update: z.strictObject({ subscription: text() }).optional(),
  subscription_update_confirm: z
    .strictObject({
      discounts: unplayed('discounts of the portal'),
      items: list(z.strictObject({ id: text(), price: text().optional(), quantity: integer().optional() })),
      subscription: text(),
    })
    .optional(),
  type: oneOf([
    'customer_update',
    'payment_method_update',
    'subscription_cancel',
    'subscription_pause',
    'subscription_update',
    'subscription_update_confirm',
  ]),
});
type FlowParams = z.output<typeof flowParams>;

interface FlowContext {
  world: World;
  customer: string;
  configuration: Configuration;
}

/** The session's `flow`, once the configuration and the subscription are found to allow it. */
export function flowOf(context: FlowContext, params: FlowParams): Flow {
  return {
    after_completion: afterCompletion(params),
    customer_update: null,
    subscription_pause: null,
    ...branchOf(context, params),
    type: params.type,
  };
}

type Branches = Pick<Flow, 'subscription_cancel' | 'subscription_update' | 'subscription_update_confirm'>;

const NO_BRANCH: Branches = {
  subscription_cancel: null,
  subscription_update: null,
  subscription_update_confirm: null,
};

function branchOf(context: FlowContext, params: FlowParams): Branches {
  const { features } = context.configuration;
  switch (params.type) {
    case 'customer_update':
      if (!features.customer_update.enabled) throw disabled('The customer', 'customer update');
      return NO_BRANCH;
    case 'payment_method_update':
      if (!features.payment_method_update.enabled) {
        throw disabled('The payment method', 'payment method update');
      }
      return NO_BRANCH;
    case 'subscription_pause':
      throw notPlayed('pauses of subscriptions in the portal', 'flow_data[type]');
    case 'subscription_cancel':
      return { ...NO_BRANCH, subscription_cancel: cancelBranch(context, params) };
    case 'subscription_update':
      return { ...NO_BRANCH, subscription_update: updateBranch(context, params) };
    case 'subscription_update_confirm':
      return { ...NO_BRANCH, subscription_update_confirm: confirmBranch(context, params) };
  }
}

function disabled(what: string, feature: string, verb = 'updated'): Refusal {
  return invalid(
    `${what} cannot be ${verb} because the ${feature} feature in the portal configuration is disabled.`,
  );
}

function cancelBranch(context: FlowContext, { subscription_cancel: wanted }: FlowParams) {
  if (!wanted) throw missingParam('flow_data[subscription_cancel]');
  const at = 'flow_data[subscription_cancel]';
  const subscription = ownSubscription(context, wanted.subscription, `${at}[subscription]`);
  if (!context.configuration.features.subscription_cancel.enabled) {
    throw disabled('This subscription', 'subscription cancellation', 'canceled');
  }
  if (subscription.cancel_at !== null || subscription.cancel_at_period_end) {
    throw invalid('This subscription cannot be canceled because it is already set to be canceled.');
  }
  return { retention: null, subscription: subscription.id };
}

function updateBranch(context: FlowContext, { subscription_update: wanted }: FlowParams) {
  if (!wanted) throw missingParam('flow_data[subscription_update]');
  const { id } = updatable(context, wanted.subscription, 'flow_data[subscription_update][subscription]');
  return { subscription: id };
}

function updatable(context: FlowContext, id: string, param: string): Stripe.Subscription {
  const subscription = ownSubscription(context, id, param);
  if (!context.configuration.features.subscription_update.enabled) {
    throw disabled('This subscription', 'subscription update');
  }
  if (subscription.items.data.length > 1) {
    throw invalid('This subscription cannot be updated because it has multiple items.');
  }
  if (subscription.cancel_at !== null) {
    throw invalid('This subscription cannot be updated because it is set to be canceled.');
  }
  return subscription;
}

function confirmBranch(context: FlowContext, { subscription_update_confirm: wanted }: FlowParams) {
  const at = 'flow_data[subscription_update_confirm]';
  if (!wanted) throw missingParam(at);
  const subscription = updatable(context, wanted.subscription, `${at}[subscription]`);
  const [item] = wanted.items;
  if (!item || wanted.items.length > 1)
    throw invalid('Exactly one item can be confirmed.', { param: `${at}[items]` });
  const [present] = subscription.items.data;
  if (present?.id !== item.id) {
    throw missingReference('subscription item', item.id, `${at}[items][0][id]`);
  }
  const price = item.price ?? present.price.id;
  const products = context.configuration.features.subscription_update.products ?? [];
  if (!products.some(({ prices }) => prices.includes(price))) {
    throw invalid(
      `This subscription cannot be updated because the price \`${price}\` is not one of those in the portal configuration.`,
      { param: `${at}[items][0][price]` },
    );
  }
  const quantity = item.quantity ?? present.quantity ?? 1;
  if (price === present.price.id && quantity === present.quantity) {
    throw invalid('This subscription cannot be updated because there are no changes to confirm.');
  }
  return {
    discounts: null,
    items: [{ id: item.id, price, quantity }],
    subscription: subscription.id,
  };
}

function ownSubscription({ customer, world }: FlowContext, id: string, param: string): Stripe.Subscription {
  const subscription = world.store.subscriptions.get(id);
  if (!subscription || idIn(subscription.customer) !== customer) {
    throw missingReference('subscription', id, param);
  }
  if (subscription.ended_at !== null) {
    throw invalid(`This subscription cannot be changed because its status is \`${subscription.status}\`.`, {
      param,
    });
  }
  return subscription;
}

function afterCompletion({ after_completion: after }: FlowParams): Flow['after_completion'] {
  if (!after) return { hosted_confirmation: null, redirect: null, type: 'portal_homepage' };
  if (after.type === 'redirect' && !after.redirect) {
    throw missingParam('flow_data[after_completion][redirect]');
  }
  const { hosted_confirmation: confirmation, redirect = null } = after;
  return {
    hosted_confirmation: confirmation ? { custom_message: confirmation.custom_message ?? null } : null,
    redirect,
    type: after.type,
  };
}
