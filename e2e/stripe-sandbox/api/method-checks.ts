import type Stripe from 'stripe';
import { isSpent } from '../engine/methods/method-states';
import type { World } from '../engine/world';
import { conflict } from './refusal';

/** A method that was used up cannot be used. */
export function checkUsable(world: World, method: Stripe.PaymentMethod): void {
  if (!isSpent(world, method.id)) return;
  throw conflict(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
    undefined,
    { param: 'payment_method' },
  );
}
