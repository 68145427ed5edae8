import type Stripe from 'stripe';
import { periodOf } from '../engine/billing/build-subscription';
import {
  cancelSubscription,
  resumeSubscription,
  updateSubscription,
} from '../engine/billing/change-subscription';
import { advanceInvoice, methodFor, retryInvoice } from '../engine/billing/collect-invoice';
import {
  finalizeByHand,
  markUncollectibleByHand,
  payInvoice,
  voidByHand,
} from '../engine/billing/invoice-acts';
import { productName } from '../engine/billing/invoice-lines';
import { subscriptionIdOf } from '../engine/billing/invoice-states';
import { planOf } from '../engine/billing/plan-of';
import { noPlannedEnd, plannedEnd } from '../engine/billing/planned-end';
import { renewAtOnce } from '../engine/billing/renew-subscription';
import { clockNow } from '../engine/clocks/clock-time';
import { cardOfAlias } from '../engine/methods/behaviours';
import { aliasExpiry, BLANK_BILLING, createCardMethod } from '../engine/payment-methods';
import { idIn, type World } from '../engine/world';
import type {
  BillingAct,
  BillingDesk,
  InvoiceRow,
  PlanChoice,
  SubscriptionRow,
} from '../sandbox-subscriptions';
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
    subscriptions: {
      list: ({ status, ...query } = {}) =>
        deskPage(subscriptions, query, (one) => subscriptionRow(world, one), {
          where: status && ((one) => status.includes(one.status)),
        }),
      find(id) {
        const found = subscriptions.get(id);
        return found && subscriptionRow(world, found);
      },
    },
    invoices: {
      list: ({ status, ...query } = {}) =>
        deskPage(invoices, query, (one) => invoiceRow(world, one), {
          where: status && ((one) => status.includes(one.status ?? 'draft')),
        }),
      find(id) {
        const found = invoices.get(id);
        return found && invoiceRow(world, found);
      },
    },
    payInvoice: (id) => onInvoice(id, (invoice) => pay(world, invoice)),
    failInvoice: (id) => onInvoice(id, (invoice) => fail(world, invoice)),
    finalizeInvoice: (id) =>
      onInvoice(id, (invoice) => {
        if (invoice.status !== 'draft') return refused('This invoice is already finalized.');
        finalizeByHand(world, world.byItself, invoice, undefined);
        return DONE;
      }),
    markUncollectible: (id) =>
      onInvoice(id, (invoice) => {
        if (invoice.status !== 'open') return refused(`This invoice is ${invoice.status}, not open.`);
        markUncollectibleByHand(world, world.byItself, invoice);
        return DONE;
      }),
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
    pause: (id) =>
      onSubscription(id, (subscription) => {
        if (subscription.status === 'paused') return refused('This subscription is paused.');
        if (subscription.pause_collection) return refused('Its invoices are held back already.');
        change(
          world,
          { ...subscription, pause_collection: { behavior: 'keep_as_draft', resumes_at: null } },
          'none',
        );
        return DONE;
      }),
    resume: (id) => onSubscription(id, (subscription) => resume(world, subscription)),
    plansFor(id) {
      const subscription = subscriptions.get(id);
      return subscription ? plansFor(world, subscription) : [];
    },
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
  return told(payInvoice(world, world.byItself, invoice, method ?? null));
}

/** Stripe's own way to see an invoice fail: a card that is saved well and declines each payment. */
function fail(world: World, invoice: Stripe.Invoice): BillingAct {
  if (invoice.status === 'paid' || invoice.status === 'void') {
    return refused(`This invoice is ${invoice.status}.`);
  }
  if (invoice.amount_due === 0) return refused('Nothing is due, so nothing can fail.');
  const behaviour = cardOfAlias(world, 'pm_card_chargeCustomerFail');
  if (!behaviour) return refused('Live mode knows no test cards: give the customer a card that declines.');
  const method = createCardMethod(world, {
    behaviour,
    ...aliasExpiry(world),
    billingDetails: BLANK_BILLING,
    metadata: {},
  });
  const customer = idIn(invoice.customer);
  const attached = world.store.paymentMethods.put({ ...method, customer });
  return told(payInvoice(world, world.byItself, invoice, attached));
}

function told(paid: ReturnType<typeof payInvoice>): BillingAct {
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
    resumeSubscription(world, world.byItself, subscription, {
      keepsCycle: false,
      proration: 'none',
      prorationDate: null,
    });
    return DONE;
  }
  if (subscription.cancel_at === null && !subscription.pause_collection)
    return refused('This subscription is neither paused nor to be canceled.');
  change(world, { ...subscription, ...noPlannedEnd(), pause_collection: null }, 'none');
  return DONE;
}

const MOST_PLANS = 30;

function plansFor(world: World, { currency, items }: Subscription): PlanChoice[] {
  const present = new Set(items.data.map(({ price }) => price.id));
  const found = world.store.prices.page({
    limit: MOST_PLANS,
    where: (price) =>
      price.active && price.recurring !== null && price.currency === currency && !present.has(price.id),
  });
  const prices = found.outcome === 'page' ? found.rows : [];
  return prices.map((price) => ({
    id: price.id,
    name: productName(world, price),
    amount: price.unit_amount ?? 0,
    currency,
    interval: price.recurring?.interval ?? 'month',
  }));
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
    isHeld: subscription.pause_collection !== null,
    testClock: idIn(subscription.test_clock),
  };
}

function invoiceRow(world: World, invoice: Stripe.Invoice): InvoiceRow {
  const [payment] = world.store.invoicePayments.where('invoice', invoice.id).reverse();
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
    paymentIntentId: idIn(payment?.payment.payment_intent),
    testClock: idIn(invoice.test_clock),
    attempts: invoice.attempt_count,
    nextAt: invoice.automatically_finalizes_at ?? invoice.next_payment_attempt,
    url: invoice.hosted_invoice_url ?? null,
  };
}
