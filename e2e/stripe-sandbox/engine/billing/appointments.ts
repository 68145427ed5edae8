import type Stripe from 'stripe';
import { clockNow, laterOn } from '../clocks/clock-time';
import { idIn, type World } from '../world';
import { periodOf } from './build-subscription';
import { daysLater } from './periods';

const TRIAL_WARNING_DAYS = 3;

/**
 * Everything that the subscription's present period makes happen. A task looks at the subscription again when its
 * time comes, so appointments of a period that was cut short or made longer do nothing.
 */
export function keepAppointments(world: World, subscription: Stripe.Subscription): void {
  const clock = idIn(subscription.test_clock);
  const now = clockNow(world, clock);
  const { end } = periodOf(subscription);
  const { cancel_at: cancelAt } = subscription;
  if (cancelAt !== null && cancelAt < end)
    laterOn(world, clock, 'renew_subscription', subscription.id, cancelAt);
  laterOn(world, clock, 'renew_subscription', subscription.id, end);
  keepTrialWarning(world, subscription);
  const { upcomingInvoiceDays } = world.settings();
  const announceAt = upcomingInvoiceDays === null ? null : daysLater(end, -upcomingInvoiceDays);
  if (announceAt !== null && announceAt > now) {
    laterOn(world, clock, 'announce_invoice', subscription.id, announceAt);
  }
}

/** A trial that ends with the present period is announced, also one that was begun where the period ended already. */
export function keepTrialWarning(world: World, subscription: Stripe.Subscription): void {
  const { trial_end: trialEnd } = subscription;
  if (trialEnd === null || trialEnd !== periodOf(subscription).end) return;
  const clock = idIn(subscription.test_clock);
  const warnAt = Math.max(clockNow(world, clock), daysLater(trialEnd, -TRIAL_WARNING_DAYS));
  laterOn(world, clock, 'warn_trial_end', subscription.id, warnAt);
}
