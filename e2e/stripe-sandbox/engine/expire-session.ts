import type Stripe from 'stripe';
import { happening } from './happening';
import { ORDERS } from './orders';
import { idIn, type Cause, type World } from './world';

/** Closes an open session; a PaymentIntent that a try left behind is canceled with it. */
export function expireSession(
  world: World,
  cause: Cause,
  session: Stripe.Checkout.Session,
): Stripe.Checkout.Session {
  const expired = world.store.sessions.put({ ...session, status: 'expired', url: null });
  const happenings = [happening('checkout.session.expired', expired)];
  const intent = world.store.paymentIntents.get(idIn(session.payment_intent) ?? '');
  if (intent && intent.status !== 'succeeded' && intent.status !== 'canceled') {
    const canceled = cancelIntent(world, intent, 'expired');
    happenings.push(happening('payment_intent.canceled', canceled));
  }
  world.publish(cause, happenings, ORDERS.expiry);
  return expired;
}

/** The task of `expires_at`. A session that is no longer open has nothing to expire. */
export function expireSessionWhenDue(world: World, sessionId: string): void {
  const session = world.store.sessions.get(sessionId);
  if (session?.status === 'open') expireSession(world, world.byItself, session);
}

export function cancelIntent(
  world: World,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason,
): Stripe.PaymentIntent {
  return world.store.paymentIntents.put({
    ...intent,
    canceled_at: world.now(),
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
}
