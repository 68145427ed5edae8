import type Stripe from 'stripe';
import { clockNow, laterOn } from '../clocks/clock-time';
import { happening, type Happening } from '../happening';
import { idIn, type Cause, type World } from '../world';
import { keepAppointments, keepTrialWarning } from './appointments';
import { periodOf, withPeriod } from './build-subscription';
import { changeSubscription } from './changes';
import { collectDraft, finalizeInvoice } from './collect-invoice';
import { buildDraft } from './draft-invoice';
import { endSubscription } from './end-subscription';
import { subscriptionIdOf } from './invoice-states';
import { itemLines } from './subscription-lines';
import { lineOfItem, pendingItems, takeItems } from './pending-items';
import { boundaryAfter, daysLater } from './periods';
import { recurringOf } from './plan-of';
import { prorate } from './prorations';
import { discountsAt } from './renew-subscription';

type Subscription = Stripe.Subscription;
type Proration = 'create_prorations' | 'always_invoice' | 'none';

export interface ChangeInput {
  proration: Proration;
  /** Unix seconds; null: now. */
  prorationDate: number | null;
  /** The billing cycle begins anew now. */
  restarts: boolean;
  /** What is invoiced now is left to be paid by the customer, and past due until then. */
  isPaymentLeft?: boolean;
}

/**
 * Lays a change over a subscription: what it costs waits for the next invoice, is invoiced now, or is not counted.
 * A new rhythm, or the end of a trial, begins a new period that is invoiced now.
 */
export function updateSubscription(
  world: World,
  cause: Cause,
  wanted: Subscription,
  input: ChangeInput,
): Subscription {
  const before = world.store.subscriptions.must(wanted.id);
  const now = clockNow(world, idIn(before.test_clock));
  const { isPaymentLeft = false } = input;
  // A trial holds a new rhythm back until it ends.
  const isHeld = wanted.status === 'trialing' && (wanted.trial_end ?? now) > now;
  const restarts = input.restarts || (!isHeld && rhythmOf(before) !== rhythmOf(wanted));
  const isCounted = input.proration !== 'none' && ['active', 'past_due'].includes(before.status);
  const none = { ...wanted, items: { ...wanted.items, data: [] } };
  const at = input.prorationDate ?? now;
  const counted = isCounted ? prorate(world, before, restarts ? none : wanted, at) : [];
  const items = counted.map((item) => world.store.invoiceItems.put(item));
  const told = items.map((item) => happening('invoiceitem.created', item));
  if (!restarts) {
    const updated = changeSubscription(world, before, wanted);
    const invoiced =
      input.proration === 'always_invoice' && items.length > 0
        ? invoiceNow(world, wanted.id, [], isPaymentLeft)
        : [];
    keepChanged(world, before);
    world.publish(cause, [...updated, ...told, ...invoiced]);
    return world.store.subscriptions.must(wanted.id);
  }
  world.publish(cause, [...told, ...restart(world, before, wanted, { now, isPaymentLeft })]);
  return world.store.subscriptions.must(wanted.id);
}

/** Appointments are made only for what is new; a task that finds nothing due does nothing. */
function keepChanged(world: World, before: Subscription): void {
  const after = world.store.subscriptions.must(before.id);
  if (periodOf(after).end !== periodOf(before).end) {
    keepAppointments(world, after);
    return;
  }
  const { cancel_at: cancelAt, trial_end: trialEnd } = after;
  if (cancelAt !== null && cancelAt !== before.cancel_at)
    laterOn(world, idIn(after.test_clock), 'renew_subscription', after.id, cancelAt);
  if (trialEnd !== before.trial_end) keepTrialWarning(world, after);
}

function rhythmOf({ items }: Subscription): string {
  const [first] = items.data;
  if (!first) return '';
  const { interval, interval_count: count } = recurringOf(first.price);
  return `${count} ${interval}`;
}

function restart(
  world: World,
  before: Subscription,
  wanted: Subscription,
  { isPaymentLeft, now }: { isPaymentLeft: boolean; now: number },
): Happening[] {
  const [first] = wanted.items.data;
  if (!first) throw new Error(`${wanted.id} has no items`);
  const end = boundaryAfter(now, recurringOf(first.price), now);
  const next = withPeriod({ ...wanted, billing_cycle_anchor: now }, { start: now, end });
  const updated = changeSubscription(world, before, next);
  keepAppointments(world, next);
  const invoiced = invoiceNow(world, next.id, itemLines(world, next, { start: now, end }), isPaymentLeft);
  return [...updated, ...invoiced];
}

/** Invoices what waits, with these lines, and collects it. */
function invoiceNow(
  world: World,
  subscriptionId: string,
  lines: ReturnType<typeof itemLines>,
  isPaymentLeft: boolean,
): Happening[] {
  const subscription = world.store.subscriptions.must(subscriptionId);
  const customer = world.store.customers.must(idIn(subscription.customer) ?? '');
  const waiting = pendingItems(world, {
    customer: customer.id,
    currency: subscription.currency,
    subscription: subscription.id,
  });
  if (waiting.length + lines.length === 0) return [];
  const now = clockNow(world, idIn(subscription.test_clock));
  const draft = world.store.invoices.put(
    buildDraft(world, {
      customer,
      currency: subscription.currency,
      reason: 'subscription_update',
      collectionMethod: subscription.collection_method,
      dueDate: subscription.days_until_due === null ? null : daysLater(now, subscription.days_until_due),
      autoAdvance: !isPaymentLeft,
      subscription,
      period: { start: now, end: now },
      discounts: lines.length > 0 ? discountsAt(world, subscription, now) : [],
      isTaxed: subscription.automatic_tax.enabled,
      lines: [...waiting.map((item) => lineOfItem(world, item)), ...lines],
      defaultPaymentMethod: null,
      description: null,
      footer: null,
      customFields: null,
      metadata: {},
    }),
  );
  takeItems(world, waiting, draft.id);
  const linked = changeSubscription(world, subscription, { ...subscription, latest_invoice: draft.id });
  const collected = isPaymentLeft ? leaveDraft(world, draft) : collectDraft(world, draft);
  return [...linked, happening('invoice.created', draft), ...collected];
}

/** Finalizes a draft that a page of the application is to pay. */
function leaveDraft(world: World, draft: Stripe.Invoice): Happening[] {
  const { happenings, invoice } = finalizeInvoice(world, draft);
  const before = world.store.subscriptions.must(subscriptionIdOf(draft) ?? '');
  const isOwed = invoice.status === 'open' && invoice.collection_method === 'charge_automatically';
  const late = isOwed ? changeSubscription(world, before, { ...before, status: 'past_due' }) : [];
  return [...happenings, ...late];
}

export interface CancelInput {
  invoicesNow: boolean;
  prorates: boolean;
  details: { comment?: string | null; feedback?: string | null };
}

/** Ends a subscription at once. */
export function cancelSubscription(
  world: World,
  cause: Cause,
  before: Subscription,
  { details, invoicesNow, prorates }: CancelInput,
): Subscription {
  const now = clockNow(world, idIn(before.test_clock));
  const none = { ...before, items: { ...before.items, data: [] } };
  const credits = prorates ? prorate(world, before, none, now) : [];
  const items = credits.map((item) => world.store.invoiceItems.put(item));
  const invoiced = invoicesNow ? invoiceNow(world, before.id, [], false) : [];
  const current = world.store.subscriptions.must(before.id);
  const { comment = null, feedback = null } = details;
  const ended = endSubscription(
    world,
    { ...current, cancellation_details: { comment, feedback, feedback_option: null, reason: null } },
    'cancellation_requested',
    prorates,
  );
  const told = items.map((item) => happening('invoiceitem.created', item));
  world.publish(cause, [...told, ...invoiced, ...ended]);
  return world.store.subscriptions.must(before.id);
}

/** The first of the discounts that the subscription had, all of which are gone now; null: it had none. */
export function dropDiscounts(world: World, cause: Cause, before: Subscription): Stripe.Discount | null {
  const discount = world.store.discounts.get(idIn(before.discounts[0]) ?? '');
  if (!discount) return null;
  const updated = changeSubscription(world, before, { ...before, discounts: [] });
  world.publish(cause, [happening('customer.discount.deleted', discount), ...updated]);
  return discount;
}

/** No further periods and no invoices until it is resumed. The unused time is credited. */
export function pauseSubscription(
  world: World,
  cause: Cause,
  before: Subscription,
  isInvoicedNow: boolean,
): Subscription {
  const now = clockNow(world, idIn(before.test_clock));
  const none = { ...before, items: { ...before.items, data: [] } };
  const credits = before.status === 'trialing' ? [] : prorate(world, before, none, now);
  const items = credits.map((item) => world.store.invoiceItems.put(item));
  const told = items.map((item) => happening('invoiceitem.created', item));
  const invoiced = isInvoicedNow ? invoiceNow(world, before.id, [], false) : [];
  const current = world.store.subscriptions.must(before.id);
  const updated = changeSubscription(world, current, { ...current, status: 'paused' });
  const paused = world.store.subscriptions.must(before.id);
  world.publish(cause, [...told, ...invoiced, ...updated, happening('customer.subscription.paused', paused)]);
  return paused;
}

export interface ResumeInput extends Pick<ChangeInput, 'proration' | 'prorationDate'> {
  /** The period that it had goes on, if that is not over: what remains of it is to be paid, as `proration` has it. */
  keepsCycle: boolean;
}

/** A paused subscription goes on, with a new period from now or with the one that it had. */
export function resumeSubscription(
  world: World,
  cause: Cause,
  before: Subscription,
  input: ResumeInput,
): Subscription {
  const now = clockNow(world, idIn(before.test_clock));
  const active: Subscription = { ...before, status: 'active' };
  const isOver = periodOf(before).end <= now;
  const happenings =
    input.keepsCycle && !isOver
      ? goOn(world, before, active, { ...input, now })
      : restart(world, before, active, { now, isPaymentLeft: false });
  const resumed = world.store.subscriptions.must(before.id);
  world.publish(cause, [...happenings, happening('customer.subscription.resumed', resumed)]);
  return world.store.subscriptions.must(before.id);
}

function goOn(
  world: World,
  before: Subscription,
  active: Subscription,
  { now, proration, prorationDate }: ResumeInput & { now: number },
): Happening[] {
  const isFree = proration === 'none' || (before.trial_end ?? now) > now;
  const none = { ...before, items: { ...before.items, data: [] } };
  const debits = isFree ? [] : prorate(world, none, active, prorationDate ?? now);
  const items = debits.map((item) => world.store.invoiceItems.put(item));
  const updated = changeSubscription(world, before, active);
  keepAppointments(world, active);
  const told = items.map((item) => happening('invoiceitem.created', item));
  const isInvoiced = proration === 'always_invoice' && items.length > 0;
  return [...updated, ...told, ...(isInvoiced ? invoiceNow(world, before.id, [], false) : [])];
}

/** The end of a pause of collection. */
export function resumeCollection(world: World, subscriptionId: string): void {
  const before = world.store.subscriptions.get(subscriptionId);
  const resumesAt = before?.pause_collection?.resumes_at ?? null;
  if (!before || resumesAt === null || before.ended_at !== null) return;
  if (resumesAt > clockNow(world, idIn(before.test_clock))) return;
  world.publish(world.byItself, changeSubscription(world, before, { ...before, pause_collection: null }));
}
