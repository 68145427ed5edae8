import type Stripe from 'stripe';
import { HOUR_SECONDS } from '../../durations';
import { clockNow, laterOn } from '../clocks/clock-time';
import type { ConfirmOutcome } from '../confirm-intent';
import { orCustomerDiscount } from '../discounts/customer-discount';
import { redeemDiscount } from '../discounts/redeem';
import { happening, type Happening } from '../happening';
import { createSetupIntent } from '../methods/setup-intents';
import { ORDERS } from '../orders';
import { idIn, type Cause, type World } from '../world';
import { keepAppointments } from './appointments';
import { buildSubscription, periodOf, type SubscriptionInput } from './build-subscription';
import { finalizeInvoice, methodFor, tryInvoice } from './collect-invoice';
import { buildDraft } from './draft-invoice';
import type { LineInput } from './invoice-lines';
import { lineOfItem, pendingItems, takeItems } from './pending-items';
import { boundaryAfter, daysLater } from './periods';
import { recurringOf } from './plan-of';
import { currencyKnown, lasts } from './start-subscription';
import { itemLines, stubLines, trialLines } from './subscription-lines';

const TIME_TO_PAY_SECONDS = 23 * HOUR_SECONDS;

export interface CreateInput extends Omit<SubscriptionInput, 'status' | 'anchor' | 'period' | 'trial'> {
  /** When the first whole period begins, in Unix seconds; null: now, or after the trial. */
  cycleStart: number | null;
  /** The time until then is paid for; else it is free and no invoice asks for it. */
  isStubBilled: boolean;
  /** Unix seconds; null: no trial. */
  trialEnd: number | null;
  cancelAt: number | null;
  cancelAtPeriodEnd: boolean;
  /** Makes the discounts once the subscription has its id. */
  discounts: (subscription: Stripe.Subscription) => Stripe.Discount[];
  /** One-time lines of the first invoice. */
  extras: (subscription: Stripe.Subscription) => LineInput[];
  /** The first invoice is left to be paid by the customer. */
  isPaymentLeft: boolean;
}

/**
 * Makes a subscription with its first invoice, and pays that unless it is left to the customer or to be sent. Free
 * time before a later cycle has no invoice.
 */
export function createSubscription(world: World, cause: Cause, input: CreateInput): Stripe.Subscription {
  const known = currencyKnown(world, input.customer, input.currency);
  const built = cancelPlanned(bare(world, { ...input, customer: known.customer }), input);
  const discounts = input.discounts(built);
  const made = { ...built, discounts: discounts.map(({ id }) => id) };
  for (const discount of discounts) redeemDiscount(world, discount);
  const applied = orCustomerDiscount(world, discounts, input.customer.id, built.created);
  const first = firstInvoice(world, made, input, applied);
  const kept = discounts.filter((discount) => lasts(world, discount, made.trial_end));
  const setup = setupFor(world, made, input);
  const saved = made.payment_settings?.save_default_payment_method === 'on_subscription';
  const subscription = world.store.subscriptions.put({
    ...made,
    ...(saved && first.methodId !== null && { default_payment_method: first.methodId }),
    discounts: kept.map(({ id }) => id),
    latest_invoice: first.id,
    pending_setup_intent: setup?.id ?? null,
    status: made.trial_end !== null ? 'trialing' : first.isOpen ? 'incomplete' : 'active',
  });
  keepAppointments(world, subscription);
  if (first.isOpen) {
    const expiresAt = subscription.created + TIME_TO_PAY_SECONDS;
    laterOn(world, idIn(made.test_clock), 'expire_incomplete', subscription.id, expiresAt);
  }
  const happenings = [
    ...known.happenings,
    happening('customer.subscription.created', subscription),
    ...(setup ? [happening('setup_intent.created', setup)] : []),
    ...first.happenings,
  ];
  world.publish(cause, happenings, ORDERS.subscriptionCreation);
  return subscription;
}

function bare(world: World, input: CreateInput): Stripe.Subscription {
  const now = clockNow(world, idIn(input.customer.test_clock));
  const [first] = input.items;
  if (!first) throw new Error('A subscription has items');
  const trial = input.trialEnd === null ? null : { start: now, end: input.trialEnd };
  const anchor = trial?.end ?? input.cycleStart ?? now;
  const end = trial?.end ?? boundaryAfter(anchor, recurringOf(first.price), now);
  return buildSubscription(world, {
    ...input,
    status: 'incomplete',
    anchor,
    period: { start: now, end },
    trial,
  });
}

function cancelPlanned(
  built: Stripe.Subscription,
  { cancelAt, cancelAtPeriodEnd }: CreateInput,
): Stripe.Subscription {
  if (cancelAt === null && !cancelAtPeriodEnd) return built;
  return {
    ...built,
    cancel_at: cancelAtPeriodEnd ? periodOf(built).end : cancelAt,
    cancel_at_period_end: cancelAtPeriodEnd,
    canceled_at: built.created,
  };
}

/** With nothing to pay yet and no method to pay with later, a page of the application is to ask for one. */
function setupFor(
  world: World,
  made: Stripe.Subscription,
  { customer, cycleStart, defaultPaymentMethod, isPaymentLeft, isStubBilled }: CreateInput,
): Stripe.SetupIntent | null {
  const isLater = made.trial_end !== null || (cycleStart !== null && !isStubBilled);
  const method = defaultPaymentMethod ?? idIn(customer.invoice_settings.default_payment_method);
  if (!isPaymentLeft || !isLater || method !== null) return null;
  return createSetupIntent(world, {
    automaticMethods: null,
    customer: customer.id,
    description: null,
    metadata: {},
    methodTypes: made.payment_settings?.payment_method_types ?? ['card'],
    usage: 'off_session',
  });
}

interface FirstInvoice {
  /** null: there is none. */
  id: string | null;
  happenings: Happening[];
  /** What paid it, or is on its way to. */
  methodId: string | null;
  isOpen: boolean;
}

function firstInvoice(
  world: World,
  made: Stripe.Subscription,
  input: CreateInput,
  discounts: Stripe.Discount[],
): FirstInvoice {
  const isFree = input.cycleStart !== null && !input.isStubBilled && input.extras(made).length === 0;
  if (isFree) return { id: null, happenings: [], methodId: null, isOpen: false };
  const draft = firstDraft(world, made, input, discounts);
  const { happenings, methodId } = collectFirst(world, draft, input);
  const invoice = world.store.invoices.must(draft.id);
  const isUnpaid = invoice.status === 'open' && invoice.collection_method === 'charge_automatically';
  return {
    id: draft.id,
    happenings: [happening('invoice.created', draft), ...happenings],
    methodId,
    // A debit on its way is trusted.
    isOpen: isUnpaid && methodId === null,
  };
}

function firstDraft(
  world: World,
  made: Stripe.Subscription,
  input: CreateInput,
  discounts: Stripe.Discount[],
): Stripe.Invoice {
  const customer = world.store.customers.must(input.customer.id);
  const isTrial = made.trial_end !== null;
  const period = periodOf(made);
  const waiting = pendingItems(world, {
    customer: customer.id,
    currency: made.currency,
    subscription: made.id,
  });
  const own = isTrial
    ? trialLines(world, made, period)
    : input.cycleStart === null
      ? itemLines(world, made, period)
      : input.isStubBilled
        ? stubLines(world, made)
        : [];
  const draft = buildDraft(world, {
    customer,
    currency: made.currency,
    reason: 'subscription_create',
    collectionMethod: isTrial ? 'charge_automatically' : made.collection_method,
    dueDate: made.days_until_due === null || isTrial ? null : daysLater(made.created, made.days_until_due),
    autoAdvance: made.collection_method === 'send_invoice' && !isTrial,
    subscription: made,
    period: { start: made.created, end: made.created },
    discounts,
    isTaxed: made.automatic_tax.enabled,
    lines: [...waiting.map((item) => lineOfItem(world, item)), ...own, ...input.extras(made)],
    defaultPaymentMethod: null,
    description: null,
    footer: null,
    customFields: null,
    metadata: {},
  });
  takeItems(world, waiting, draft.id);
  return world.store.invoices.put(draft);
}

function collectFirst(
  world: World,
  draft: Stripe.Invoice,
  { defaultPaymentMethod, isPaymentLeft }: CreateInput,
): { happenings: Happening[]; methodId: string | null } {
  if (draft.auto_advance === true) {
    const at = draft.automatically_finalizes_at ?? draft.created;
    laterOn(world, idIn(draft.test_clock), 'advance_invoice', draft.id, at);
    return { happenings: [], methodId: null };
  }
  const finalized = finalizeInvoice(world, draft);
  const method =
    world.store.paymentMethods.get(defaultPaymentMethod ?? '') ?? methodFor(world, finalized.invoice);
  if (finalized.invoice.status !== 'open' || isPaymentLeft || !method) {
    return { happenings: finalized.happenings, methodId: null };
  }
  const tried = tryInvoice(world, finalized.invoice, method);
  const paidBy: Record<ConfirmOutcome['outcome'], string | null> = {
    succeeded: method.id,
    processing: method.id,
    held: null,
    declined: null,
    challenge: null,
  };
  return {
    happenings: [...finalized.happenings, ...tried.happenings],
    methodId: paidBy[tried.outcome],
  };
}
