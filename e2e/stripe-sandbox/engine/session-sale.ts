import type Stripe from 'stripe';
import type { SessionPayer } from '../store/records';
import { ORDERS } from './orders';
import { idIn, type World } from './world';

type Session = Stripe.Checkout.Session;

/** A session on its way to completion. */
export interface Sale {
  session: Session;
  payer: SessionPayer;
  /** The customer's id, also of one that the success will make; null: the payer stays a guest. */
  owner: string | null;
}

/** Remembers who tries, and with which intent; in payment mode the session names it. */
export function saleOf(world: World, before: Session, payer: SessionPayer, intent: string | null): Sale {
  const plan = world.store.sessionPlans.must(before.id);
  world.store.sessionPlans.put({ ...plan, intent, payer });
  const isNamed = intent !== null && before.mode === 'payment';
  const session = isNamed ? world.store.sessions.put({ ...before, payment_intent: intent }) : before;
  return { session, payer, owner: ownerOf(world, session) };
}

/** The customer that a success belongs to: the session's, or the id that one made by the success will have. */
function ownerOf(world: World, session: Session): string | null {
  const given = idIn(session.customer);
  if (given !== null) return given;
  const mustExist =
    session.customer_creation === 'always' ||
    session.invoice_creation?.enabled === true ||
    world.store.sessionPlans.must(session.id).setupFutureUsage !== null ||
    session.payment_method_options?.card?.setup_future_usage !== undefined ||
    session.amount_total === 0;
  return mustExist ? world.ids.short('cus') : null;
}

/** Whether the page asks for a payment method: to pay, or to have one for later. */
export function collectsMethod(session: Session): boolean {
  if (session.mode === 'setup' || session.amount_total !== 0) return true;
  return session.mode === 'subscription' && session.payment_method_collection === 'always';
}

/** The intent that the first try made. A subscription's session does not name it. */
export function sessionIntent(world: World, session: Session): Stripe.PaymentIntent | undefined {
  const { intent } = world.store.sessionPlans.must(session.id);
  return world.store.paymentIntents.get(intent ?? '');
}

/** The setup of a session that saves a method: its own in setup mode, else one that the first try made. */
export function sessionSetup(world: World, session: Session): Stripe.SetupIntent | undefined {
  const { intent } = world.store.sessionPlans.must(session.id);
  return world.store.setupIntents.get(intent ?? '');
}

/** What waits for the answer to its 3DS challenge. */
export function challengedIntent(
  world: World,
  session: Session,
): Stripe.PaymentIntent | Stripe.SetupIntent | undefined {
  const intent = sessionIntent(world, session) ?? sessionSetup(world, session);
  return intent?.status === 'requires_action' ? intent : undefined;
}

export function orderOf(
  { mode }: Session,
  other: readonly Stripe.Event.Type[],
): readonly Stripe.Event.Type[] {
  return mode === 'subscription' ? ORDERS.subscriptionSession : other;
}
