import type Stripe from 'stripe';
import { HOUR_SECONDS } from '../../durations';
import { clockNow } from '../clocks/clock-time';
import { orCustomerDiscount } from '../discounts/customer-discount';
import { happening } from '../happening';
import { idIn, type World } from '../world';
import { periodOf } from './build-subscription';
import { buildDraft } from './draft-invoice';
import type { LineInput } from './invoice-lines';
import { lineOfItem, pendingItems } from './pending-items';
import { boundaryAfter, daysLater } from './periods';
import { recurringOf } from './plan-of';
import { discountsAt } from './renew-subscription';
import { itemLines } from './subscription-lines';

export interface PreviewInput {
  customer: Stripe.Customer;
  currency: string;
  subscription: Stripe.Subscription | null;
  /** Lines beside those of the subscription's next period and the items that wait. */
  extras: LineInput[];
  /** Only what a change costs now, without the next period. */
  isChangeOnly: boolean;
  isRecurringOnly: boolean;
  isTaxed: boolean;
  discounts: Stripe.Discount[] | null;
}

/** The invoice that would come next. Nothing of it is stored. */
export function previewInvoice(world: World, input: PreviewInput): Stripe.Invoice {
  const { customer, subscription } = input;
  const now = clockNow(world, idIn(customer.test_clock));
  const current = subscription && periodOf(subscription);
  const start = current?.end ?? now;
  const waiting = input.isRecurringOnly
    ? []
    : pendingItems(world, {
        customer: customer.id,
        currency: input.currency,
        subscription: subscription?.id ?? null,
      });
  const draft = buildDraft(world, {
    customer,
    currency: input.currency,
    reason: 'upcoming',
    collectionMethod: subscription?.collection_method ?? 'charge_automatically',
    dueDate: null,
    autoAdvance: false,
    subscription,
    period: current ?? { start: now, end: now },
    discounts:
      input.discounts ??
      orCustomerDiscount(
        world,
        subscription ? discountsAt(world, subscription, start) : [],
        customer.id,
        start,
      ),
    isTaxed: input.isTaxed,
    lines: [
      ...waiting.map((item) => lineOfItem(world, item)),
      ...input.extras,
      ...(subscription && !input.isChangeOnly
        ? itemLines(world, subscription, nextPeriod(subscription, start))
        : []),
    ],
    defaultPaymentMethod: null,
    description: null,
    footer: null,
    customFields: null,
    metadata: {},
  });
  return { ...draft, id: `upcoming_${draft.id}`, created: start, next_payment_attempt: start + HOUR_SECONDS };
}

function nextPeriod(subscription: Stripe.Subscription, start: number): { start: number; end: number } {
  const [first] = subscription.items.data;
  if (!first) throw new Error(`${subscription.id} has no items`);
  const end = boundaryAfter(subscription.billing_cycle_anchor, recurringOf(first.price), start);
  return { start, end };
}

/** Some days before a renewal. */
export function announceInvoice(world: World, subscriptionId: string): void {
  const subscription = world.store.subscriptions.get(subscriptionId);
  const days = world.settings().upcomingInvoiceDays;
  if (!subscription || days === null || !['active', 'trialing'].includes(subscription.status)) return;
  const customer = world.store.customers.get(idIn(subscription.customer) ?? '');
  const now = clockNow(world, idIn(subscription.test_clock));
  if (!customer || subscription.cancel_at_period_end) return;
  if (daysLater(now, days) < periodOf(subscription).end) return;
  const preview = previewInvoice(world, {
    customer,
    currency: subscription.currency,
    subscription,
    extras: [],
    isChangeOnly: false,
    isRecurringOnly: false,
    isTaxed: subscription.automatic_tax.enabled,
    discounts: null,
  });
  world.publish(world.byItself, [happening('invoice.upcoming', preview)]);
}
