import type Stripe from 'stripe';

/** The writes that we ask of Stripe. */
export const CALL_KINDS = [
  'customer.create',
  'checkout_session.create',
  'subscription_session.create',
  'subscription.update',
  'portal_configuration.create',
  'portal_session.create',
  'refund.create',
  'payment_intent.create',
  'setup_session.create',
  'checkout_session.expire',
  'subscription.cancel',
  'payment_method.detach',
] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** Those that end what stands at Stripe: the same again changes nothing, and the object itself tells that it ended. */
export type EndingKind = 'checkout_session.expire' | 'subscription.cancel' | 'payment_method.detach';

/** Where a kind is asked for; a call with a target has its id behind this, and behind that the act on it. */
const CALL_PATHS: Record<CallKind, `/v1/${string}`> = {
  'customer.create': '/v1/customers',
  'checkout_session.create': '/v1/checkout/sessions',
  'subscription_session.create': '/v1/checkout/sessions',
  'subscription.update': '/v1/subscriptions',
  'portal_configuration.create': '/v1/billing_portal/configurations',
  'portal_session.create': '/v1/billing_portal/sessions',
  'refund.create': '/v1/refunds',
  'payment_intent.create': '/v1/payment_intents',
  'setup_session.create': '/v1/checkout/sessions',
  'checkout_session.expire': '/v1/checkout/sessions',
  'subscription.cancel': '/v1/subscriptions',
  'payment_method.detach': '/v1/payment_methods',
};
const ACTS_ON_TARGET: Partial<Record<CallKind, string>> = {
  'checkout_session.expire': '/expire',
  'payment_method.detach': '/detach',
};

/** How and where a call is asked for. */
export function requestOf({ kind, target }: { kind: CallKind; target: string | null }) {
  const path =
    target === null ? CALL_PATHS[kind] : `${CALL_PATHS[kind]}/${target}${ACTS_ON_TARGET[kind] ?? ''}`;
  return { method: kind === 'subscription.cancel' ? 'DELETE' : 'POST', path };
}

export interface CustomerInput {
  realmId: string;
  customerId: string;
  /** Without one, Stripe's page asks for it and keeps it on the Stripe customer. */
  email: string | null;
  name: string | null;
}

export function customerBody(input: CustomerInput): Stripe.CustomerCreateParams {
  return {
    ...(input.email === null ? {} : { email: input.email }),
    ...(input.name === null ? {} : { name: input.name }),
    metadata: {
      credence_id: input.customerId,
      credence_customer: input.customerId,
      credence_realm: input.realmId,
    },
  };
}

export interface CheckoutInput {
  realmId: string;
  paymentId: string;
  customerId: string;
  packCode: string;
  stripeCustomer: string;
  stripePrice: string;
  quantity: number;
  description: string;
  /** Tax by Stripe Tax, on top of the price; it asks for the address that it needs. */
  automaticTax: boolean;
  successUrl: string;
  cancelUrl: string;
}

/**
 * A session for one pack. Our ids ride on the session, the PaymentIntent (which hands them to its charge) and the
 * invoice, so that each of their events finds its payment alone. Quantity is chosen on our page, never on Stripe's.
 */
export function checkoutBody(input: CheckoutInput): Stripe.Checkout.SessionCreateParams {
  const metadata = {
    credence_id: input.paymentId,
    credence_payment: input.paymentId,
    credence_customer: input.customerId,
    credence_pack: input.packCode,
    credence_realm: input.realmId,
  };
  return {
    mode: 'payment',
    customer: input.stripeCustomer,
    client_reference_id: input.paymentId,
    line_items: [{ price: input.stripePrice, quantity: input.quantity }],
    allow_promotion_codes: true,
    adaptive_pricing: { enabled: false },
    ...(input.automaticTax
      ? { automatic_tax: { enabled: true }, customer_update: { address: 'auto' as const } }
      : {}),
    invoice_creation: { enabled: true, invoice_data: { metadata, description: input.description } },
    payment_intent_data: { metadata, description: input.description },
    metadata,
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
  };
}

export interface RefundBodyInput {
  realmId: string;
  /** Our row: the refund carries it, so that whichever of answer and event comes first finds it. */
  refundId: string;
  paymentId: string;
  customerId: string;
  stripeIntent: string;
  /** In the currency's smallest unit. */
  amount: bigint;
  reason: Stripe.RefundCreateParams.Reason;
}

export function refundBody(input: RefundBodyInput): Stripe.RefundCreateParams {
  return {
    payment_intent: input.stripeIntent,
    amount: Number(input.amount),
    reason: input.reason,
    metadata: {
      credence_id: input.refundId,
      credence_payment: input.paymentId,
      credence_customer: input.customerId,
      credence_realm: input.realmId,
    },
  };
}
