/** One metric as it is scraped. Prometheus’ base units: seconds, bytes; a counter ends in `_total`. */
export interface Metric {
  type: 'gauge' | 'counter' | 'histogram';
  unit: 'seconds' | 'bytes' | 'credits' | 'count' | 'flag';
  labels: readonly string[];
  /** `database`: of the whole installation, the same from every process. `process`: of the one that is asked. */
  of: 'database' | 'process';
  help: string;
  /** Upper bounds of a histogram’s buckets, in its unit. */
  buckets?: readonly number[];
}

const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
const SLOW = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600] as const;

const gauge = (unit: Metric['unit'], labels: readonly string[], help: string) =>
  ({ type: 'gauge', unit, labels, of: 'database', help }) as const;
const own = (unit: Metric['unit'], labels: readonly string[], help: string) =>
  ({ type: 'gauge', unit, labels, of: 'process', help }) as const;
const total = (labels: readonly string[], help: string) =>
  ({ type: 'counter', unit: 'count', labels, of: 'process', help }) as const;
const durations = (labels: readonly string[], buckets: readonly number[], help: string) =>
  ({ type: 'histogram', unit: 'seconds', labels, of: 'process', help, buckets }) as const;

/**
 * Every metric there is. `app/operations/metrics.md` is made from it, and dashboard and alert rules name nothing else; tests
 * compare them. A value of a label is one of a few words, a realm, or a route’s pattern: never a person, an id of a row or
 * anything that a visitor typed.
 */
export const METRICS = {
  credence_oldest_unprocessed_paid_event_age_seconds: gauge(
    'seconds',
    ['realm'],
    'Age, since it was received, of the oldest event that is queued or waiting and whose type can settle money. 0 when there is none. The first signal.',
  ),
  credence_oldest_unprocessed_event_age_seconds: gauge(
    'seconds',
    ['realm'],
    'The same of events of every type.',
  ),
  credence_unprocessed_paid_events: gauge(
    'count',
    ['realm'],
    'Events that are queued or waiting and whose type can settle money.',
  ),
  credence_events: gauge(
    'count',
    ['realm', 'status'],
    'Events that are not done: queued, waiting, quarantined, dead or dismissed. Counted up to 100000.',
  ),
  credence_payments_unfinished: gauge(
    'count',
    ['realm', 'state'],
    'Payments that are created, open, processing or in review. Counted up to 100000.',
  ),
  credence_oldest_unfinished_payment_age_seconds: gauge(
    'seconds',
    ['realm', 'state'],
    'Age of the oldest of them. An open Checkout page lives for a day; money in review waits for a person.',
  ),
  credence_payments_settled_last_hour: gauge(
    'count',
    ['realm'],
    'Payments that settled within the last hour: each brought its credits.',
  ),
  credence_money_backs_unfinished: gauge(
    'count',
    ['realm', 'kind'],
    'Refunds and disputes that are under way: their level is pending.',
  ),
  credence_money_backs_last_day: gauge(
    'count',
    ['realm', 'kind'],
    'Refunds and disputes that began within the last 24 hours.',
  ),
  credence_credits_granted: gauge(
    'credits',
    ['book'],
    'Credits that were ever issued less those reversed, as far as days are rolled up. Test and live are never added.',
  ),
  credence_credits_outstanding: gauge(
    'credits',
    ['book'],
    'Credits that all wallets hold: available, held and claimed.',
  ),
  credence_ledger_consistent: gauge(
    'flag',
    ['book'],
    'Whether the last verification found that every balance is the sum of its entries and of its lots, and no act met a wallet at odds within a day. 1 or 0; absent before the first verification.',
  ),
  credence_ledger_faults: gauge('count', ['book'], 'Faults that the last verification found.'),
  credence_ledger_verification_age_seconds: gauge(
    'seconds',
    ['book'],
    'Age of the last verification. One is made after each UTC day.',
  ),
  credence_ledger_drifts: gauge(
    'count',
    [],
    'Wallets or books that were found at odds within the last 24 hours.',
  ),
  credence_findings_open: gauge('count', ['realm', 'kind'], 'Differences that wait for a person.'),
  credence_jobs: gauge(
    'count',
    ['state'],
    'Jobs: ready (due now), running, scheduled (due later), retrying (failed before, due later) or failed (given up). Counted up to 100000.',
  ),
  credence_oldest_ready_job_age_seconds: gauge(
    'seconds',
    [],
    'For how long the oldest ready job has been due.',
  ),
  credence_outgoing_sendings: gauge(
    'count',
    ['book', 'state'],
    'Messages to the product that are pending or failed (given up). Counted up to 100000.',
  ),
  credence_oldest_pending_sending_age_seconds: gauge(
    'seconds',
    ['book'],
    'Age of the oldest pending message to the product.',
  ),
  credence_outgoing_endpoints: gauge(
    'count',
    ['book', 'state'],
    'Endpoints of the product: on, off or disabled.',
  ),
  credence_mails: gauge('count', ['state'], 'Mails that are queued, or failed (given up) within a day.'),
  credence_stripe_calls_open: gauge('count', ['realm'], 'Calls to Stripe whose outcome is not known.'),
  credence_oldest_open_stripe_call_age_seconds: gauge('seconds', ['realm'], 'Age of the oldest of them.'),
  credence_catch_up_age_seconds: gauge(
    'seconds',
    ['realm'],
    'Time since Stripe’s list of events was last read to its end. Every five minutes is normal.',
  ),
  credence_caught_up_events_total: {
    ...gauge('count', ['realm'], 'Events that Stripe listed and no delivery had brought, ever.'),
    type: 'counter',
  },
  credence_workers_live: gauge('count', [], 'Workers that said within 45 seconds that they live.'),
  credence_worker_heartbeat_age_seconds: gauge(
    'seconds',
    [],
    'Time since any worker last said so. Absent when none has run within a week.',
  ),
  credence_paused: gauge('flag', ['book', 'work'], 'Whether a kind of work is paused.'),
  credence_alerts: gauge('count', ['kind'], 'Alerts that stand.'),
  credence_realm_info: gauge(
    'flag',
    ['realm', 'mode', 'sells'],
    'Always 1: a realm, its mode, and whether it sells.',
  ),
  credence_database_up: own('flag', [], 'Whether the facts of the database could be read for this scrape.'),
  credence_facts_age_seconds: own(
    'seconds',
    [],
    'Age of the facts of the database: they are read at most every five seconds.',
  ),
  credence_deliveries_total: total(['verdict'], 'Deliveries of webhooks that this process answered.'),
  credence_event_attempts_total: total(
    ['outcome', 'code'],
    'Tries at processing an event: done with its decision, else waiting, quarantined or dead with its code.',
  ),
  credence_event_processing_seconds: durations(['outcome'], SLOW, 'From an event’s receipt to its decision.'),
  credence_event_spendable_seconds: durations(
    [],
    SLOW,
    'From Stripe’s creation of an event, in whole seconds, to the moment when the credits that it moved stand on the ledger.',
  ),
  credence_stripe_request_seconds: durations(
    ['method', 'resource', 'outcome'],
    FAST,
    'Requests to Stripe: ok, refused (4xx), limited (429), failed (5xx) or unanswered.',
  ),
  credence_http_request_seconds: durations(
    ['route', 'method', 'status'],
    FAST,
    'Requests that this process answered, by the route’s pattern and the class of the status.',
  ),
  credence_event_loop_lag_seconds: own(
    'seconds',
    ['quantile'],
    'How late this process’s timers were since the last scrape.',
  ),
  credence_database_pool: own(
    'count',
    ['state'],
    'Connections of this process to Postgres: in_use, idle; and waiting, callers that have none yet.',
  ),
  credence_process_resident_bytes: own('bytes', [], 'Memory of this process.'),
  credence_process_start_time_seconds: own('seconds', [], 'When this process began, in seconds since 1970.'),
} as const satisfies Readonly<Record<`credence_${string}`, Metric>>;

export type MetricName = keyof typeof METRICS;
type NameOf<Type extends Metric['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type
    ? (typeof METRICS)[Name]['of'] extends 'process'
      ? Name
      : never
    : never;
}[MetricName];
export type CounterName = NameOf<'counter'>;
export type HistogramName = NameOf<'histogram'>;
export type OwnGaugeName = NameOf<'gauge'>;
export type FactName = {
  [Name in MetricName]: (typeof METRICS)[Name]['of'] extends 'database' ? Name : never;
}[MetricName];
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<(typeof METRICS)[Name]['labels'][number], string>
>;
