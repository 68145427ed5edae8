import type Stripe from 'stripe';
import { BLANK_CUSTOMER, buildCustomer } from './customers';
import { answerIntentChallenge, confirmIntent, type Confirmed, type ConfirmOutcome } from './confirm-intent';
import { happening, type Happening } from './happening';
import { createSessionInvoice } from './invoices';
import { ORDERS } from './orders';
import { buildIntent } from './payment-intents';
import { idIn, type Cause, type World } from './world';

/** Who pays, as typed on the page or told by the payment method. */
export interface Payer {
  email: string | null;
  name: string | null;
  address: Stripe.Address | null;
}

export type SessionPayment = ConfirmOutcome | { outcome: 'free' };

/**
 * One try to pay an open session. The first try makes the PaymentIntent, later ones use it again; success
 * completes the session in the same act.
 */
export function paySession(
  world: World,
  cause: Cause,
  session: Stripe.Checkout.Session,
  method: Stripe.PaymentMethod,
  payer: Payer,
): SessionPayment {
  const known = world.store.paymentIntents.get(idIn(session.payment_intent) ?? '');
  const intent = known ?? firstIntent(world, session);
  const linked = world.store.sessions.put({ ...session, payment_intent: intent.id });
  const owner = ownerOf(world, session);
  const input = { intent, method, owner, isNew: known === undefined, isOffSession: false, returnUrl: null };
  return finish(world, cause, { session: linked, payer, owner }, confirmIntent(world, input));
}

/** A session whose total is zero takes no card. */
export function claimFreeSession(
  world: World,
  cause: Cause,
  session: Stripe.Checkout.Session,
  payer: Payer,
): SessionPayment {
  const happenings = complete(world, { session, payer, owner: ownerOf(world, session) }, null);
  world.publish(cause, happenings, ORDERS.payment);
  return { outcome: 'free' };
}

/** The answer to the 3DS question of a session's intent. */
export function answerSessionChallenge(
  world: World,
  cause: Cause,
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
  isComplete: boolean,
): SessionPayment {
  const method = world.store.paymentMethods.must(idIn(intent.payment_method) ?? '');
  const { email, name, address } = method.billing_details;
  const owner = ownerOf(world, session);
  const answered = answerIntentChallenge(world, { intent, method, owner, isComplete });
  return finish(world, cause, { session, payer: { email, name, address }, owner }, answered);
}

interface Sale {
  session: Stripe.Checkout.Session;
  payer: Payer;
  owner: string | null;
}

/**
 * The customer that a success belongs to: the session's, or the id that a customer made by the success will have.
 * `null`: the payer stays a guest.
 */
function ownerOf(world: World, session: Stripe.Checkout.Session): string | null {
  const given = idIn(session.customer);
  if (given !== null) return given;
  const mustExist =
    session.customer_creation === 'always' ||
    session.invoice_creation?.enabled === true ||
    world.store.sessionPlans.must(session.id).setupFutureUsage !== null ||
    session.amount_total === 0;
  return mustExist ? world.ids.short('cus') : null;
}

function finish(world: World, cause: Cause, sale: Sale, confirmed: Confirmed): SessionPayment {
  const { happenings, order, ...outcome } = confirmed;
  if (outcome.outcome === 'declined' || outcome.outcome === 'challenge') {
    world.publish(cause, happenings, order);
    return outcome;
  }
  const completion = complete(world, sale, outcome);
  world.publish(cause, [...happenings, ...completion], order);
  return outcome;
}

function firstIntent(world: World, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  const plan = world.store.sessionPlans.must(session.id);
  return world.store.paymentIntents.put(
    buildIntent(world, {
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
    }),
  );
}

type Paid = Extract<ConfirmOutcome, { outcome: 'succeeded' | 'processing' | 'held' }>;

/** Marks the session complete with its customer and its invoice. */
function complete(world: World, sale: Sale, paid: Paid | null): Happening[] {
  const { session, payer } = sale;
  const { customer, happenings } = sessionCustomer(world, sale);
  const invoiced =
    session.invoice_creation?.enabled && customer
      ? createSessionInvoice(world, session, customer, paid?.intent ?? null)
      : null;
  const completed = world.store.sessions.put({
    ...session,
    customer: customer?.id ?? null,
    customer_details: {
      address: payer.address,
      business_name: null,
      email: payer.email,
      individual_name: null,
      name: payer.name,
      phone: customer?.phone ?? null,
      tax_exempt: customer?.tax_exempt ?? 'none',
      tax_ids: [],
    },
    invoice: invoiced?.invoice.id ?? null,
    payment_intent: paid?.intent.id ?? null,
    payment_status: paymentStatusOf(world, paid),
    status: 'complete',
    url: null,
  });
  return [...happenings, happening('checkout.session.completed', completed), ...(invoiced?.happenings ?? [])];
}

/** Money that is not there yet, or only held, leaves the session unpaid. */
function paymentStatusOf(world: World, paid: Paid | null): Stripe.Checkout.Session.PaymentStatus {
  if (paid === null) return world.settings().zeroTotalStatus;
  return paid.outcome === 'succeeded' ? 'paid' : 'unpaid';
}

/** The session's customer, made now if the success needs one that is not there. */
function sessionCustomer(
  world: World,
  { session, payer, owner }: Sale,
): { customer: Stripe.Customer | undefined; happenings: Happening[] } {
  const known = owner === null ? undefined : world.store.customers.get(owner);
  if (owner === null || known || session.customer !== null) return { customer: known, happenings: [] };
  const made = {
    ...buildCustomer(world, { ...BLANK_CUSTOMER, email: payer.email, name: payer.name }),
    id: owner,
  };
  const customer = world.store.customers.put({ ...made, address: payer.address, currency: session.currency });
  const previous = { address: made.address ?? null, currency: made.currency ?? null };
  return {
    customer,
    happenings: [happening('customer.created', made), happening('customer.updated', customer, previous)],
  };
}
