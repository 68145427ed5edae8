import type Stripe from 'stripe';
import { idIn, type World } from '../world';

/** The method, if it is the customer's. */
export function findMethodOf(world: World, customer: string, id: string): Stripe.PaymentMethod | undefined {
  const method = world.store.paymentMethods.get(id);
  return method && idIn(method.customer) === customer ? method : undefined;
}
