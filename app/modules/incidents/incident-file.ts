import * as z from 'zod';

/**
 * An incident as a file: a run of the Stripe sandbox (`stripe-sandbox-run/1`, which its player sends again) with what stood
 * here before it, what we did beside it, and what was decided, so that a replay can be compared. Nobody is named in it.
 * Amounts are in the currency's smallest unit; `atMs` are Unix milliseconds, but those of deliveries, which count from
 * `startedMs`.
 */
const words = z.record(z.string(), z.unknown());
const atMs = z.number();

const event = z.object({
  id: z.string(),
  type: z.string(),
  /** Seconds since 1970. */
  created: z.int(),
  apiVersion: z.string(),
  request: z.object({ id: z.null(), idempotency_key: z.null() }),
  object: words,
  previous: words.nullable(),
});

const delivery = z.object({
  act: z.int(),
  eventId: z.string(),
  eventType: z.string(),
  endpoint: z.int(),
  atMs,
  afterActMs: z.literal(0),
  /** How it was refused: a wrong signature, or one of long ago. */
  nature: z.enum(['genuine', 'stale', 'forged_signature']),
  faults: z.array(z.string()),
  refusals: z.literal(0),
  /** No delivery of it came: it was found in Stripe's list of events at that time. */
  isDropped: z.boolean(),
  body: words,
  /** What was said to it: `first`, `repeat`, `bad_signature`…; `caught_up` where none came. */
  verdict: z.string(),
});

const version = z.object({
  id: z.string(),
  item: z.string(),
  kind: z.enum(['pack', 'plan']),
  code: z.string(),
  credits: z.int(),
  expiresDays: z.int().nullable(),
  interval: z.string().nullable(),
  trialDays: z.int().nullable(),
  trialCredits: z.int().nullable(),
  rolloverPeriods: z.int(),
  prices: z.array(z.object({ currency: z.string(), amount: z.int(), stripeId: z.string().nullable() })),
});

const lot = z.object({
  kind: z.enum(['pack', 'plan', 'promo', 'manual', 'external']),
  amount: z.int(),
  priority: z.int(),
  /** Null: never. */
  expiresMs: z.number().nullable(),
});

const sale = z.object({
  id: z.string(),
  customer: z.string(),
  kind: z.enum(['pack', 'plan', 'topup', 'offline']),
  version: z.string().nullable(),
  quantity: z.int(),
  credits: z.int(),
  currency: z.string(),
  amountSubtotal: z.int(),
  session: z.string().nullable(),
  intent: z.string().nullable(),
});

const act = z.discriminatedUnion('act', [
  /** Stripe was asked about a payment: its customer came back, or staff or a job looked. */
  z.object({ atMs, act: z.literal('look'), payment: z.string() }),
  /** Staff asked for a refund. */
  z.object({ atMs, act: z.literal('refund'), row: z.string(), payment: z.string(), amount: z.int() }),
  /** The product spent. */
  z.object({ atMs, act: z.literal('spend'), customer: z.string(), amount: z.int() }),
  z.object({ atMs, act: z.literal('hold'), customer: z.string(), hold: z.string(), amount: z.int() }),
  z.object({ atMs, act: z.literal('capture'), hold: z.string(), amount: z.int() }),
  z.object({ atMs, act: z.literal('release'), hold: z.string() }),
  /** Credits came of something that is not told here. */
  z.object({ atMs, act: z.literal('grant'), customer: z.string(), lot }),
  /** Done then, and not done again: what hangs on it is not compared. */
  z.object({ atMs, act: z.literal('unplayed'), what: z.string(), subject: z.string() }),
]);

const decided = z.object({
  id: z.string(),
  type: z.string(),
  status: z.string(),
  decision: z.string().nullable(),
  reason: z.string().nullable(),
  /** Rows that its tries changed, by the beginning of their ids: `pay`, `txf`. */
  effects: z.array(z.string()),
});

const endOfPayment = z.object({
  /** Its id; of one that an event made, of two objects that meet, what it is known by at Stripe. */
  known: z.string(),
  state: z.string(),
  reviewReason: z.string().nullable(),
  amountPaid: z.int().nullable(),
  granted: z.int(),
  moneyObject: z.string().nullable(),
  /** Credits that refunds and disputes have taken, and those with what they may take. */
  taken: z.object({ gone: z.int(), all: z.int() }).nullable(),
  backs: z.array(
    z.object({ stripeId: z.string().nullable(), status: z.string(), level: z.string(), taken: z.int() }),
  ),
});

const balance = z.object({
  customer: z.string(),
  available: z.int(),
  held: z.int(),
  claimed: z.int(),
  debt: z.int(),
  frozen: z.boolean(),
});

export const incidentFile = z.object({
  format: z.literal('stripe-sandbox-run/1'),
  account: z.string(),
  livemode: z.literal(false),
  chaos: z.null(),
  settings: z.object({}),
  startedMs: z.number(),
  endpoints: z.array(z.object({ id: z.string(), url: z.string(), secret: z.null() })),
  events: z.array(event),
  deliveries: z.array(delivery),
  faults: z.tuple([]),
  incident: z.object({
    version: z.literal('credence-incident/1'),
    exportedMs: z.number(),
    /** What was asked for, by the ids that it has here. */
    about: z.array(z.string()),
    /** Where it happened; the file itself plays in test mode. */
    mode: z.enum(['test', 'live']),
    realm: z.string(),
    /** Deliveries that were refused and cannot be made again. */
    refused: z.array(z.object({ atMs, verdict: z.string(), eventId: z.string().nullable() })),
    /** Of what could not be told, and why. */
    omitted: z.array(z.object({ what: z.string(), why: z.string() })),
    before: z.object({
      versions: z.array(version),
      customers: z.array(z.object({ id: z.string(), stripeIds: z.array(z.string()), lots: z.array(lot) })),
      payments: z.array(sale),
      orders: z.array(
        z.object({
          ...{ id: z.string(), customer: z.string(), version: z.string(), currency: z.string() },
          ...{ trialDays: z.int().nullable(), session: z.string().nullable() },
        }),
      ),
    }),
    acts: z.array(act),
    /** Every try, in order. */
    tries: z.array(z.object({ atMs, eventId: z.string(), run: z.int(), n: z.int(), outcome: z.string() })),
    /** What Stripe showed of objects when the file was written; earlier states are in the events. */
    reads: z.array(z.object({ object: z.string(), id: z.string(), body: words })),
    expected: z.object({
      events: z.array(decided),
      payments: z.array(endOfPayment),
      customers: z.array(balance),
    }),
  }),
});
export type IncidentFile = z.output<typeof incidentFile>;
export type Incident = IncidentFile['incident'];
