import type Stripe from 'stripe';
import { periodOf } from '../engine/billing/build-subscription';
import {
  cancelSubscription,
  resumeSubscription,
  updateSubscription,
} from '../engine/billing/change-subscription';
import { advanceInvoice, methodFor, retryInvoice } from '../engine/billing/collect-invoice';
import { payInvoice, voidByHand } from '../engine/billing/invoice-acts';
import { productName } from '../engine/billing/invoice-lines';
import { subscriptionIdOf } from '../engine/billing/invoice-states';
import { planOf } from '../engine/billing/plan-of';
import { noPlannedEnd, plannedEnd } from '../engine/billing/planned-end';
import { renewAtOnce } from '../engine/billing/renew-subscription';
import { clockNow } from '../engine/clocks/clock-time';
import { idIn, type World } from '../engine/world';
import type { BillingAct, BillingDesk, InvoiceRow, SubscriptionRow } from '../sandbox-subscriptions';
import { deskPage } from './pages';

type Subscription = Stripe.Subscription;

const refused = (message: string): BillingAct => ({ outcome: 'refused', message });
const DONE: BillingAct = { outcome: 'done' };

/** Subscriptions and invoices, and what a developer does to them. */
export function billingDesk(world: World): BillingDesk {
  const { invoices, subscriptions } = world.store;
  const onSubscription = (id: string, act: (subscription: Subscription) => BillingAct): BillingAct => {
    const subscription = subscriptions.get(id);
    if (!subscription) return { outcome: 'unknown' };
    if (subscription.ended_at !== null) return refused('This subscription has ended.');
    return saved(act(subscription));
  };
  const onInvoice = (id: string, act: (invoice: Stripe.Invoice) => BillingAct): BillingAct => {
    const invoice = invoices.get(id);
    return invoice ? saved(act(invoice)) : { outcome: 'unknown' };
  };
  const saved = (act: BillingAct): BillingAct => {
    world.store.save();
    return act;
  };
  return {
    subscriptions: { list: (query) => deskPage(subscriptions, query, (one) => subscriptionRow(world, one)) },
    invoices: { list: (query) => deskPage(invoices, query, invoiceRow) },
    payInvoice: (id) => onInvoice(id, (invoice) => pay(world, invoice)),
    collectInvoice: (id) => onInvoice(id, (invoice) => collect(world, invoice)),
    voidInvoice: (id) =>
      onInvoice(id, (invoice) => {
        if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
          return refused(`This invoice is ${invoice.status}.`);
        }
        voidByHand(world, world.byItself, invoice);
        return DONE;
      }),
    cancelNow: (id) =>
      onSubscription(id, (subscription) => {
        cancelSubscription(world, world.byItself, subscription, {
          invoicesNow: false,
          prorates: false,
          details: {},
        });
        return DONE;
      }),
    cancelAtPeriodEnd: (id) => onSubscription(id, (subscription) => planEnd(world, subscription)),
    resume: (id) => onSubscription(id, (subscription) => resume(world, subscription)),
    changePlan: (id, price) => onSubscription(id, (subscription) => changePlan(world, subscription, price)),
    renewNow: (id) => onSubscription(id, (subscription) => renew(world, subscription)),
  };
}

function pay(world: World, invoice: Stripe.Invoice): BillingAct {
  if (invoice.status === 'paid' || invoice.status === 'void') {
    return refused(`This invoice is ${invoice.status}.`);
  }
  const method = methodFor(world, invoice);
  if (!method && invoice.total > 0) return refused('Its customer has no default payment method.');
  const paid = payInvoice(world, world.byItself, invoice, method ?? null);
  switch (paid.outcome) {
    case 'declined':
      return { outcome: 'declined', message: paid.refusal.message };
    case 'challenge':
      return { outcome: 'challenge', intentId: paid.intent.id };
    case 'paid':
    case 'succeeded':
    case 'processing':
    case 'held':
      return DONE;
  }
}

/** Brings forward the time that the invoice waits for. */
function collect(world: World, invoice: Stripe.Invoice): BillingAct {
  const now = clockNow(world, idIn(invoice.test_clock));
  if (invoice.status === 'draft' && invoice.automatically_finalizes_at !== null) {
    world.store.invoices.put({ ...invoice, automatically_finalizes_at: now });
    advanceInvoice(world, invoice.id);
    return DONE;
  }
  if (invoice.status === 'open' && invoice.next_payment_attempt !== null) {
    world.store.invoices.put({ ...invoice, next_payment_attempt: now });
    retryInvoice(world, invoice.id);
    return DONE;
  }
  return refused('This invoice waits for nothing.');
}

function planEnd(world: World, subscription: Subscription): BillingAct {
  const now = clockNow(world, idIn(subscription.test_clock));
  const end = plannedEnd(periodOf(subscription).end, { isPeriodEnd: true, now });
  change(world, { ...subscription, ...end }, 'none');
  return DONE;
}

function resume(world: World, subscription: Subscription): BillingAct {
  if (subscription.status === 'paused') {
    resumeSubscription(world, world.byItself, subscription, false);
    return DONE;
  }
  if (subscription.cancel_at === null)
    return refused('This subscription is neither paused nor to be canceled.');
  change(world, { ...subscription, ...noPlannedEnd() }, 'none');
  return DONE;
}

function changePlan(world: World, subscription: Subscription, priceId: string): BillingAct {
  const price = world.store.prices.get(priceId);
  if (!price?.recurring || price.currency !== subscription.currency) {
    return refused(`${priceId} is no recurring price in ${subscription.currency}.`);
  }
  const [first, ...others] = subscription.items.data;
  if (!first) return refused('This subscription has no items.');
  const sameRhythm =
    first.price.recurring?.interval === price.recurring.interval &&
    first.price.recurring.interval_count === price.recurring.interval_count;
  if (others.length > 0 && !sameRhythm) return refused('Its other items are billed at another interval.');
  const data = [{ ...first, plan: planOf(price), price }, ...others];
  change(world, { ...subscription, items: { ...subscription.items, data } }, 'create_prorations');
  return DONE;
}

function change(world: World, wanted: Subscription, proration: 'none' | 'create_prorations'): void {
  updateSubscription(world, world.byItself, wanted, { proration, prorationDate: null, restarts: false });
}

function renew(world: World, subscription: Subscription): BillingAct {
  if (subscription.test_clock !== null) return refused('It is on a test clock: advance the clock.');
  if (!['active', 'past_due', 'trialing', 'unpaid'].includes(subscription.status)) {
    return refused(`This subscription is ${subscription.status}.`);
  }
  renewAtOnce(world, subscription);
  return DONE;
}

function subscriptionRow(world: World, subscription: Subscription): SubscriptionRow {
  const { data } = subscription.items;
  const customer = idIn(subscription.customer) ?? '';
  const { end, start } = periodOf(subscription);
  return {
    id: subscription.id,
    created: subscription.created,
    status: subscription.status,
    customer,
    email: world.store.customers.get(customer)?.email ?? null,
    name: data.map(({ price }) => productName(world, price)).join(', '),
    amount: data.reduce((sum, { price, quantity = 1 }) => sum + (price.unit_amount ?? 0) * quantity, 0),
    currency: subscription.currency,
    periodStart: start,
    periodEnd: end,
    trialEnd: subscription.trial_end,
    cancelAt: subscription.cancel_at,
    latestInvoice: idIn(subscription.latest_invoice),
    testClock: idIn(subscription.test_clock),
  };
}

function invoiceRow(invoice: Stripe.Invoice): InvoiceRow {
  return {
    id: invoice.id,
    created: invoice.created,
    number: invoice.number,
    status: invoice.status ?? 'draft',
    reason: invoice.billing_reason,
    customer: idIn(invoice.customer) ?? '',
    email: invoice.customer_email,
    total: invoice.total,
    amountDue: invoice.amount_due,
    amountPaid: invoice.amount_paid,
    currency: invoice.currency,
    subscription: subscriptionIdOf(invoice),
    attempts: invoice.attempt_count,
    nextAt: invoice.automatically_finalizes_at ?? invoice.next_payment_attempt,
    url: invoice.hosted_invoice_url ?? null,
  };
}
