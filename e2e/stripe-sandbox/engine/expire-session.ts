import type Stripe from 'stripe';
import { DAY_SECONDS } from '../durations';
import { randomText } from '../ids';
import { happening } from './happening';
import { ORDERS } from './orders';
import { cancelSetupIntent } from './methods/setup-intents';
import { sessionIntent, sessionSetup } from './session-sale';
import type { Cause, World } from './world';

const RECOVERY_DAYS = 30;

/** Closes an open session; a PaymentIntent that a try left behind is canceled with it. */
export function expireSession(
  world: World,
  cause: Cause,
  session: Stripe.Checkout.Session,
): Stripe.Checkout.Session {
  const expired = world.store.sessions.put({
    ...session,
    after_expiration: openedRecovery(world, session),
    status: 'expired',
    url: null,
  });
  const happenings = [happening('checkout.session.expired', expired)];
  const intent = sessionIntent(world, session);
  if (intent && intent.status !== 'succeeded' && intent.status !== 'canceled') {
    const canceled = cancelIntent(world, intent, 'expired');
    happenings.push(happening('payment_intent.canceled', canceled));
  }
  const setup = sessionSetup(world, session);
  if (setup && setup.status !== 'succeeded' && setup.status !== 'canceled') {
    happenings.push(...cancelSetupIntent(world, setup, null).happenings);
  }
  world.publish(cause, happenings, ORDERS.expiry);
  return expired;
}

/** The address where the customer may start again, if the session offers one. */
function openedRecovery(
  world: World,
  session: Stripe.Checkout.Session,
): Stripe.Checkout.Session.AfterExpiration | null {
  const recovery = session.after_expiration?.recovery;
  if (!recovery?.enabled) return session.after_expiration;
  const recoveryToken = `${world.livemode ? 'live' : 'test'}_${randomText(32)}`;
  world.store.sessionPlans.put({ ...world.store.sessionPlans.must(session.id), recoveryToken });
  return {
    recovery: {
      ...recovery,
      expires_at: world.now() + RECOVERY_DAYS * DAY_SECONDS,
      url: `${world.origin}/r/${recoveryToken}`,
    },
  };
}

/** The task of `expires_at`. A session that is no longer open has nothing to expire. */
export function expireSessionWhenDue(world: World, sessionId: string): void {
  const session = world.store.sessions.get(sessionId);
  if (session?.status === 'open') expireSession(world, world.byItself, session);
}

function cancelIntent(
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
