import type Stripe from 'stripe';
import { clockNow } from '../clocks/clock-time';
import { idIn, type World } from '../world';
import { planOf } from './plan-of';

export interface ItemInput {
  price: Stripe.Price;
  quantity: number;
  metadata: Stripe.Metadata;
}

export interface SubscriptionInput {
  customer: Stripe.Customer;
  currency: string;
  items: ItemInput[];
  status: Stripe.Subscription.Status;
  /** Unix seconds, as all times here. */
  anchor: number;
  period: { start: number; end: number };
  trial: { start: number; end: number } | null;
  missingMethodAtTrialEnd: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod;
  collectionMethod: Stripe.Subscription.CollectionMethod;
  daysUntilDue: number | null;
  defaultPaymentMethod: string | null;
  savesMethod: Stripe.Subscription.PaymentSettings.SaveDefaultPaymentMethod;
  /** What its invoices may be paid with; null: whatever pays them. */
  methodTypes: string[] | null;
  description: string | null;
  metadata: Stripe.Metadata;
  isTaxed: boolean;
  isClassic: boolean;
}

/** A new subscription with its items; its discounts, its cancellation and its first invoice are put on it later. */
export function buildSubscription(world: World, input: SubscriptionInput): Stripe.Subscription {
  const id = world.ids.long('sub');
  const clock = idIn(input.customer.test_clock);
  const now = clockNow(world, clock);
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: {
      disabled_reason: null,
      enabled: input.isTaxed,
      liability: input.isTaxed ? { type: 'self' } : null,
    },
    billing_cycle_anchor: input.anchor,
    billing_cycle_anchor_config: null,
    billing_mode: input.isClassic
      ? { flexible: null, type: 'classic' }
      : { flexible: { proration_discounts: 'included' }, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: input.collectionMethod,
    created: now,
    currency: input.currency,
    customer: input.customer.id,
    customer_account: null,
    days_until_due: input.daysUntilDue,
    default_payment_method: input.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: input.items.map((item) => buildItem(world, id, item, { ...input.period, created: now })),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: null,
    livemode: world.livemode,
    managed_payments: { enabled: false },
    metadata: input.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: input.methodTypes,
      save_default_payment_method: input.savesMethod,
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: input.status,
    test_clock: clock,
    transfer_data: null,
    trial_end: input.trial?.end ?? null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: input.missingMethodAtTrialEnd },
    },
    trial_start: input.trial?.start ?? null,
  };
}

export function buildItem(
  world: World,
  subscription: string,
  { price, quantity, metadata }: ItemInput,
  times: { start: number; end: number; created: number },
): Stripe.SubscriptionItem {
  return {
    id: world.ids.short('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: times.created,
    current_period_end: times.end,
    current_period_start: times.start,
    current_trial: null,
    discounts: [],
    metadata,
    plan: planOf(price),
    price,
    quantity,
    subscription,
    tax_rates: [],
  };
}

/** Its items are billed together, so each has the same period. */
export function periodOf(subscription: Stripe.Subscription): { start: number; end: number } {
  const [first] = subscription.items.data;
  if (!first) throw new Error(`${subscription.id} has no items`);
  return { start: first.current_period_start, end: first.current_period_end };
}

export function withPeriod(
  subscription: Stripe.Subscription,
  period: { start: number; end: number },
): Stripe.Subscription {
  const data = subscription.items.data.map((item) => ({
    ...item,
    current_period_end: period.end,
    current_period_start: period.start,
  }));
  return { ...subscription, items: { ...subscription.items, data } };
}
