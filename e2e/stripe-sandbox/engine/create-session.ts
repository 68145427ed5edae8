import type Stripe from 'stripe';
import type { SessionPlan } from '../store/records';
import { buildDiscount } from './discounts/build-discount';
import { happening } from './happening';
import { priceSession } from './price-session';
import { newSetup } from './set-up-session';
import { idIn, type Cause, type World } from './world';

type Session = Stripe.Checkout.Session;

/** One line of a session, with the price it names or was given inline. */
export interface SessionLine {
  price: Stripe.Price;
  quantity: number;
  name: string;
  metadata: Stripe.Metadata | null;
  adjustable: Stripe.LineItem.AdjustableQuantity | null;
}

/** What the caller chose about the hosted page and the session's fields; the session echoes it. */
export type SessionChoices = Pick<
  Session,
  | 'adaptive_pricing'
  | 'after_expiration'
  | 'allow_promotion_codes'
  | 'allowed_payment_method_types'
  | 'automatic_tax'
  | 'billing_address_collection'
  | 'cancel_url'
  | 'client_reference_id'
  | 'consent_collection'
  | 'custom_fields'
  | 'custom_text'
  | 'customer'
  | 'customer_creation'
  | 'customer_email'
  | 'excluded_payment_method_types'
  | 'integration_identifier'
  | 'invoice_creation'
  | 'locale'
  | 'metadata'
  | 'mode'
  | 'origin_context'
  | 'payment_method_collection'
  | 'payment_method_options'
  | 'payment_method_types'
  | 'phone_number_collection'
  | 'recovered_from'
  | 'saved_payment_method_options'
  | 'shipping_address_collection'
  | 'submit_type'
  | 'success_url'
  | 'tax_id_collection'
  | 'wallet_options'
> & {
  /** Where the page looks otherwise than the account says. */
  branding: Partial<Stripe.Checkout.Session.BrandingSettings>;
};

/** What is planned before anyone has come to the page. */
export type NewPlan = Omit<SessionPlan, 'id' | 'intent' | 'discount' | 'payer' | 'recoveryToken'>;

export interface SessionInput {
  choices: SessionChoices;
  /** null only in setup mode. */
  currency: string | null;
  lines: SessionLine[];
  expiresAt: number;
  discount: { coupon: Stripe.Coupon; promotionCode: string | null } | null;
  plan: NewPlan;
}

export function createSession(world: World, cause: Cause, input: SessionInput): Session {
  const { currency } = input;
  const { branding, ...choices } = input.choices;
  const id = world.ids.checkoutSession();
  const customer = idIn(choices.customer);
  const discount =
    input.discount && buildDiscount(world, { ...input.discount, customer, checkoutSession: id });
  world.store.sessionPlans.put({
    ...input.plan,
    id,
    discount: discount?.id ?? null,
    intent: null,
    payer: null,
    recoveryToken: null,
  });
  world.later('expire_session', id, input.expiresAt * 1000);
  const session: Session = {
    ...choices,
    ...unpaidSession(world, id),
    branding_settings: { ...accountBranding(world), ...branding },
    currency,
    customer_details: knownDetails(world, choices),
    expires_at: input.expiresAt,
    payment_status: choices.mode === 'setup' ? 'no_payment_required' : 'unpaid',
  };
  const items = input.lines.map((line) => buildItem(world, line, currency));
  return choices.mode === 'setup' ? storeSetup(world, cause, session) : priceSession(world, session, items);
}

/** A session that only saves a payment method sells nothing and has its setup from the start. */
function storeSetup(world: World, cause: Cause, session: Session): Session {
  world.store.sessionLines.put({ id: session.id, items: [] });
  const setup = newSetup(world, session);
  const plan = world.store.sessionPlans.must(session.id);
  world.store.sessionPlans.put({ ...plan, intent: setup.id });
  world.publish(cause, [happening('setup_intent.created', setup)]);
  return world.store.sessions.put({ ...session, setup_intent: setup.id });
}

/** The fields that are the same for every new session, whatever it was copied from. */
function unpaidSession(world: World, id: string) {
  return {
    id,
    object: 'checkout.session',
    amount_subtotal: null,
    amount_total: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    created: world.now(),
    currency: null,
    currency_conversion: null,
    customer_account: null,
    customer_details: null,
    discounts: [],
    expires_at: 0,
    invoice: null,
    livemode: world.livemode,
    managed_payments: null,
    payment_intent: null,
    payment_link: null,
    payment_method_configuration_details: null,
    permissions: null,
    setup_intent: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    subscription: null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${world.origin}/c/pay/${id}`,
  } satisfies Partial<Session>;
}

/** Its amounts are counted with those of the other lines. */
export function buildItem(world: World, line: SessionLine, currency: string | null): Stripe.LineItem {
  return {
    id: world.ids.long('li'),
    object: 'item',
    adjustable_quantity: line.adjustable,
    amount_discount: 0,
    amount_subtotal: 0,
    amount_tax: 0,
    amount_total: 0,
    currency: currency ?? line.price.currency,
    description: line.name,
    metadata: line.metadata,
    price: line.price,
    quantity: line.quantity,
  };
}

function accountBranding(world: World): Stripe.Checkout.Session.BrandingSettings {
  return {
    background_color: '#ffffff',
    border_style: 'rounded',
    button_color: '#0074d4',
    display_name: world.account.settings?.dashboard.display_name ?? 'Sandbox',
    font_family: 'default',
    icon: null,
    logo: null,
  };
}

/** Before the customer types anything, only an e-mail that the caller gave is known. */
function knownDetails(
  world: World,
  choices: Pick<SessionChoices, 'customer' | 'customer_email'>,
): Stripe.Checkout.Session.CustomerDetails | null {
  const customer = world.store.customers.get(idIn(choices.customer) ?? '');
  const email = customer?.email ?? choices.customer_email;
  if (email === null) return null;
  return {
    address: null,
    business_name: null,
    email,
    individual_name: null,
    name: null,
    phone: null,
    tax_exempt: customer?.tax_exempt ?? 'none',
    tax_ids: null,
  };
}
