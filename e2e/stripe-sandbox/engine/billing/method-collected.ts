import type Stripe from 'stripe';
import type { Happening } from '../happening';
import { idIn, type World } from '../world';
import { changeSubscription } from './changes';

/** A subscription that waited for a method to be set up has one now, and pays its invoices with it. */
export function methodCollected(world: World, done: Stripe.SetupIntent): Happening[] {
  return world.store.subscriptions
    .where('customer', idIn(done.customer) ?? '')
    .filter(({ pending_setup_intent: pending }) => idIn(pending) === done.id)
    .flatMap((before) =>
      changeSubscription(world, before, {
        ...before,
        default_payment_method: before.default_payment_method ?? idIn(done.payment_method),
        pending_setup_intent: null,
      }),
    );
}
