import type Stripe from 'stripe';
import * as z from 'zod';

import { invoice, subscription } from './billing-facts.server';
import { type CallObject } from './calls.server';
import { card, cardSetup } from './card-facts.server';
import { amount, amountOrZero, ours, reference, text } from './fact-fields.server';
import { chargeRefunds, dispute, refund } from './money-back-facts.server';
import {
  type CardFact,
  type CardSetupFact,
  type ChargeFact,
  HANDLED_OBJECTS,
  type IntentFact,
  type InvoiceFact,
  type ListedKind,
  type SessionFact,
  type StripeFact,
  type SubscriptionFact,
} from './shared';

const session = z
  .object({
    object: z.literal('checkout.session'),
    id: z.string(),
    metadata: ours,
    mode: z.enum(['payment', 'setup', 'subscription']),
    status: z.enum(['open', 'complete', 'expired']).nullish(),
    payment_status: z.enum(['paid', 'unpaid', 'no_payment_required']),
    amount_subtotal: amountOrZero,
    amount_total: amountOrZero,
    total_details: z.object({ amount_discount: amount, amount_tax: amount }).nullish(),
    currency: text,
    payment_intent: reference,
    invoice: reference,
    subscription: reference,
    setup_intent: reference,
    customer: reference,
  })
  .transform((raw): SessionFact => ({
    kind: 'session',
    id: raw.id,
    ours: raw.metadata,
    mode: raw.mode,
    status: raw.status ?? undefined,
    paymentStatus: raw.payment_status,
    amountSubtotal: raw.amount_subtotal,
    amountDiscount: raw.total_details?.amount_discount ?? 0n,
    amountTax: raw.total_details?.amount_tax ?? 0n,
    amountTotal: raw.amount_total,
    currency: raw.currency,
    intentId: raw.payment_intent,
    invoiceId: raw.invoice,
    subscriptionId: raw.subscription,
    setupIntentId: raw.setup_intent,
    stripeCustomer: raw.customer,
  }));

const intent = z
  .object({
    object: z.literal('payment_intent'),
    id: z.string(),
    metadata: ours,
    status: z.enum([
      'canceled',
      'processing',
      'requires_action',
      'requires_capture',
      'requires_confirmation',
      'requires_payment_method',
      'succeeded',
    ]),
    amount,
    amount_received: amountOrZero,
    currency: z.string(),
    latest_charge: reference,
    customer: reference,
    last_payment_error: z.object({ message: text, code: text }).nullish(),
  })
  .transform((raw): IntentFact => ({
    kind: 'intent',
    id: raw.id,
    ours: raw.metadata,
    status: raw.status,
    amount: raw.amount,
    amountReceived: raw.amount_received,
    currency: raw.currency,
    chargeId: raw.latest_charge,
    stripeCustomer: raw.customer,
    lastError: raw.last_payment_error?.message,
    errorCode: raw.last_payment_error?.code,
  }));

const charge = z
  .object({
    object: z.literal('charge'),
    id: z.string(),
    metadata: ours,
    status: z.enum(['failed', 'pending', 'succeeded']),
    payment_intent: reference,
    amount,
    currency: z.string(),
    receipt_url: text,
    failure_message: text,
    customer: reference,
    payment_method_details: z.object({ card: z.object({ brand: text, last4: text }).nullish() }).nullish(),
  })
  .transform((raw): ChargeFact => {
    const card = raw.payment_method_details?.card;
    return {
      kind: 'charge',
      id: raw.id,
      ours: raw.metadata,
      status: raw.status,
      intentId: raw.payment_intent,
      amount: raw.amount,
      currency: raw.currency,
      receiptUrl: raw.receipt_url,
      card: card?.last4 === undefined ? undefined : `${card.brand ?? 'card'} •••• ${card.last4}`,
      failure: raw.failure_message,
      stripeCustomer: raw.customer,
    };
  });

const anyFact = z.union([session, intent, charge, invoice, subscription, refund, dispute, card]);
const handled = z.enum(HANDLED_OBJECTS);
const envelope = z.object({
  type: z.string(),
  data: z.object({ object: z.looseObject({ object: z.string() }) }),
});

/**
 * The fact in an event of the SDK's API version; undefined when the event is about a kind of object that we do not use.
 * @throws ZodError when an object that we use has not the shape of that version: a poison event.
 */
export function factOfEvent(event: unknown): StripeFact | undefined {
  const { type, data } = envelope.parse(event);
  if (!handled.safeParse(data.object.object).success) return undefined;
  if (type === 'charge.refunded') return chargeRefunds.parse(data.object);
  const fact = anyFact.parse(data.object);
  return fact === undefined ? undefined : asTold(type, fact);
}

/** What an event says by its type alone, added to its object as long as that still stands so. */
export function asTold(type: string, fact: StripeFact): StripeFact {
  if (fact.kind === 'session' && type === 'checkout.session.async_payment_failed')
    return fact.paymentStatus === 'unpaid' ? { ...fact, paymentStatus: 'failed' } : fact;
  if (fact.kind === 'subscription' && type === 'customer.subscription.trial_will_end')
    return { ...fact, isTrialEnding: true };
  const needsAction = fact.kind === 'invoice' && type === 'invoice.payment_action_required';
  return needsAction && fact.plan !== undefined
    ? { ...fact, plan: { ...fact.plan, trouble: 'action_required' } }
    : fact;
}

const KINDS: Readonly<Record<ListedKind, z.ZodType<StripeFact>>> = {
  'checkout.session': session,
  payment_intent: intent,
  ...{ charge, invoice, subscription, refund, dispute },
};

/**
 * The fact in an object of a list.
 * @throws ZodError when it has not the shape of the SDK's API version
 */
export const factOfKind = (kind: ListedKind, object: unknown): StripeFact => KINDS[kind].parse(object);

export const sessionFact = (object: Stripe.Checkout.Session): SessionFact => session.parse(object);
export const intentFact = (object: Stripe.PaymentIntent): IntentFact => intent.parse(object);
/** The PaymentIntent that a call made, as its answer told of it. */
export const intentOfCall = (object: CallObject): IntentFact => intent.parse(object);
export const chargeFact = (object: Stripe.Charge): ChargeFact => charge.parse(object);
export const invoiceFact = (object: Stripe.Invoice): InvoiceFact => invoice.parse(object);
export const cardFact = (object: Stripe.PaymentMethod): CardFact | undefined => card.parse(object);
export const cardSetupFact = (object: Stripe.SetupIntent): CardSetupFact => cardSetup.parse(object);
export const subscriptionFact = (object: Stripe.Subscription): SubscriptionFact => subscription.parse(object);
