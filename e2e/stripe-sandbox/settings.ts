import * as z from 'zod';
import { chaosSchema } from './chaos/mix';

const milliseconds = z.int().min(0);

/** Everything about the sandbox's manners that a test may turn; PUT /_control/settings takes any part of it. */
export const settingsSchema = z.strictObject({
  /**
   * The order in which the events of one act are sent. `typical` is what developers logged from Stripe,
   * `creation` is the logical order; `shuffle` is the same for the same seed.
   */
  order: z.enum(['typical', 'creation', 'reverse', 'shuffle']).default('typical'),
  seed: z.int().default(1),
  /** Between the first attempts of an act's events. */
  eventSpacingMs: milliseconds.default(15),
  /** How long an event waits for the answer to the one sent before it. */
  orderPatienceMs: milliseconds.default(500),
  /** From a payment to its balance transaction, receipt and late invoice events (charge.updated). */
  settleDelayMs: milliseconds.default(2500),
  /** From an accepted bank debit to the bank's answer. */
  debitSettleMs: milliseconds.default(3000),
  /** The same for the test accounts that take minutes. */
  slowDebitMs: milliseconds.default(180_000),
  /** What the test IBANs AT05…3205 and AT98…3203 do after `slowDebitMs`; published tables differ. */
  lateIbans: z.enum(['fail_and_dispute', 'fail', 'dispute']).default('fail_and_dispute'),
  /** From a refund's success to the reference of its bank (refund.updated); a chargeback still stops it until then. */
  refundReferenceMs: milliseconds.default(1000),
  /** From a refund to the bank's late answer: a pending one succeeds, one that fails later fails. */
  refundDelayMs: milliseconds.default(3000),
  /** From evidence with a magic word to the bank's decision. */
  disputeDelayMs: milliseconds.default(3000),
  /** How the ids of disputes begin; Stripe's older ones are `dp_`. */
  disputePrefix: z.enum(['du', 'dp']).default('du'),
  /** The code of a refund above what is left; published errors have none or this one. */
  overRefundCode: z.enum(['none', 'amount_too_large']).default('none'),
  /** A refund that fails sends refund.updated beside refund.failed. */
  refundUpdatedBesideFailed: z.boolean().default(true),
  /** A dispute's acts send charge.updated too. */
  chargeUpdatedOnDispute: z.boolean().default(false),
  /** `compressed`: `retryScheduleMs`. `real`: three days in live mode, three tries within hours in test mode. */
  retries: z.enum(['compressed', 'real']).default('compressed'),
  /** The wait before each retry of a delivery; after the last one it has failed. */
  retryScheduleMs: z.array(milliseconds).max(50).default([1_000, 5_000, 30_000]),
  deliveryTimeoutMs: milliseconds.min(1).default(10_000),
  /** Deliveries under way at the same time, per endpoint. */
  deliveryConcurrency: z.int().min(1).max(1000).default(32),
  /** A live endpoint that has answered nothing with 2xx for so many days is disabled; null: never. */
  disableAfterDays: z.number().min(0).nullable().default(5),
  /** What `*` leaves out: events that an endpoint gets only if it names them. */
  explicitEvents: z.array(z.string()).max(300).default(['issuing_authorization.request']),
  /** After so many seconds `stripe listen` opens its connection anew. */
  listenReconnectSeconds: z.int().min(1).max(3600).default(60),
  /** Every API request waits this long before it is executed. */
  latencyMs: milliseconds.default(0),
  /** The payment_status of a completed session whose total is zero; published payloads show both. */
  zeroTotalStatus: z.enum(['paid', 'no_payment_required']).default('no_payment_required'),
  /** The rate of every automatic tax. */
  taxPercent: z.number().min(0).max(100).default(10),
  /** When a failed invoice is tried again, in days after its first try, in order. */
  invoiceRetryDays: z.array(z.number().positive()).max(50).default([1, 3, 5, 7, 8, 10, 12, 14]),
  /** What becomes of a subscription when the last try has failed. */
  invoiceRetryEnd: z.enum(['cancel', 'unpaid', 'past_due']).default('cancel'),
  /** How many days before a renewal invoice.upcoming is sent; null: never. */
  upcomingInvoiceDays: z.number().positive().nullable().default(7),
  /** The collection_method of the invoice of a Checkout payment; published payloads and docs differ. */
  postPaymentCollection: z.enum(['send_invoice', 'charge_automatically']).default('send_invoice'),
  /** Somebody saved the portal's settings in the Dashboard, so sessions need name no configuration. */
  portalDefaultSaved: z.boolean().default(true),
  /** A default method chosen in the portal also takes the place of a subscription's own. */
  portalMovesSubscriptions: z.boolean().default(true),
  /** Added to the wall clock: moves expiries and due dates without waiting. */
  clockOffsetMs: milliseconds.default(0),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsPatchSchema = z.strictObject({
  order: settingsSchema.shape.order.unwrap().optional(),
  seed: settingsSchema.shape.seed.unwrap().optional(),
  eventSpacingMs: milliseconds.optional(),
  orderPatienceMs: milliseconds.optional(),
  settleDelayMs: milliseconds.optional(),
  debitSettleMs: milliseconds.optional(),
  slowDebitMs: milliseconds.optional(),
  lateIbans: settingsSchema.shape.lateIbans.unwrap().optional(),
  refundReferenceMs: milliseconds.optional(),
  refundDelayMs: milliseconds.optional(),
  disputeDelayMs: milliseconds.optional(),
  disputePrefix: settingsSchema.shape.disputePrefix.unwrap().optional(),
  overRefundCode: settingsSchema.shape.overRefundCode.unwrap().optional(),
  refundUpdatedBesideFailed: z.boolean().optional(),
  chargeUpdatedOnDispute: z.boolean().optional(),
  retries: settingsSchema.shape.retries.unwrap().optional(),
  retryScheduleMs: settingsSchema.shape.retryScheduleMs.unwrap().optional(),
  deliveryTimeoutMs: milliseconds.min(1).optional(),
  deliveryConcurrency: settingsSchema.shape.deliveryConcurrency.unwrap().optional(),
  disableAfterDays: settingsSchema.shape.disableAfterDays.unwrap().optional(),
  explicitEvents: settingsSchema.shape.explicitEvents.unwrap().optional(),
  listenReconnectSeconds: settingsSchema.shape.listenReconnectSeconds.unwrap().optional(),
  latencyMs: milliseconds.optional(),
  zeroTotalStatus: settingsSchema.shape.zeroTotalStatus.unwrap().optional(),
  taxPercent: settingsSchema.shape.taxPercent.unwrap().optional(),
  invoiceRetryDays: settingsSchema.shape.invoiceRetryDays.unwrap().optional(),
  invoiceRetryEnd: settingsSchema.shape.invoiceRetryEnd.unwrap().optional(),
  upcomingInvoiceDays: settingsSchema.shape.upcomingInvoiceDays.unwrap().optional(),
  postPaymentCollection: settingsSchema.shape.postPaymentCollection.unwrap().optional(),
  portalDefaultSaved: z.boolean().optional(),
  portalMovesSubscriptions: z.boolean().optional(),
  clockOffsetMs: milliseconds.optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** Why Stripe says that a request was limited. */
const RATE_LIMIT_REASONS = [
  'global-rate',
  'endpoint-rate',
  'global-concurrency',
  'endpoint-concurrency',
  'resource-specific',
] as const;

/**
 * What goes wrong with an API request.
 * - `unavailable`: the connection is cut before anything is executed.
 * - `lost_answer`: the request is executed and saved, its idempotency key too; then the connection is cut.
 * - `server_error`: nothing is executed; the answer is a 500, which the idempotency key remembers and replays.
 * - `rate_limit`: nothing is executed; the answer is a 429 with `reason`, which no idempotency key remembers.
 * - `slow`: the request is executed `ms` later.
 *
 * The SDK sends a request once more after a cut connection, also with `maxNetworkRetries: 0`.
 */
const apiFaultSchema = z.strictObject({
  method: z.enum(['*', 'GET', 'POST', 'DELETE']),
  /** What the request's path begins with. */
  path: z.string().startsWith('/v1'),
  effect: z.enum(['unavailable', 'lost_answer', 'server_error', 'rate_limit', 'slow']),
  /** How many requests it meets; null: every one until the faults are changed. */
  times: z.int().min(1).nullable(),
  /** Of `rate_limit`; absent: global-rate. */
  reason: z.enum(RATE_LIMIT_REASONS).optional(),
  /** Of `slow`; absent: two seconds. */
  ms: milliseconds.optional(),
});
export type ApiFault = z.infer<typeof apiFaultSchema>;

/** What goes wrong on purpose. Pages, panel, controls and the health check never suffer from it. */
export const faultsSchema = z.strictObject({
  /** How many times each delivery is sent. */
  duplicate: z.int().min(1).max(50).default(1),
  /** Events come to be and are listed, but nothing is sent, now or later; a resend sends them. */
  drop: z.boolean().default(false),
  /** The first one that matches a request meets it; one that is used up is gone. */
  api: z.array(apiFaultSchema).max(50).default([]),
  /** Faults by seed; setting it, or taking it away with null, begins a new run. */
  chaos: chaosSchema.nullable().default(null),
});
export type Faults = z.infer<typeof faultsSchema>;

/** PUT /_control/faults: the parts it names take the place of what stood there. */
export const faultsPatchSchema = z.strictObject({
  duplicate: faultsSchema.shape.duplicate.unwrap().optional(),
  drop: faultsSchema.shape.drop.unwrap().optional(),
  api: faultsSchema.shape.api.unwrap().optional(),
  chaos: faultsSchema.shape.chaos.unwrap().optional(),
});
export type FaultsPatch = z.infer<typeof faultsPatchSchema>;

export const settingsRecordSchema = z.object({
  id: z.literal('settings'),
  settings: settingsSchema,
  faults: faultsSchema,
});
