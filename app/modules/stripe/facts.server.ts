import type Stripe from 'stripe';
import * as z from 'zod';

import {
  type ChargeFact,
  type IntentFact,
  type InvoiceFact,
  type Ours,
  type SessionFact,
  type StripeFact,
} from './shared';

/** An id, or the object where it was expanded. */
const reference = z
  .union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)])
  .nullish()
  .transform((id) => id ?? undefined);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const amount = z.int().transform((value) => BigInt(value));
const amountOrZero = z
  .int()
  .nullish()
  .transform((value) => BigInt(value ?? 0));

const ours = z
  .record(z.string(), z.string())
  .nullish()
  .transform((metadata): Ours => ({
    ...(metadata?.['credence_realm'] === undefined ? {} : { realm: metadata['credence_realm'] }),
    ...(metadata?.['credence_payment'] === undefined ? {} : { payment: metadata['credence_payment'] }),
    ...(metadata?.['credence_customer'] === undefined ? {} : { customer: metadata['credence_customer'] }),
  }));

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
    last_payment_error: z.object({ message: text }).nullish(),
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
    };
  });

const invoice = z
  .object({
    object: z.literal('invoice'),
    id: z.string(),
    metadata: ours,
    status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).nullish(),
    parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
    hosted_invoice_url: text,
    invoice_pdf: text,
    customer: reference,
  })
  .transform((raw): InvoiceFact => ({
    kind: 'invoice',
    id: raw.id,
    ours: raw.metadata,
    status: raw.status ?? undefined,
    subscriptionId: raw.parent?.subscription_details?.subscription,
    invoiceUrl: raw.hosted_invoice_url,
    pdfUrl: raw.invoice_pdf,
    stripeCustomer: raw.customer,
  }));

const anyFact = z.union([session, intent, charge, invoice]);
const handledObjects = new Set<unknown>(['checkout.session', 'payment_intent', 'charge', 'invoice']);
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
  if (!handledObjects.has(data.object.object)) return undefined;
  const fact = anyFact.parse(data.object);
  const isRefused = fact.kind === 'session' && type === 'checkout.session.async_payment_failed';
  return isRefused ? { ...fact, paymentStatus: 'failed' } : fact;
}

export const sessionFact = (object: Stripe.Checkout.Session): SessionFact => session.parse(object);
export const intentFact = (object: Stripe.PaymentIntent): IntentFact => intent.parse(object);
export const chargeFact = (object: Stripe.Charge): ChargeFact => charge.parse(object);
export const invoiceFact = (object: Stripe.Invoice): InvoiceFact => invoice.parse(object);
