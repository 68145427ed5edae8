import type Stripe from 'stripe';
import { happening, type Happening } from '../happening';
import type { World } from '../world';

/**
 * What of `before` is no longer so in `after`, as `previous_attributes` tells it: nested objects hold only what
 * changed, lists are whole, and what was not there is null.
 */
export function changedParts(before: object, after: object): Record<string, unknown> {
  const was = new Map<string, unknown>(Object.entries(before));
  const is = new Map<string, unknown>(Object.entries(after));
  const changed: Record<string, unknown> = {};
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [old, now] = [was.get(key) ?? null, is.get(key) ?? null];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    changed[key] = isPlain(old) && isPlain(now) ? changedParts(old, now) : old;
  }
  return changed;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Stores the subscription and says what changed, if anything did. */
export function changeSubscription(
  world: World,
  before: Stripe.Subscription,
  after: Stripe.Subscription,
): Happening[] {
  const stored = world.store.subscriptions.put(after);
  return told(happening('customer.subscription.updated', stored), before);
}

/** Stores the invoice and says what changed, if anything did. */
export function changeInvoice(world: World, before: Stripe.Invoice, after: Stripe.Invoice): Happening[] {
  const stored = world.store.invoices.put(after);
  return told(happening('invoice.updated', stored), before);
}

function told(what: Happening, before: object): Happening[] {
  const previous = changedParts(before, what.object);
  return Object.keys(previous).length > 0 ? [{ ...what, previous }] : [];
}
