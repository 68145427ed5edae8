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
  /** The first payment of a subscription on the hosted page. */
  subscriptionSession: [
    'charge.succeeded',
    'payment_method.attached',
    'customer.created',
    'customer.updated',
    'checkout.session.completed',
    'customer.subscription.created',
    'payment_intent.created',
    'payment_intent.succeeded',
    'invoice.created',
    'invoice.finalized',
    'invoice.paid',
    'invoice.payment_succeeded',
  ],
  /** A held payment, on the hosted page or without it. */
  held: [
    'charge.succeeded',
    'payment_method.attached',
    'customer.created',
    'customer.updated',
    'payment_intent.amount_capturable_updated',
    'payment_intent.created',
    'checkout.session.completed',
  ],
  processing: [
    'customer.created',
    'customer.updated',
    'payment_intent.created',
    'payment_intent.processing',
    'charge.pending',
    'payment_method.attached',
    'checkout.session.completed',
  ],
  debitPaid: ['charge.succeeded', 'payment_intent.succeeded', 'checkout.session.async_payment_succeeded'],
  debitFailed: ['charge.failed', 'payment_intent.payment_failed', 'checkout.session.async_payment_failed'],
  settlement: [
    'charge.updated',
    'invoice.sent',
    'invoice.paid',
    'invoice.payment_succeeded',
    'invoice_payment.paid',
  ],
  expiry: ['checkout.session.expired', 'payment_intent.canceled'],
} satisfies Record<string, Types>;
