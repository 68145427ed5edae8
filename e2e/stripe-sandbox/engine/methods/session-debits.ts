import type Stripe from 'stripe';
import { happening, type Happening } from '../happening';
import type { World } from '../world';

/** A session that was completed unpaid hears of the bank's answer once; it never gets a second `completed`. */
export function sessionDebitSettled(world: World, intent: Stripe.PaymentIntent): Happening[] {
  const session = world.store.sessions.first('payment_intent', intent.id);
  if (session?.status !== 'complete' || session.payment_status !== 'unpaid') return [];
  if (intent.status !== 'succeeded') return [happening('checkout.session.async_payment_failed', session)];
  const paid = world.store.sessions.put({ ...session, payment_status: 'paid' });
  return [happening('checkout.session.async_payment_succeeded', paid)];
}
