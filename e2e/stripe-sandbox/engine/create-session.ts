import type Stripe from 'stripe';
import type { SessionPlan } from '../store/records';
import type { World } from './world';

/** One line of a session, with the price it names or was given inline. */
export interface SessionLine {
  price: Stripe.Price;
  quantity: number;
  name: string;
  metadata: Stripe.Metadata | null;
}

/** What the caller chose about the hosted page and the session's fields; the session echoes it. */
export type SessionChoices = Pick<
  Stripe.Checkout.Session,
  | 'adaptive_pricing'
  | 'allow_promotion_codes'
  | 'billing_address_collection'
  | 'cancel_url'
  | 'client_reference_id'
  | 'consent_collection'
  | 'custom_text'
  | 'customer'
  | 'customer_creation'
  | 'customer_email'
  | 'integration_identifier'
  | 'invoice_creation'
  | 'locale'
  | 'metadata'
  | 'origin_context'
  | 'phone_number_collection'
  | 'submit_type'
  | 'success_url'
>;

export interface SessionInput {
  choices: SessionChoices;
  currency: string;
  lines: SessionLine[];
  expiresAt: number;
  plan: Omit<SessionPlan, 'id'>;
}

export function createSession(world: World, input: SessionInput): Stripe.Checkout.Session {
  const id = world.ids.checkoutSession();
  const items = input.lines.map((line) => buildItem(world, line));
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  world.store.sessionLines.put({ id, items });
  world.store.sessionPlans.put({ id, ...input.plan });
  world.later('expire_session', id, input.expiresAt * 1000);
  return world.store.sessions.put({
    id,
    object: 'checkout.session',
    ...input.choices,
    after_expiration: null,
    allowed_payment_method_types: null,
    amount_subtotal: items.reduce((sum, item) => sum + item.amount_subtotal, 0),
    amount_total: total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    branding_settings: branding(world),
    client_secret: null,
    collected_information: null,
    consent: null,
    created: world.now(),
    currency: input.currency,
    currency_conversion: null,
    custom_fields: [],
    customer_account: null,
    customer_details: knownDetails(world, input.choices),
    discounts: [],
    expires_at: input.expiresAt,
    invoice: null,
    livemode: world.livemode,
    managed_payments: null,
    mode: 'payment',
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    subscription: null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${world.origin}/c/pay/${id}`,
    wallet_options: null,
  });
}

function buildItem(world: World, line: SessionLine): Stripe.LineItem {
  const amount = (line.price.unit_amount ?? 0) * line.quantity;
  return {
    id: world.ids.long('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: line.price.currency,
    description: line.name,
    metadata: line.metadata,
    price: line.price,
    quantity: line.quantity,
  };
}

function branding(world: World): Stripe.Checkout.Session.BrandingSettings {
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
function knownDetails(world: World, choices: SessionChoices): Stripe.Checkout.Session.CustomerDetails | null {
  const customer =
    typeof choices.customer === 'string' ? world.store.customers.get(choices.customer) : undefined;
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
