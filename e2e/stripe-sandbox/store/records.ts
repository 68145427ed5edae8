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

const currencyOptionSchema = z.object({
  unitAmount: z.number(),
  taxBehavior: z.enum(['exclusive', 'inclusive', 'unspecified']),
});
/** What a price costs in a currency beside its own. */
export type CurrencyOption = z.infer<typeof currencyOptionSchema>;

export const priceCurrenciesSchema = z.object({
  /** The price's id. */
  id: z.string(),
  /** By currency. */
  options: z.record(z.string(), currencyOptionSchema),
});

/** The line items of a Checkout Session, under the session's id. */
export const sessionLinesSchema = z.object({
  id: z.string(),
  items: z.array(z.custom<Stripe.LineItem>((value) => tagged.safeParse(value).data?.object === 'item')),
});

/** How a line's discount and tax came to be: the includable fields of a line item, under its id. */
export const lineBreakdownSchema = z.object({
  id: z.string(),
  discounts: z.array(z.custom<Stripe.LineItem.Discount>((value) => typeof value === 'object')),
  taxes: z.array(z.custom<Stripe.LineItem.Tax>((value) => typeof value === 'object')),
});
export type LineBreakdown = z.infer<typeof lineBreakdownSchema>;

/** Who pays, as typed on the page or told by the payment method. */
export interface SessionPayer {
  email: string | null;
  name: string | null;
  address: Stripe.Address | null;
  phone?: string | null;
  /** By the keys of the session's custom fields. */
  customFields?: Record<string, string>;
  acceptsTerms?: boolean;
  /** The method is kept for their next visits. */
  savesMethod?: boolean;
}

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
  captureMethod: z.enum(['automatic', 'automatic_async', 'manual']).default('automatic_async'),
  /** Whether the method may be shown to its customer again; null: by what becomes of it. */
  allowRedisplay: z.enum(['always', 'limited', 'unspecified']).nullable().default(null),
  /** The intent that the first try made; in subscription mode the session itself does not name it. */
  intent: z.string().nullable().default(null),
  /** The discount on the session. */
  discount: z.string().nullable().default(null),
  /** What the page may change of a customer that was there before. */
  customerUpdate: z
    .object({ address: z.boolean(), name: z.boolean(), shipping: z.boolean() })
    .default({ address: false, name: false, shipping: false }),
  subscription: z
    .object({
      metadata: z.record(z.string(), z.string()),
      description: z.string().nullable(),
      trialPeriodDays: z.number().nullable(),
      /** Unix seconds. */
      trialEnd: z.number().nullable(),
      /** What happens at the end of a trial that no payment method follows. */
      missingPaymentMethod: z.enum(['cancel', 'create_invoice', 'pause']),
      /** The billing mode of what is sold. */
      isClassic: z.boolean().default(false),
    })
    .nullable()
    .default(null),
  setup: z
    .object({ metadata: z.record(z.string(), z.string()), description: z.string().nullable() })
    .nullable()
    .default(null),
  /** Who tried to pay last, with what the page asked for; a 3DS answer goes on with it. */
  payer: z
    .custom<SessionPayer>((value) => typeof value === 'object')
    .nullable()
    .default(null),
  /** What the address of its recovery ends with. */
  recoveryToken: z.string().nullable().default(null),
});
/** What a Checkout Session keeps for what its completion makes. Not visible in the API. */
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

/** What the API does not show of a payment method; without a row it is neither. */
export const methodStateSchema = z.object({
  /** The payment method's id. */
  id: z.string(),
  /** Set up for payments without its holder. */
  isSetUp: z.boolean(),
  /** It may not be used again. */
  isSpent: z.boolean(),
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

/** Since when an endpoint has answered nothing with 2xx. */
export const endpointHealthSchema = z.object({
  /** The endpoint's id. */
  id: z.string(),
  failingSinceMs: z.number().nullable(),
});

/** What happened since the faults by seed were set, or since the state was made or reset. */
export const runSchema = z.object({
  id: z.literal('run'),
  number: z.number(),
  startedMs: z.number(),
  /** The acts so far. */
  turn: z.number(),
  /** How often each fault struck. */
  struck: z.record(z.string(), z.number()),
  /** How many API requests of each kind came while chaos had faults for them. */
  requests: z.record(z.string(), z.number()),
  /** The `created` that the acts of one group share. */
  second: z.object({ group: z.number(), created: z.number() }).nullable(),
});
export type RunRecord = z.infer<typeof runSchema>;

/** One thing that chaos did. */
export const mischiefSchema = z.object({
  id: z.string(),
  run: z.number(),
  /** The act; 0: an API request. */
  turn: z.number(),
  fault: z.string(),
  eventId: z.string().nullable(),
  eventType: z.string().nullable(),
  endpointId: z.string().nullable(),
  detail: z.string().nullable(),
  atMs: z.number(),
});
export type MischiefRecord = z.infer<typeof mischiefSchema>;

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
  /** A webhook endpoint's or a listen session's. */
  endpointId: z.string(),
  url: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed', 'dropped']),
  createdMs: z.number(),
  nextAttemptAtMs: z.number().nullable(),
  attempts: z.array(attemptSchema),
  /** All but `genuine` must be refused by whoever gets them. */
  nature: z.enum(['genuine', 'stale', 'forged_signature', 'forged_body', 'forged_event']).default('genuine'),
  /** What chaos did to it. */
  faults: z.array(z.string()).default([]),
  /** The version it is shaped for; null: the endpoint's. */
  apiVersion: z.string().nullable().default(null),
  /** The first attempts that meet an endpoint where nobody listens. */
  refusals: z.number().default(0),
  /** Sent instead of the event as it is rendered today. */
  body: z.string().nullable().default(null),
  /** The run and its act that planned it; 0: a resend or a replay. */
  run: z.number().default(0),
  turn: z.number().default(0),
  /** When it was to leave, after its act. */
  afterActMs: z.number().default(0),
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
  kind: z.enum([
    'advance_clock',
    'delete_clock',
    'expire_session',
    'settle_charge',
    'release_funds',
    'settle_debit',
    'reference_refund',
    'settle_refund',
    'fail_refund',
    'expire_dispute',
    'decide_dispute',
    'return_debit',
    'advance_invoice',
    'announce_invoice',
    'expire_incomplete',
    'overdue_invoice',
    'renew_subscription',
    'resume_collection',
    'retry_invoice',
    'warn_trial_end',
    'lapse_coupon',
    'lapse_promotion_code',
  ]),
  subject: z.string(),
  atMs: z.number(),
  /** The test clock whose advance runs it; null: the sandbox's own time does. */
  clock: z.string().nullable().default(null),
});
/** Something the sandbox does by itself later. */
export type Task = z.infer<typeof taskSchema>;

export const portalVisitSchema = z.object({
  /** The portal session's id. */
  id: z.string(),
  /** Unix seconds. */
  lastSeen: z.number(),
});

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
