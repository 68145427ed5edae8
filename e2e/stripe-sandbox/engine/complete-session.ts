import type Stripe from 'stripe';
import { DAY_SECONDS } from '../durations';
import type { SessionPayer } from '../store/records';
import { startCheckoutSubscription } from './billing/start-subscription';
import type { ConfirmOutcome } from './confirm-intent';
import { BLANK_CUSTOMER, buildCustomer, changedKeys } from './customers';
import { redeemDiscount } from './discounts/redeem';
import { happening, type Happening } from './happening';
import { createSessionInvoice } from './invoices';
import { discountOf, hasTrial } from './price-session';
import type { Sale } from './session-sale';
import { idIn, type World } from './world';

type Session = Stripe.Checkout.Session;

/** What the page collected: the payment, or only a method for later, or nothing. */
export interface Collected {
  paid: Extract<ConfirmOutcome, { outcome: 'succeeded' | 'processing' | 'held' }> | null;
  method: Stripe.PaymentMethod | null;
}

/** Marks the session complete, with its customer and what it sold: an invoice, a subscription, a saved method. */
export function completeSession(world: World, sale: Sale, collected: Collected): Happening[] {
  const { payer, session } = sale;
  const { customer, happenings } = sessionCustomer(world, sale);
  const sold = sell(world, session, customer, collected);
  const discount = discountOf(world, session.id);
  if (discount) redeemDiscount(world, discount);
  const completed = world.store.sessions.put({
    ...session,
    consent: consentOf(session, payer),
    custom_fields: session.custom_fields.map((field) => filledField(field, payer)),
    customer: customer?.id ?? null,
    customer_details: {
      address: payer.address,
      business_name: null,
      email: payer.email,
      individual_name: null,
      name: payer.name,
      phone: payer.phone ?? customer?.phone ?? null,
      tax_exempt: customer?.tax_exempt ?? 'none',
      tax_ids: [],
    },
    invoice: sold.invoice,
    payment_intent: session.mode === 'payment' ? (collected.paid?.intent.id ?? null) : null,
    payment_status: paymentStatusOf(world, session, collected),
    status: 'complete',
    subscription: sold.subscription,
    url: null,
    ...shippingOf(session, payer),
  });
  return [...happenings, happening('checkout.session.completed', completed), ...sold.happenings];
}

interface Sold {
  invoice: string | null;
  subscription: string | null;
  happenings: Happening[];
}

function sell(
  world: World,
  session: Session,
  customer: Stripe.Customer | undefined,
  { method, paid }: Collected,
): Sold {
  if (session.mode === 'subscription') return startSubscription(world, session, customer, { method, paid });
  const isInvoiced = session.invoice_creation?.enabled === true && paid?.outcome !== 'processing';
  if (!isInvoiced || !customer) return { invoice: null, subscription: null, happenings: [] };
  const { happenings, invoice } = createSessionInvoice(world, session, customer, paid?.intent ?? null);
  return { invoice: invoice.id, subscription: null, happenings };
}

function startSubscription(
  world: World,
  session: Session,
  customer: Stripe.Customer | undefined,
  { method, paid }: Collected,
): Sold {
  const { subscription: data } = world.store.sessionPlans.must(session.id);
  if (!customer || !data) throw new Error(`${session.id} sells no subscription.`);
  const { trialEnd, trialPeriodDays } = data;
  const daysEnd = trialPeriodDays === null ? null : world.now() + trialPeriodDays * DAY_SECONDS;
  const started = startCheckoutSubscription(world, {
    session,
    customer,
    intent: paid?.intent ?? null,
    method,
    data: {
      description: data.description,
      metadata: data.metadata,
      trialEnd: trialEnd ?? daysEnd,
      missingMethodAtTrialEnd: data.missingPaymentMethod,
      isClassic: data.isClassic,
    },
  });
  const { happenings, invoice, subscription } = started;
  return { invoice: invoice.id, subscription: subscription.id, happenings };
}

/** Money that is not there yet, or only held, leaves the session unpaid. */
function paymentStatusOf(world: World, session: Session, { paid }: Collected): Session['payment_status'] {
  if (paid !== null) return paid.outcome === 'succeeded' ? 'paid' : 'unpaid';
  const isLater = session.mode === 'setup' || hasTrial(world.store.sessionPlans.must(session.id));
  return isLater ? 'no_payment_required' : world.settings().zeroTotalStatus;
}

function consentOf(session: Session, payer: SessionPayer): Session['consent'] {
  if (session.consent_collection === null) return session.consent;
  const asksTerms = session.consent_collection.terms_of_service === 'required';
  return {
    promotions: null,
    terms_of_service: asksTerms && payer.acceptsTerms !== false ? 'accepted' : null,
  };
}

function filledField(field: Stripe.Checkout.Session.CustomField, payer: SessionPayer) {
  const value = payer.customFields?.[field.key] ?? null;
  return {
    ...field,
    ...(field.dropdown && { dropdown: { ...field.dropdown, value } }),
    ...(field.numeric && { numeric: { ...field.numeric, value } }),
    ...(field.text && { text: { ...field.text, value } }),
  };
}

/** The goods go to the address of the bill. */
function shippingOf(session: Session, { address, name }: SessionPayer): Partial<Session> {
  if (session.shipping_address_collection === null || address === null) return {};
  const shipping = { address, name: name ?? '' };
  return {
    collected_information: { business_name: null, individual_name: null, shipping_details: shipping },
  };
}

interface Known {
  customer: Stripe.Customer | undefined;
  happenings: Happening[];
}

/** The session's customer: made now if the success needs one, or brought up to date as the session allows. */
function sessionCustomer(world: World, { session, payer, owner }: Sale): Known {
  if (owner === null) return { customer: undefined, happenings: [] };
  const known = world.store.customers.get(owner);
  if (known) return updatedCustomer(world, session, payer, known);
  if (session.customer !== null) return { customer: undefined, happenings: [] };
  const { address, email, name, phone = null } = payer;
  const made = { ...buildCustomer(world, { ...BLANK_CUSTOMER, email, name, phone }), id: owner };
  const customer = world.store.customers.put({ ...made, address, currency: session.currency });
  return {
    customer,
    happenings: [
      happening('customer.created', made),
      happening('customer.updated', customer, changedKeys(made, customer)),
    ],
  };
}

function updatedCustomer(
  world: World,
  session: Session,
  payer: SessionPayer,
  before: Stripe.Customer,
): Known {
  const { customerUpdate: may } = world.store.sessionPlans.must(session.id);
  const next = {
    ...before,
    email: before.email ?? payer.email,
    ...(may.address && payer.address && { address: payer.address }),
    ...(may.name && payer.name !== null && { name: payer.name }),
    ...(may.shipping && payer.address && { shipping: { address: payer.address, name: payer.name ?? '' } }),
  };
  const previous = changedKeys(before, next);
  if (Object.keys(previous).length === 0) return { customer: before, happenings: [] };
  const customer = world.store.customers.put(next);
  return { customer, happenings: [happening('customer.updated', customer, previous)] };
}

/** The bank's answer to the debit of a session that was completed unpaid; it never gets a second `completed`. */
export function settleSessionDebit(world: World, intent: Stripe.PaymentIntent): Happening[] {
  const plan = world.store.sessionPlans.first('intent', intent.id);
  const session = world.store.sessions.get(plan?.id ?? '');
  if (session?.status !== 'complete' || session.payment_status !== 'unpaid') return [];
  if (intent.status !== 'succeeded') return [happening('checkout.session.async_payment_failed', session)];
  const customer = world.store.customers.get(idIn(session.customer) ?? '');
  const invoiced =
    session.invoice_creation?.enabled && customer
      ? createSessionInvoice(world, session, customer, intent)
      : null;
  const paid = world.store.sessions.put({
    ...session,
    invoice: invoiced?.invoice.id ?? session.invoice,
    payment_status: 'paid',
  });
  return [happening('checkout.session.async_payment_succeeded', paid), ...(invoiced?.happenings ?? [])];
}
