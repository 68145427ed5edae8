import type Stripe from 'stripe';
import { happening, type Happening } from '../happening';
import { idIn, type World } from '../world';

/** A method that was detached, or used without belonging to a customer, is used up. */
export function isSpent(world: World, methodId: string): boolean {
  return world.store.methodStates.get(methodId)?.isSpent ?? false;
}

export function isSetUpOffSession(world: World, methodId: string): boolean {
  return world.store.methodStates.get(methodId)?.isSetUp ?? false;
}

export function spend(world: World, methodId: string): void {
  world.store.methodStates.put({ id: methodId, isSetUp: isSetUpOffSession(world, methodId), isSpent: true });
}

function markSetUp(world: World, methodId: string): void {
  world.store.methodStates.put({ id: methodId, isSetUp: true, isSpent: isSpent(world, methodId) });
}

/**
 * What an accepted payment or setup does to its method: one kept for later use becomes the customer's, one that
 * belongs to nobody cannot be used again.
 */
export function afterUse(
  world: World,
  method: Stripe.PaymentMethod,
  use: { customer: string | null; keepFor: Stripe.PaymentIntent['setup_future_usage'] },
): Happening[] {
  const owner = idIn(method.customer);
  if (use.keepFor === null || (owner === null && use.customer === null)) {
    if (owner === null) spend(world, method.id);
    return [];
  }
  if (use.keepFor === 'off_session') markSetUp(world, method.id);
  if (owner !== null || use.customer === null) return [];
  const attached = world.store.paymentMethods.put({ ...method, customer: use.customer });
  return [happening('payment_method.attached', attached)];
}
