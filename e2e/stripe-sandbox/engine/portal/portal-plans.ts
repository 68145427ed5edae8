import type Stripe from 'stripe';
import { periodOf } from '../billing/build-subscription';
import { cancelSubscription, updateSubscription } from '../billing/change-subscription';
import { planOf } from '../billing/plan-of';
import { clockNow } from '../clocks/clock-time';
import { idIn, type World } from '../world';

type Subscription = Stripe.Subscription;
type Configuration = Stripe.BillingPortal.Configuration;
type Proration = 'create_prorations' | 'always_invoice' | 'none';

const PLAIN = { proration: 'none', prorationDate: null, restarts: false } as const;

interface Leaving {
  feedback: string | null;
  comment: string | null;
}

export function cancelInPortal(
  world: World,
  { features }: Configuration,
  subscription: Subscription,
  { comment, feedback }: Leaving,
): void {
  const { mode, proration_behavior: proration } = features.subscription_cancel;
  if (mode === 'immediately') {
    cancelSubscription(world, world.byItself, subscription, {
      invoicesNow: proration === 'always_invoice',
      prorates: proration !== 'none',
      details: { comment, feedback },
    });
    return;
  }
  const wanted: Subscription = {
    ...subscription,
    cancel_at: periodOf(subscription).end,
    cancel_at_period_end: true,
    canceled_at: clockNow(world, idIn(subscription.test_clock)),
    cancellation_details: { comment, feedback, feedback_option: null, reason: 'cancellation_requested' },
  };
  updateSubscription(world, world.byItself, wanted, PLAIN);
}

export function resumeInPortal(world: World, subscription: Subscription): void {
  const wanted: Subscription = {
    ...subscription,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
  };
  updateSubscription(world, world.byItself, wanted, PLAIN);
}

/** Of the one item, what the configuration lets it become. */
export function choicesFor(
  world: World,
  { features: { subscription_update: update } }: Configuration,
  subscription: Subscription,
): Array<{ price: Stripe.Price; productName: string; isCurrent: boolean }> {
  const [item, ...more] = subscription.items.data;
  if (!update.enabled || !item || more.length > 0) return [];
  if (!update.default_allowed_updates.includes('price')) return [];
  return (update.products ?? []).flatMap(({ prices, product }) =>
    prices.flatMap((id) => {
      const price = world.store.prices.get(id);
      if (!price?.active || price.currency !== subscription.currency) return [];
      const productName = world.store.products.get(product)?.name ?? product;
      return { price, productName, isCurrent: price.id === item.price.id };
    }),
  );
}

/** Whether the configuration lets the quantity of this price be chosen, and as this one. */
export function mayHaveQuantity(
  { features: { subscription_update: update } }: Configuration,
  price: string,
  quantity: number,
): boolean {
  if (!update.enabled || !update.default_allowed_updates.includes('quantity')) return false;
  const product = update.products?.find(({ prices }) => prices.includes(price));
  if (!product?.adjustable_quantity.enabled) return false;
  const { maximum, minimum } = product.adjustable_quantity;
  return quantity >= minimum && quantity <= (maximum ?? Infinity);
}

/** Gives the one item another price or quantity, on the terms of the configuration. */
export function changePlanInPortal(
  world: World,
  { features: { subscription_update: update } }: Configuration,
  subscription: Subscription,
  { price, quantity }: { price: Stripe.Price; quantity: number },
): Subscription {
  const data = subscription.items.data.map((item) => ({ ...item, plan: planOf(price), price, quantity }));
  const wanted = { ...subscription, items: { ...subscription.items, data } };
  const endsTrial = subscription.status === 'trialing' && update.trial_update_behavior === 'end_trial';
  const now = clockNow(world, idIn(subscription.test_clock));
  return updateSubscription(
    world,
    world.byItself,
    endsTrial ? { ...wanted, status: 'active', trial_end: now } : wanted,
    {
      proration: prorationOf(update.proration_behavior),
      prorationDate: null,
      restarts: endsTrial || update.billing_cycle_anchor === 'now',
    },
  );
}

const PRORATIONS: readonly Proration[] = ['always_invoice', 'create_prorations', 'none'];

function prorationOf(behavior: string): Proration {
  return PRORATIONS.find((known) => known === behavior) ?? 'none';
}
