import type Stripe from 'stripe';
import type { SessionPayer } from '../store/records';
import { completeSession } from './complete-session';
import { answerIntentChallenge, confirmIntent, type Confirmed, type ConfirmOutcome } from './confirm-intent';
import type { CardOptions } from './methods/method-options';
import { challengedMethod } from './methods/setup-intents';
import { ORDERS } from './orders';
import { buildIntent } from './payment-intents';
import { challengedIntent, orderOf, saleOf, sessionIntent, type Sale } from './session-sale';
import { answerSessionSetup, setUpSession, type SessionSetup } from './set-up-session';
import { idIn, type Cause, type World } from './world';

type Session = Stripe.Checkout.Session;

export type SessionPayment = ConfirmOutcome | SessionSetup | { outcome: 'free' };

/**
 * One try to pay an open session, or to save the method if there is nothing to pay today. The first try makes the
 * intent, later ones use it again; success completes the session in the same act.
 */
export function paySession(
  world: World,
  cause: Cause,
  session: Session,
  method: Stripe.PaymentMethod,
  payer: SessionPayer,
): SessionPayment {
  if (session.mode === 'setup' || session.amount_total === 0) {
    return setUpSession(world, cause, session, method, payer);
  }
  const known = sessionIntent(world, session);
  const wanted = known ? refreshedIntent(world, session, known) : firstIntent(world, session);
  const intent = payer.savesMethod ? keptForVisits(world, wanted) : wanted;
  const sale = saleOf(world, session, payer, intent.id);
  const { owner } = sale;
  const input = { intent, method, owner, isNew: known === undefined, isOffSession: false, returnUrl: null };
  return finish(world, cause, sale, { method, confirmed: confirmIntent(world, input) });
}

/** A session that asks for no payment method. */
export function claimFreeSession(
  world: World,
  cause: Cause,
  session: Session,
  payer: SessionPayer,
): SessionPayment {
  const sale = saleOf(world, session, payer, null);
  const happenings = completeSession(world, sale, { paid: null, method: null });
  world.publish(cause, happenings, orderOf(session, ORDERS.payment));
  return { outcome: 'free' };
}

/** The answer to the 3DS question of a session's intent. */
export function answerSessionChallenge(
  world: World,
  cause: Cause,
  session: Session,
  isComplete: boolean,
): SessionPayment | { outcome: 'no_challenge' } {
  const intent = challengedIntent(world, session);
  if (!intent) return { outcome: 'no_challenge' };
  const method = challengedMethod(world, intent);
  const { email, name, address } = method.billing_details;
  const payer = world.store.sessionPlans.must(session.id).payer ?? { email, name, address };
  const sale = saleOf(world, session, payer, intent.id);
  if (intent.object === 'setup_intent') return answerSessionSetup(world, cause, sale, { intent, isComplete });
  const confirmed = answerIntentChallenge(world, { intent, method, owner: sale.owner, isComplete });
  return finish(world, cause, sale, { method, confirmed });
}

function finish(
  world: World,
  cause: Cause,
  sale: Sale,
  { confirmed, method }: { confirmed: Confirmed; method: Stripe.PaymentMethod },
): SessionPayment {
  const { happenings, order, ...outcome } = confirmed;
  if (outcome.outcome === 'declined' || outcome.outcome === 'challenge') {
    world.publish(cause, happenings, order);
    return outcome;
  }
  const kept = world.store.paymentMethods.must(method.id);
  const completion = completeSession(world, sale, { paid: outcome, method: kept });
  world.publish(cause, [...happenings, ...completion], orderOf(sale.session, order));
  return outcome;
}

function firstIntent(world: World, session: Session): Stripe.PaymentIntent {
  const plan = world.store.sessionPlans.must(session.id);
  const card = session.payment_method_options?.card;
  const intent = buildIntent(world, {
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    customer: idIn(session.customer),
    description: plan.description,
    metadata: plan.metadata,
    receiptEmail: plan.receiptEmail,
    setupFutureUsage: plan.setupFutureUsage,
    shipping: plan.shipping,
    statementDescriptor: plan.statementDescriptor,
    statementDescriptorSuffix: plan.statementDescriptorSuffix,
    transferGroup: plan.transferGroup,
    automaticMethods: null,
    captureMethod: card?.capture_method ?? plan.captureMethod,
    cardOptions: card ? cardOptionsOf(card) : {},
    methodTypes: session.payment_method_types,
  });
  return world.store.paymentIntents.put(intent);
}

/** The customer wants to find the method again when they come back. */
function keptForVisits(world: World, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  return world.store.paymentIntents.put({ ...intent, setup_future_usage: 'on_session' });
}

function cardOptionsOf({
  request_three_d_secure: request3ds,
  setup_future_usage: usage,
}: Stripe.Checkout.Session.PaymentMethodOptions.Card): CardOptions {
  return { request_three_d_secure: request3ds, ...(usage !== undefined && { setup_future_usage: usage }) };
}

/** A code or a quantity may have changed the total since the last try. */
function refreshedIntent(world: World, session: Session, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const amount = session.amount_total ?? 0;
  return intent.amount === amount ? intent : world.store.paymentIntents.put({ ...intent, amount });
}
