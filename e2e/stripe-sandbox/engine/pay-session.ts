import type Stripe from 'stripe';
import type { SessionPayer } from '../store/records';
import { completeSession, type Sale } from './complete-session';
import { answerIntentChallenge, confirmIntent, type Confirmed, type ConfirmOutcome } from './confirm-intent';
import { ORDERS } from './orders';
import { buildIntent } from './payment-intents';
import { idIn, type Cause, type World } from './world';

export type { SessionPayer as Payer } from '../store/records';

type Session = Stripe.Checkout.Session;

export type SessionPayment = ConfirmOutcome | { outcome: 'free' };

/**
 * One try to pay an open session. The first try makes the PaymentIntent, later ones use it again; success
 * completes the session in the same act.
 */
export function paySession(
  world: World,
  cause: Cause,
  session: Session,
  method: Stripe.PaymentMethod,
  payer: SessionPayer,
): SessionPayment {
  const known = sessionIntent(world, session);
  const intent = known ? refreshedIntent(world, session, known) : firstIntent(world, session);
  const sale = saleOf(world, session, payer, intent.id);
  const { owner } = sale;
  const input = { intent, method, owner, isNew: known === undefined, isOffSession: false, returnUrl: null };
  return finish(world, cause, sale, { method, confirmed: confirmIntent(world, input) });
}

/** A session whose total is zero and that keeps no method for later takes no card. */
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
  intent: Stripe.PaymentIntent,
  isComplete: boolean,
): SessionPayment {
  const method = world.store.paymentMethods.must(idIn(intent.payment_method) ?? '');
  const { email, name, address } = method.billing_details;
  const payer = world.store.sessionPlans.must(session.id).payer ?? { email, name, address };
  const sale = saleOf(world, session, payer, intent.id);
  const confirmed = answerIntentChallenge(world, { intent, method, owner: sale.owner, isComplete });
  return finish(world, cause, sale, { method, confirmed });
}

/** The intent that the first try made. A subscription's session does not name it. */
export function sessionIntent(world: World, session: Session): Stripe.PaymentIntent | undefined {
  const { intent } = world.store.sessionPlans.must(session.id);
  return world.store.paymentIntents.get(intent ?? idIn(session.payment_intent) ?? '');
}

/** Remembers who tries, and with which intent; in payment mode the session names it. */
function saleOf(world: World, before: Session, payer: SessionPayer, intent: string | null): Sale {
  const plan = world.store.sessionPlans.must(before.id);
  world.store.sessionPlans.put({ ...plan, intent, payer });
  const isNamed = intent !== null && before.mode === 'payment';
  const session = isNamed ? world.store.sessions.put({ ...before, payment_intent: intent }) : before;
  return { session, payer, owner: ownerOf(world, session) };
}

/**
 * The customer that a success belongs to: the session's, or the id that a customer made by the success will have.
 * `null`: the payer stays a guest.
 */
function ownerOf(world: World, session: Session): string | null {
  const given = idIn(session.customer);
  if (given !== null) return given;
  const mustExist =
    session.customer_creation === 'always' ||
    session.invoice_creation?.enabled === true ||
    world.store.sessionPlans.must(session.id).setupFutureUsage !== null ||
    session.amount_total === 0;
  return mustExist ? world.ids.short('cus') : null;
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

function orderOf({ mode }: Session, other: readonly Stripe.Event.Type[]): readonly Stripe.Event.Type[] {
  return mode === 'subscription' ? ORDERS.subscriptionSession : other;
}

function firstIntent(world: World, session: Session): Stripe.PaymentIntent {
  const plan = world.store.sessionPlans.must(session.id);
  const built = buildIntent(world, {
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
  });
  return world.store.paymentIntents.put({
    ...built,
    capture_method: plan.captureMethod,
    payment_method_types: session.payment_method_types,
  });
}

/** A code or a quantity may have changed the total since the last try. */
function refreshedIntent(world: World, session: Session, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const amount = session.amount_total ?? 0;
  return intent.amount === amount ? intent : world.store.paymentIntents.put({ ...intent, amount });
}
