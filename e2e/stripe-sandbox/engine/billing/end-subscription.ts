import type Stripe from 'stripe';
import { clockNow } from '../clocks/clock-time';
import { happening, type Happening } from '../happening';
import { idIn, type World } from '../world';
import { changeInvoice, changeSubscription } from './changes';
import { invoicesOf, subscriptionIdOf, voidInvoice } from './invoice-states';
import { ownPendingItems } from './pending-items';

type Reason = 'cancellation_requested' | 'payment_failed';

/**
 * Ends the subscription for good. Its open invoices stay to be paid, but nobody asks for the money any more. What
 * its changes cost and no invoice has asked for is forgotten, unless it is to be kept.
 */
export function endSubscription(
  world: World,
  before: Stripe.Subscription,
  reason: Reason,
  keepsProrations = false,
): Happening[] {
  const now = clockNow(world, idIn(before.test_clock));
  const ended = world.store.subscriptions.put({
    ...before,
    canceled_at: before.canceled_at ?? now,
    cancellation_details: { ...blankDetails, ...before.cancellation_details, reason },
    ended_at: now,
    pause_collection: null,
    status: 'canceled',
  });
  const left = invoicesOf(world, before.id).filter(({ auto_advance: advances }) => advances);
  return [
    happening('customer.subscription.deleted', ended),
    ...left.flatMap((invoice) =>
      changeInvoice(world, invoice, {
        ...invoice,
        auto_advance: false,
        automatically_finalizes_at: null,
        next_payment_attempt: null,
      }),
    ),
    ...(keepsProrations ? [] : dropProrations(world, before)),
  ];
}

const blankDetails = { comment: null, feedback: null, feedback_option: null };

function dropProrations(world: World, subscription: Stripe.Subscription): Happening[] {
  return ownPendingItems(world, subscription).map((item) => {
    world.store.invoiceItems.delete(item.id);
    return happening('invoiceitem.deleted', item);
  });
}

/** A first invoice that nobody paid for 23 hours ends its subscription. */
export function expireIncomplete(world: World, subscriptionId: string): void {
  const subscription = world.store.subscriptions.get(subscriptionId);
  if (subscription?.status !== 'incomplete') return;
  const open = invoicesOf(world, subscriptionId).filter(({ status }) => status === 'open');
  const expired = expired23(world, subscription);
  const voided = open.flatMap((invoice) => voidInvoice(world, invoice).happenings);
  world.publish(world.byItself, [...expired, ...voided]);
}

function expired23(world: World, subscription: Stripe.Subscription): Happening[] {
  const now = clockNow(world, idIn(subscription.test_clock));
  return changeSubscription(world, subscription, {
    ...subscription,
    ended_at: now,
    status: 'incomplete_expired',
  });
}

/** What a void or uncollectible invoice means for its subscription. */
export function invoiceGivenUp(world: World, invoice: Stripe.Invoice): Happening[] {
  const subscription = world.store.subscriptions.get(subscriptionIdOf(invoice) ?? '');
  if (!subscription || idIn(subscription.latest_invoice) !== invoice.id) return [];
  if (subscription.status === 'incomplete') return expired23(world, subscription);
  if (subscription.status !== 'past_due' && subscription.status !== 'unpaid') return [];
  return changeSubscription(world, subscription, { ...subscription, status: 'active' });
}
