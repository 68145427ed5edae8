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

interface Use {
  /** Whom the method belongs to from now on, if it is kept. */
  customer: string | null;
  keepFor: Stripe.PaymentIntent['setup_future_usage'];
}

/**
 * What an accepted payment does to its method: one kept for later use becomes the customer's, one that belongs to
 * nobody cannot be used again.
 */
export function afterPayment(world: World, method: Stripe.PaymentMethod, use: Use): Happening[] {
  const isKept = idIn(method.customer) !== null || (use.keepFor !== null && use.customer !== null);
  if (!isKept) {
    spend(world, method.id);
    return [];
  }
  return use.keepFor === null ? [] : afterSetup(world, method, use);
}

/** A method that is set up becomes the customer's; without one it may still be attached. */
export function afterSetup(world: World, method: Stripe.PaymentMethod, use: Use): Happening[] {
  if (use.keepFor === 'off_session') markSetUp(world, method.id);
  if (idIn(method.customer) !== null || use.customer === null) return [];
  const attached = world.store.paymentMethods.put({ ...method, customer: use.customer });
  return [happening('payment_method.attached', attached)];
}
