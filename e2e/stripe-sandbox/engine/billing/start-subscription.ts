import type Stripe from 'stripe';
import { clockNow } from '../clocks/clock-time';
import { couponOf } from '../discounts/build-discount';
import { addMonths } from '../discounts/add-months';
import { happening, type Happening } from '../happening';
import { soldLine } from '../invoices';
import { discountOf } from '../price-session';
import { idIn, type World } from '../world';
import { buildSubscription } from './build-subscription';
import { buildDraft } from './draft-invoice';
import type { LineInput } from './invoice-lines';
import { markPaid, openInvoice, putPayment } from './invoice-states';
import { boundaryAfter } from './periods';
import { keepAppointments } from './appointments';
import { recurringOf } from './plan-of';
import { itemLines, trialLines } from './subscription-lines';

export interface CheckoutStart {
  /** With its lines stored. */
  session: Stripe.Checkout.Session;
  customer: Stripe.Customer;
  /** The payment of the first invoice, there or on its way; null: nothing was to be paid. */
  intent: Stripe.PaymentIntent | null;
  /** What later invoices are paid with. */
  method: Stripe.PaymentMethod | null;
  /** `subscription_data` of the session. */
  data: {
    description: string | null;
    metadata: Stripe.Metadata;
    /** Unix seconds; null: no trial. */
    trialEnd: number | null;
    missingMethodAtTrialEnd: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod;
    isClassic: boolean;
  };
}

export interface CheckoutStarted {
  subscription: Stripe.Subscription;
  /** Paid, or open while its debit is on its way. */
  invoice: Stripe.Invoice;
  happenings: Happening[];
}

/**
 * The subscription of a paid Checkout Session: made active or trialing, with its first invoice made, finalized and
 * paid. Counting the uses of its discounts is the caller's.
 */
export function startCheckoutSubscription(world: World, start: CheckoutStart): CheckoutStarted {
  const { customer, intent, session } = start;
  const known = currencyKnown(world, customer, session.currency ?? 'usd');
  const made = subscriptionOf(world, start);
  const discounts = discountsOf(world, session, made);
  const { trial_end: trialEnd } = made;
  const draft = world.store.invoices.put(
    buildDraft(world, {
      customer: { ...known.customer, balance: 0 },
      currency: made.currency,
      reason: 'subscription_create',
      collectionMethod: 'charge_automatically',
      dueDate: null,
      autoAdvance: false,
      subscription: made,
      period: { start: made.start_date, end: made.start_date },
      discounts,
      isTaxed: made.automatic_tax.enabled,
      lines: linesOf(world, session, made),
      defaultPaymentMethod: null,
      description: null,
      footer: null,
      customFields: null,
      metadata: {},
    }),
  );
  const opened = openInvoice(world, draft, false);
  const tried = { ...opened.invoice, attempted: true, attempt_count: intent ? 1 : 0 };
  const isThere = intent === null || intent.status === 'succeeded';
  const { happenings, invoice } = isThere
    ? markPaid(world, tried)
    : { happenings: [], invoice: world.store.invoices.put(tried) };
  if (intent) putPayment(world, invoice, intent, isThere ? 'paid' : 'open');
  const subscription = world.store.subscriptions.put({
    ...made,
    discounts: discounts.filter((discount) => lasts(world, discount, trialEnd)).map(({ id }) => id),
    latest_invoice: invoice.id,
  });
  keepAppointments(world, subscription);
  return {
    subscription,
    invoice,
    happenings: [
      ...known.happenings,
      happening('customer.subscription.created', subscription),
      happening('invoice.created', draft),
      ...opened.happenings,
      ...happenings,
    ],
  };
}

/** A customer's first purchase decides its currency. */
export function currencyKnown(
  world: World,
  customer: Stripe.Customer,
  currency: string,
): { customer: Stripe.Customer; happenings: Happening[] } {
  if (customer.currency) return { customer, happenings: [] };
  const known = world.store.customers.put({ ...customer, currency });
  return { customer: known, happenings: [happening('customer.updated', known, { currency: null })] };
}

/** A coupon for one invoice is gone with it, unless that invoice is a trial's. */
export function lasts(world: World, discount: Stripe.Discount, trialEnd: number | null): boolean {
  return couponOf(world, discount).duration !== 'once' || trialEnd !== null;
}

function couponEnd(coupon: Stripe.Coupon, start: number): number | null {
  return coupon.duration === 'repeating' ? addMonths(start, coupon.duration_in_months ?? 0) : null;
}

function subscriptionOf(
  world: World,
  { customer, data, method, session }: CheckoutStart,
): Stripe.Subscription {
  const now = clockNow(world, idIn(customer.test_clock));
  const items = world.store.sessionLines
    .must(session.id)
    .items.flatMap((line) =>
      line.price?.recurring
        ? [{ price: line.price, quantity: line.quantity ?? 1, metadata: line.metadata ?? {} }]
        : [],
    );
  const [first] = items;
  if (!first) throw new Error(`${session.id} sells nothing that recurs`);
  const trial = data.trialEnd === null ? null : { start: now, end: data.trialEnd };
  const anchor = trial?.end ?? now;
  const end = trial?.end ?? boundaryAfter(anchor, recurringOf(first.price), now);
  return buildSubscription(world, {
    customer,
    currency: session.currency ?? 'usd',
    items,
    status: trial ? 'trialing' : 'active',
    anchor,
    period: { start: now, end },
    trial,
    missingMethodAtTrialEnd: data.missingMethodAtTrialEnd,
    collectionMethod: 'charge_automatically',
    daysUntilDue: null,
    defaultPaymentMethod: method?.id ?? null,
    savesMethod: 'off',
    methodTypes: null,
    description: data.description,
    metadata: data.metadata,
    isTaxed: session.automatic_tax.enabled,
    isClassic: data.isClassic,
  });
}

/** The session's discount is the subscription's from now on. */
function discountsOf(
  world: World,
  session: Stripe.Checkout.Session,
  subscription: Stripe.Subscription,
): Stripe.Discount[] {
  const discount = discountOf(world, session.id);
  if (!discount) return [];
  const { customer, id, start_date: start } = subscription;
  const end = couponEnd(couponOf(world, discount), start);
  return [world.store.discounts.put({ ...discount, customer: idIn(customer), end, start, subscription: id })];
}

/** What the session sold, at the discounts and taxes that its page showed. */
function linesOf(
  world: World,
  session: Stripe.Checkout.Session,
  subscription: Stripe.Subscription,
): LineInput[] {
  const period = { start: subscription.start_date, end: subscription.items.data[0]?.current_period_end ?? 0 };
  const sold = world.store.sessionLines.must(session.id).items;
  const settled = sold.map((line) => ({ discount: line.amount_discount, tax: line.amount_tax }));
  const recurring = (subscription.trial_end === null ? itemLines : trialLines)(world, subscription, period);
  let turn = 0;
  return sold.map((line, place): LineInput => {
    const next = line.price?.recurring ? recurring[turn] : undefined;
    if (next) {
      turn += 1;
      return {
        ...next,
        settled: subscription.trial_end === null ? (settled[place] ?? null) : { discount: 0, tax: 0 },
      };
    }
    return soldLine(world, line, period.start, subscription.id);
  });
}
