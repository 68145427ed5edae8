import * as z from 'zod';
import { chaosSchema } from './chaos/mix';
import { HOUR_SECONDS } from './durations';

const milliseconds = z.int().min(0);

/** The fields that are there; one that is undefined is not. */
const givenSchema = z
  .record(z.string(), z.unknown())
  .transform((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

/** Everything about the sandbox's manners that a test may turn; PUT /_control/settings takes any part of it. */
const settingsFields = z.strictObject({
  /**
   * The order in which the events of one act are sent. `typical` is what developers logged from Stripe,
   * `creation` is the logical order; `shuffle` is the same for the same seed.
   */
  order: z.enum(['typical', 'creation', 'reverse', 'shuffle']),
  seed: z.int(),
  /** Between the first attempts of an act's events. */
  eventSpacingMs: milliseconds,
  /** How long an event waits for the answer to the one sent before it. */
  orderPatienceMs: milliseconds,
  /** From a payment to its balance transaction, receipt and late invoice events (charge.updated). */
  settleDelayMs: milliseconds,
  /** From an accepted bank debit to the bank's answer. */
  debitSettleMs: milliseconds,
  /** The same for the test accounts that take minutes. */
  slowDebitMs: milliseconds,
  /** What the test IBANs AT05…3205 and AT98…3203 do after `slowDebitMs`; published tables differ. */
  lateIbans: z.enum(['fail_and_dispute', 'fail', 'dispute']),
  /** From a refund's success to the reference of its bank (refund.updated); a chargeback still stops it until then. */
  refundReferenceMs: milliseconds,
  /** From a refund to the bank's late answer: a pending one succeeds, one that fails later fails. */
  refundDelayMs: milliseconds,
  /** From evidence with a magic word to the bank's decision. */
  disputeDelayMs: milliseconds,
  /** How the ids of disputes begin; Stripe's older ones are `dp_`. */
  disputePrefix: z.enum(['du', 'dp']),
  /** The code of a refund above what is left; published errors have none or this one. */
  overRefundCode: z.enum(['none', 'amount_too_large']),
  /** A refund that fails sends refund.updated beside refund.failed. */
  refundUpdatedBesideFailed: z.boolean(),
  /** A dispute's acts send charge.updated too. */
  chargeUpdatedOnDispute: z.boolean(),
  /** `compressed`: `retryScheduleMs`. `real`: three days in live mode, three tries within hours in test mode. */
  retries: z.enum(['compressed', 'real']),
  /** The wait before each retry of a delivery; after the last one it has failed. */
  retryScheduleMs: z.array(milliseconds).max(50),
  deliveryTimeoutMs: milliseconds.min(1),
  /** Deliveries under way at the same time, per endpoint. */
  deliveryConcurrency: z.int().min(1).max(1000),
  /** A live endpoint that has answered nothing with 2xx for so many days is disabled; null: never. */
  disableAfterDays: z.number().min(0).nullable(),
  /** What `*` leaves out: events that an endpoint gets only if it names them. */
  explicitEvents: z.array(z.string()).max(300),
  /** After so many seconds `stripe listen` opens its connection anew. */
  listenReconnectSeconds: z.int().min(1).max(HOUR_SECONDS),
  /** Every API request waits this long before it is executed. */
  latencyMs: milliseconds,
  /** The payment_status of a completed session whose total is zero; published payloads show both. */
  zeroTotalStatus: z.enum(['paid', 'no_payment_required']),
  /** What the Dashboard has switched on for the payment page; each shows where it takes the currency. */
  checkoutMethods: z.array(z.enum(['card', 'sepa_debit', 'us_bank_account'])).min(1),
  /** The rate of every automatic tax. */
  taxPercent: z.number().min(0).max(100),
  /** When a failed invoice is tried again, in days after its first try, in order. */
  invoiceRetryDays: z.array(z.number().positive()).max(50),
  /** What becomes of a subscription when the last try has failed. */
  invoiceRetryEnd: z.enum(['cancel', 'unpaid', 'past_due']),
  /** How many days before a renewal invoice.upcoming is sent; null: never. */
  upcomingInvoiceDays: z.number().positive().nullable(),
  /** The collection_method of the invoice of a Checkout payment; published payloads and docs differ. */
  postPaymentCollection: z.enum(['send_invoice', 'charge_automatically']),
  /** Somebody saved the portal's settings in the Dashboard, so sessions need name no configuration. */
  portalDefaultSaved: z.boolean(),
  /** A default method chosen in the portal also takes the place of a subscription's own. */
  portalMovesSubscriptions: z.boolean(),
  /** What restricted keys (`rk_…`) lack, as `METHOD /v1/path`: each request that begins so is refused with 403. */
  restrictedKeysLack: z.array(z.string().regex(/^(GET|POST|DELETE) \/v1\//)).max(50),
  /** Whether the account has a business name; Checkout refuses one without. */
  accountNamed: z.boolean(),
  /** Whether the account may take payments, as it says of itself; payments are played either way. */
  chargesEnabled: z.boolean(),
  /** Where the account is registered for tax, as countries of two letters; Stripe Tax is set up once there is one. */
  taxRegistrations: z.array(z.string().regex(/^[A-Z]{2}$/)).max(50),
  /** Added to the wall clock: moves expiries and due dates without waiting. */
  clockOffsetMs: milliseconds,
});

/** PUT /_control/settings: what it does not name stays. */
export const settingsPatchSchema = settingsFields.partial();
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;
export type Settings = z.infer<typeof settingsFields>;

const DEFAULT_SETTINGS: Settings = {
  order: 'typical',
  seed: 1,
  eventSpacingMs: 15,
  orderPatienceMs: 500,
  settleDelayMs: 2500,
  debitSettleMs: 3000,
  slowDebitMs: 180_000,
  lateIbans: 'fail_and_dispute',
  refundReferenceMs: 1000,
  refundDelayMs: 3000,
  disputeDelayMs: 3000,
  disputePrefix: 'du',
  overRefundCode: 'none',
  refundUpdatedBesideFailed: true,
  chargeUpdatedOnDispute: false,
  retries: 'compressed',
  retryScheduleMs: [1_000, 5_000, 30_000],
  deliveryTimeoutMs: 10_000,
  deliveryConcurrency: 32,
  disableAfterDays: 5,
  explicitEvents: ['issuing_authorization.request'],
  listenReconnectSeconds: 60,
  latencyMs: 0,
  zeroTotalStatus: 'no_payment_required',
  checkoutMethods: ['card'],
  taxPercent: 10,
  invoiceRetryDays: [1, 3, 5, 7, 8, 10, 12, 14],
  invoiceRetryEnd: 'cancel',
  upcomingInvoiceDays: 7,
  postPaymentCollection: 'send_invoice',
  portalDefaultSaved: true,
  portalMovesSubscriptions: true,
  restrictedKeysLack: [],
  accountNamed: true,
  chargesEnabled: true,
  taxRegistrations: ['US'],
  clockOffsetMs: 0,
};

/** Settings as a folder or a run file has them, of any age. */
export const settingsSchema = givenSchema
  .transform((given) => ({ ...DEFAULT_SETTINGS, ...given }))
  .pipe(settingsFields);

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
const faultsFields = z.strictObject({
  /** How many times each delivery is sent. */
  duplicate: z.int().min(1).max(50),
  /** Events come to be and are listed, but nothing is sent, now or later; a resend sends them. */
  drop: z.boolean(),
  /** The first one that matches a request meets it; one that is used up is gone. */
  api: z.array(apiFaultSchema).max(50),
  /** Faults by seed; setting it, or taking it away with null, begins a new run. */
  chaos: chaosSchema.nullable(),
});

/** PUT /_control/faults: the parts it names take the place of what stood there. */
export const faultsPatchSchema = faultsFields.partial();
export type FaultsPatch = z.infer<typeof faultsPatchSchema>;
export type Faults = z.infer<typeof faultsFields>;

const NO_FAULTS: z.input<typeof faultsFields> = {
  duplicate: 1,
  drop: false,
  api: [],
  chaos: null,
};

/** Faults as a folder has them, of any age. */
export const faultsSchema = givenSchema.transform((given) => ({ ...NO_FAULTS, ...given })).pipe(faultsFields);

export const settingsRecordSchema = z.object({
  id: z.literal('settings'),
  settings: settingsSchema,
  faults: faultsSchema,
});
