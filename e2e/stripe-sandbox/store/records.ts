import Stripe from 'stripe';
import * as z from 'zod';

/** A Stripe object read back from our own journal: its tag says what it is, the code that wrote it typed the rest. */
export function stripeObject<T extends { id: string; object: string }>(tag: T['object']): z.ZodType<T> {
  return z.custom<T>((value) => tagged.safeParse(value).data?.object === tag);
}
const tagged = z.object({ id: z.string(), object: z.string() });

/** Fields named `…_decimal` are text in JSON and Decimals in the SDK's types. */
export function withDecimals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDecimals);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      key.endsWith('_decimal') && typeof field === 'string'
        ? Stripe.Decimal.from(field)
        : withDecimals(field),
    ]),
  );
}

/** The line items of a Checkout Session, under the session's id. */
export const sessionLinesSchema = z.object({
  id: z.string(),
  items: z.array(z.custom<Stripe.LineItem>((value) => tagged.safeParse(value).data?.object === 'item')),
});

export const sessionPlanSchema = z.object({
  /** The session's id. */
  id: z.string(),
  metadata: z.record(z.string(), z.string()),
  description: z.string().nullable(),
  receiptEmail: z.string().nullable(),
  setupFutureUsage: z.enum(['off_session', 'on_session']).nullable(),
  statementDescriptor: z.string().nullable(),
  statementDescriptorSuffix: z.string().nullable(),
  transferGroup: z.string().nullable(),
  shipping: z.custom<Stripe.PaymentIntent.Shipping | null>((value) => value !== undefined),
});
/** What a Checkout Session keeps for the PaymentIntent that its first confirmation makes. Not visible in the API. */
export type SessionPlan = z.infer<typeof sessionPlanSchema>;

/** The number behind a payment method of type card: a row of the card table or, in live mode, any other card. */
export const cardSecretSchema = z.object({
  /** The payment method's id. */
  id: z.string(),
  testCard: z.string(),
});

/** The IBAN, or routing and account number with a slash between, behind a payment method that is debited. */
export const bankSecretSchema = z.object({
  /** The payment method's id. */
  id: z.string(),
  number: z.string(),
});

export const eventRecordSchema = z.object({
  id: z.string(),
  type: z.string(),
  created: z.number(),
  apiVersion: z.string(),
  request: z.object({ id: z.string().nullable(), idempotency_key: z.string().nullable() }),
  object: z.custom<{ id?: string; object: string }>((value) => typeof value === 'object' && value !== null),
  previous: z.record(z.string(), z.unknown()).nullable(),
});
export type EventRecord = z.infer<typeof eventRecordSchema>;

export const endpointSecretSchema = z.object({
  /** The endpoint's id. */
  id: z.string(),
  secrets: z.array(z.object({ value: z.string(), expiresAtMs: z.number().nullable() })),
});

const attemptSchema = z.object({
  atMs: z.number(),
  responseStatus: z.number().nullable(),
  responseBody: z.string().nullable(),
  error: z.string().nullable(),
});
export type AttemptRecord = z.infer<typeof attemptSchema>;

export const deliveryRecordSchema = z.object({
  id: z.string(),
  eventId: z.string(),
  eventType: z.string(),
  endpointId: z.string(),
  url: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed', 'dropped']),
  createdMs: z.number(),
  nextAttemptAtMs: z.number().nullable(),
  attempts: z.array(attemptSchema),
});
export type DeliveryRecord = z.infer<typeof deliveryRecordSchema>;

export const savedAnswerSchema = z.object({
  /** The idempotency key. */
  id: z.string(),
  fingerprint: z.string(),
  status: z.number(),
  body: z.string(),
  requestId: z.string(),
  createdMs: z.number(),
});
export type SavedAnswer = z.infer<typeof savedAnswerSchema>;

export const taskSchema = z.object({
  id: z.string(),
  kind: z.enum(['advance_clock', 'expire_session', 'settle_charge', 'release_funds', 'settle_debit']),
  subject: z.string(),
  atMs: z.number(),
  /** The test clock whose advance runs it; null: the sandbox's own time does. */
  clock: z.string().nullable().default(null),
});
/** Something the sandbox does by itself later. */
export type Task = z.infer<typeof taskSchema>;

/** Where a receipt or an invoice is shown. */
export const paperSchema = z.object({
  /** The token in its address. */
  id: z.string(),
  /** The charge or the invoice. */
  subject: z.string(),
});

export const mailRecordSchema = z.object({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  receivedAtMs: z.number(),
});
