import type Stripe from 'stripe';

type Types = readonly Stripe.Event.Type[];

/** The orders in which Stripe was seen to send the events of one act. */
export const ORDERS = {
  payment: [
    'charge.succeeded',
    'payment_method.attached',
    'customer.created',
    'customer.updated',
    'payment_intent.succeeded',
    'payment_intent.created',
    'checkout.session.completed',
    'invoice.created',
    'invoice.finalized',
  ],
  decline: ['charge.failed', 'payment_intent.payment_failed', 'payment_intent.created'],
  challenge: ['payment_intent.requires_action', 'payment_intent.created'],
  afterChallenge: [
    'payment_intent.succeeded',
    'charge.succeeded',
    'payment_method.attached',
    'customer.created',
    'customer.updated',
    'checkout.session.completed',
    'invoice.created',
    'invoice.finalized',
  ],
  settlement: [
    'charge.updated',
    'invoice.sent',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ],
  expiry: ['checkout.session.expired', 'payment_intent.canceled'],
} satisfies Record<string, Types>;
