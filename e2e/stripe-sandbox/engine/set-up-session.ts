import type Stripe from 'stripe';
import type { SessionPayer } from '../store/records';
import { completeSession } from './complete-session';
import type { Refusal } from './cards';
import {
  answerSetupChallenge,
  challengedMethod,
  confirmSetupIntent,
  createSetupIntent,
  type SetupTried,
} from './methods/setup-intents';
import { orderOf, saleOf, sessionSetup, type Sale } from './session-sale';
import { idIn, type Cause, type World } from './world';

type Session = Stripe.Checkout.Session;

export type SessionSetup =
  /** The method is the customer's, and the session is complete. */
  | { outcome: 'set_up'; intent: Stripe.SetupIntent }
  | { outcome: 'setup_declined'; intent: Stripe.SetupIntent; refusal: Refusal }
  /** The customer must answer a 3DS challenge. */
  | { outcome: 'challenge'; intent: Stripe.SetupIntent };

/** One try to save a method, of a session that takes no money today. */
export function setUpSession(
  world: World,
  cause: Cause,
  session: Session,
  method: Stripe.PaymentMethod,
  payer: SessionPayer,
): SessionSetup {
  const known = sessionSetup(world, session);
  const intent = known ?? newSetup(world, session);
  const sale = saleOf(world, session, payer, intent.id);
  const { owner } = sale;
  const tried = confirmSetupIntent(world, { intent, method, owner, isNew: !known, returnUrl: null });
  return finish(world, cause, sale, { method, tried });
}

export function answerSessionSetup(
  world: World,
  cause: Cause,
  sale: Sale,
  { intent, isComplete }: { intent: Stripe.SetupIntent; isComplete: boolean },
): SessionSetup {
  const method = challengedMethod(world, intent);
  const tried = answerSetupChallenge(world, { intent, method, owner: sale.owner, isComplete });
  return finish(world, cause, sale, { method, tried });
}

/** Its event belongs to whoever publishes the act. */
export function newSetup(world: World, session: Session): Stripe.SetupIntent {
  const { setup } = world.store.sessionPlans.must(session.id);
  return createSetupIntent(world, {
    customer: idIn(session.customer),
    description: setup?.description ?? null,
    metadata: setup?.metadata ?? {},
    usage: 'off_session',
    automaticMethods: null,
    methodTypes: session.payment_method_types,
    request3ds: session.payment_method_options?.card?.request_three_d_secure ?? 'automatic',
  });
}

function finish(
  world: World,
  cause: Cause,
  sale: Sale,
  { method, tried }: { method: Stripe.PaymentMethod; tried: SetupTried },
): SessionSetup {
  const { happenings, order } = tried;
  if (tried.outcome !== 'succeeded') {
    world.publish(cause, happenings, order);
    return tried.outcome === 'challenge'
      ? { outcome: 'challenge', intent: tried.intent }
      : { outcome: 'setup_declined', intent: tried.intent, refusal: tried.refusal };
  }
  const kept = world.store.paymentMethods.must(method.id);
  const completion = completeSession(world, sale, { paid: null, method: kept });
  world.publish(cause, [...happenings, ...completion], orderOf(sale.session, order));
  return { outcome: 'set_up', intent: tried.intent };
}
