import type Stripe from 'stripe';

export interface TopUpBodyInput {
  realmId: string;
  paymentId: string;
  customerId: string;
  packCode: string;
  stripeCustomer: string;
  stripeMethod: string;
  /** In the currency's smallest unit. */
  amount: bigint;
  currency: string;
  description: string;
}

/**
 * A charge of a saved card while nobody is there to be asked anything: it succeeds, is under way or is refused at once.
 * Our ids ride on the PaymentIntent, which hands them to its charge.
 */
export function topUpBody(input: TopUpBodyInput): Stripe.PaymentIntentCreateParams {
  return {
    amount: Number(input.amount),
    currency: input.currency,
    customer: input.stripeCustomer,
    payment_method: input.stripeMethod,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    confirm: true,
    off_session: true,
    description: input.description,
    metadata: {
      credence_id: input.paymentId,
      credence_payment: input.paymentId,
      credence_customer: input.customerId,
      credence_pack: input.packCode,
      credence_realm: input.realmId,
    },
  };
}

export interface CardPageInput {
  realmId: string;
  setupId: string;
  customerId: string;
  stripeCustomer: string;
  currency: string;
  successUrl: string;
  cancelUrl: string;
}

/** A page on which a card is saved for charges without its holder; it takes no money. */
export function cardPageBody(input: CardPageInput): Stripe.Checkout.SessionCreateParams {
  const metadata = {
    credence_id: input.setupId,
    credence_customer: input.customerId,
    credence_realm: input.realmId,
  };
  return {
    mode: 'setup',
    customer: input.stripeCustomer,
    client_reference_id: input.setupId,
    currency: input.currency,
    allowed_payment_method_types: ['card'],
    setup_intent_data: { metadata },
    metadata,
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
  };
}
