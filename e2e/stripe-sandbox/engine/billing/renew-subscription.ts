import type Stripe from 'stripe';
import { clockNow, laterOn } from '../clocks/clock-time';
import { orCustomerDiscount } from '../discounts/customer-discount';
import { happening, type Happening } from '../happening';
import { idIn, type World } from '../world';
import { keepAppointments } from './appointments';
import { periodOf, withPeriod } from './build-subscription';
import { changeSubscription } from './changes';
import { buildDraft } from './draft-invoice';
import { endSubscription } from './end-subscription';
import type { LineInput } from './invoice-lines';
import { lineOfItem, ownPendingItems, pendingItems, takeItems } from './pending-items';
import { boundaryAfter, daysLater } from './periods';
import { recurringOf } from './plan-of';
import { lasts } from './start-subscription';
import { itemLines } from './subscription-lines';

type Subscription = Stripe.Subscription;

/** The end of a period, of a trial, or of the subscription itself. */
export function renewWhenDue(world: World, subscriptionId: string): void {
  const subscription = world.store.subscriptions.get(subscriptionId);
  if (!subscription || !isRunning(subscription)) return;
  const now = clockNow(world, idIn(subscription.test_clock));
  const { end } = periodOf(subscription);
  const { cancel_at: cancelAt } = subscription;
  if (cancelAt !== null && cancelAt <= now) {
    return world.publish(world.byItself, endAsPlanned(world, subscription));
  }
  if (end > now || !world.store.customers.get(idIn(subscription.customer) ?? '')) return;
  const stopped = stopAtTrialEnd(world, subscription, subscription);
  world.publish(world.byItself, stopped ?? renew(world, subscription));
}

/** What changes cost before the end is asked for by a last invoice. */
function endAsPlanned(world: World, before: Subscription): Happening[] {
  const waiting = ownPendingItems(world, before);
  const ended = endSubscription(world, before, 'cancellation_requested', true);
  if (waiting.length === 0) return ended;
  const draft = cycleDraft(world, before, before, { waiting, lines: [], discounts: [] });
  const updated = changeSubscription(world, world.store.subscriptions.must(before.id), {
    ...world.store.subscriptions.must(before.id),
    latest_invoice: draft.id,
  });
  keepHour(world, draft);
  return [...ended, ...updated, happening('invoice.created', draft)];
}

function keepHour(world: World, draft: Stripe.Invoice): void {
  const at = draft.automatically_finalizes_at;
  if (at !== null) laterOn(world, idIn(draft.test_clock), 'advance_invoice', draft.id, at);
}

/** Ends the present period now, as if its time had come. The cycle goes on from here. */
export function renewAtOnce(world: World, before: Subscription): void {
  const now = clockNow(world, idIn(before.test_clock));
  const start = Math.min(periodOf(before).start, now - 1);
  const shortened = withPeriod(before, { start, end: now });
  world.store.subscriptions.put({
    ...shortened,
    ...(before.cancel_at_period_end && { cancel_at: now }),
    ...(before.status === 'trialing' && { trial_end: now }),
    billing_cycle_anchor: now,
  });
  renewWhenDue(world, before.id);
}

function isRunning({ status }: Subscription): boolean {
  return ['active', 'past_due', 'trialing', 'unpaid'].includes(status);
}

/** A trial that ends without any payment method: null if the subscription goes on, as `next`, all the same. */
export function stopAtTrialEnd(world: World, before: Subscription, next: Subscription): Happening[] | null {
  if (before.status !== 'trialing' || before.collection_method === 'send_invoice') return null;
  const customer = world.store.customers.must(idIn(before.customer) ?? '');
  const method =
    idIn(before.default_payment_method) ?? idIn(customer.invoice_settings.default_payment_method);
  if (method !== null) return null;
  switch (before.trial_settings?.end_behavior.missing_payment_method) {
    case 'cancel':
      return endSubscription(world, next, 'cancellation_requested');
    case 'pause': {
      const updated = changeSubscription(world, before, { ...next, status: 'paused' });
      return [
        ...updated,
        happening('customer.subscription.paused', world.store.subscriptions.must(before.id)),
      ];
    }
    case 'create_invoice':
    case undefined:
    default:
      return null;
  }
}

/** The next period begins, and its invoice with it. */
function renew(world: World, before: Subscription): Happening[] {
  const [first] = before.items.data;
  if (!first) throw new Error(`${before.id} has no items`);
  const { end: start } = periodOf(before);
  const end = boundaryAfter(before.billing_cycle_anchor, recurringOf(first.price), start);
  const next = withPeriod(
    { ...before, ...(before.status === 'trialing' && { status: 'active' }) },
    { start, end },
  );
  return startPeriod(world, before, next);
}

/** Puts a subscription into a period that has begun, with the draft that asks for it. */
function startPeriod(world: World, before: Subscription, next: Subscription): Happening[] {
  const { start } = periodOf(next);
  const discounts = discountsAt(world, next, start);
  const applied = orCustomerDiscount(world, discounts, idIn(next.customer) ?? '', start);
  const waiting = pendingItems(world, {
    customer: idIn(next.customer) ?? '',
    currency: next.currency,
    subscription: next.id,
  });
  const lines = itemLines(world, next, periodOf(next));
  const draft = cycleDraft(world, before, next, { waiting, lines, discounts: applied });
  const kept = discounts.filter((discount) => lasts(world, discount, null));
  const updated = changeSubscription(world, before, {
    ...next,
    discounts: kept.map(({ id }) => id),
    latest_invoice: draft.id,
  });
  keepAppointments(world, world.store.subscriptions.must(before.id));
  keepHour(world, draft);
  return [...updated, happening('invoice.created', draft)];
}

interface Asked {
  waiting: Stripe.InvoiceItem[];
  lines: LineInput[];
  discounts: Stripe.Discount[];
}

function cycleDraft(
  world: World,
  before: Subscription,
  next: Subscription,
  { discounts, lines, waiting }: Asked,
): Stripe.Invoice {
  const customer = world.store.customers.must(idIn(next.customer) ?? '');
  const isHeldBack = next.status === 'unpaid' || next.pause_collection?.behavior === 'keep_as_draft';
  const period = periodOf(next);
  const draft = buildDraft(world, {
    customer,
    currency: next.currency,
    reason: 'subscription_cycle',
    collectionMethod: next.collection_method,
    dueDate: next.days_until_due === null ? null : daysLater(period.start, next.days_until_due),
    autoAdvance: !isHeldBack,
    subscription: next,
    period: periodOf(before),
    discounts,
    isTaxed: next.automatic_tax.enabled,
    lines: [...waiting.map((item) => lineOfItem(world, item)), ...lines],
    defaultPaymentMethod: null,
    description: null,
    footer: null,
    customFields: null,
    metadata: {},
  });
  takeItems(world, waiting, draft.id);
  return world.store.invoices.put(draft);
}

/** The subscription's discounts that still hold at a time. */
export function discountsAt(world: World, { discounts }: Subscription, at: number): Stripe.Discount[] {
  return discounts.flatMap((reference) => {
    const discount = world.store.discounts.get(idIn(reference) ?? '');
    return discount && (discount.end === null || discount.end > at) ? [discount] : [];
  });
}

/** Three days before the end of a trial, or at its beginning if it is shorter. */
export function warnTrialEnd(world: World, subscriptionId: string): void {
  const subscription = world.store.subscriptions.get(subscriptionId);
  if (subscription?.status !== 'trialing' || subscription.trial_end === null) return;
  const now = clockNow(world, idIn(subscription.test_clock));
  if (daysLater(now, 3) < subscription.trial_end) return;
  world.publish(world.byItself, [happening('customer.subscription.trial_will_end', subscription)]);
}
