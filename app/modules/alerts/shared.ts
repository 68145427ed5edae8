/** What is watched. Each kind stands once per subject, until it clears by itself. */
export const ALERT_KINDS = [
  'paid_event_waits',
  'worker_down',
  'event_dead',
  'money_in_review',
  'ledger_drift',
  'finding_open',
  'reconcile_late',
  'signature_failures',
  'events_missed',
  'stripe_unreachable',
  'call_unknown',
  'endpoint_disabled',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export type Severity = 'critical' | 'warning';

/** When a kind is told. */
export interface AlertRule {
  isOn: boolean;
  /** In the kind's unit, at least 1. */
  threshold: number;
  /** For so many minutes it must have been so before anybody is told. */
  holdMinutes: number;
  /** While it stands it is told again after so many hours, unless somebody has acknowledged it. */
  remindHours: number;
}

export interface AlertMeaning {
  label: string;
  severity: Severity;
  /** What the threshold counts: "minutes", "dead events". */
  unit: string;
  /** What it means for customers. */
  means: string;
  /** What to do first. */
  todo: string;
  rule: AlertRule;
}

const rule = (threshold: number, holdMinutes: number, remindHours: number): AlertRule => ({
  ...{ isOn: true, threshold, holdMinutes, remindHours },
});

export const ALERTS: Readonly<Record<AlertKind, AlertMeaning>> = {
  paid_event_waits: {
    label: 'A paid event waits',
    severity: 'critical',
    unit: 'minutes',
    means: 'Somebody may have paid and not have their credits.',
    todo: 'Open the events: their last try says what holds them. See that a worker is alive and that processing is not paused.',
    rule: rule(5, 0, 1),
  },
  worker_down: {
    label: 'No worker is alive',
    severity: 'critical',
    unit: 'live workers needed',
    means:
      'Webhooks are still received and kept, but nothing is granted, sent or refunded until a worker runs.',
    todo: 'Start a worker: node build/worker.js. Its log says why the last one ended.',
    rule: rule(1, 1, 1),
  },
  event_dead: {
    label: 'Events died',
    severity: 'critical',
    unit: 'dead events',
    means: 'They could not be processed. They are kept, and nothing of them was done.',
    todo: 'Mend the cause, then replay them from the dead letters; a dry run shows first what would happen.',
    rule: rule(1, 0, 24),
  },
  money_in_review: {
    label: 'Settled money waits for a person',
    severity: 'critical',
    unit: 'payments in review',
    means:
      'Customers paid, and what they bought could not be granted by itself. They read that it is being checked.',
    todo: 'Open each payment: it says what is in doubt. Grant it or refund it.',
    rule: rule(1, 0, 24),
  },
  ledger_drift: {
    label: 'The ledger is at odds',
    severity: 'critical',
    unit: 'hours after it was last met',
    means:
      'A balance is not the sum of its entries and lots. An act that meets it ends with an error and writes nothing.',
    todo: 'See what is wrong, and since which entry: npm run credence -- ledger verify.',
    rule: rule(24, 0, 24),
  },
  finding_open: {
    label: 'Findings wait',
    severity: 'warning',
    unit: 'open findings of one kind',
    means: 'What stands here differs from what stands at Stripe, or from what was meant.',
    todo: 'Look at each finding, and repair or resolve it.',
    rule: rule(1, 0, 24),
  },
  reconcile_late: {
    label: 'Reconciliation does not end',
    severity: 'warning',
    unit: 'hours since a scheduled run ended',
    means:
      'One of Stripe’s lists is not read to its end: what it would show is not found. The other lists are still compared.',
    todo: 'See at the reconciliation which part fails, and in the worker’s log what Stripe answers. A restricted key must be able to read that list.',
    rule: rule(3, 0, 24),
  },
  signature_failures: {
    label: 'Signatures do not fit',
    severity: 'critical',
    unit: 'refusals in 15 minutes',
    means:
      'Fresh deliveries are signed by a secret that is not ours: probably the endpoint’s secret was changed. Stripe sends them again for three days.',
    todo: 'Copy the signing secret of the endpoint from the Stripe Dashboard into the settings of the web processes.',
    rule: rule(10, 0, 6),
  },
  events_missed: {
    label: 'Webhooks do not arrive',
    severity: 'critical',
    unit: 'missed events in an hour',
    means:
      'Stripe’s own list had events that no delivery brought. They were processed from there, minutes late.',
    todo: 'Look at the endpoint in the Stripe Dashboard: its address, whether it is enabled, and what it answers.',
    rule: rule(10, 0, 6),
  },
  stripe_unreachable: {
    label: 'Stripe cannot be read',
    severity: 'critical',
    unit: 'minutes without an answer',
    means:
      'Checkout does not open, and missed events are not found. What Stripe delivers is still processed.',
    todo: 'See status.stripe.com, the way out of this network, and whether the secret key is still valid.',
    rule: rule(15, 0, 1),
  },
  call_unknown: {
    label: 'A call to Stripe has no outcome',
    severity: 'warning',
    unit: 'minutes',
    means:
      'Something was asked of Stripe and it is not known whether it happened. It is asked again under the same key, never twice.',
    todo: 'Open the calls. A refund that stays unknown is decided by a person.',
    rule: rule(60, 0, 24),
  },
  endpoint_disabled: {
    label: 'Webhooks to the product are off',
    severity: 'warning',
    unit: 'disabled endpoints',
    means:
      'An endpoint answered 410, or failed for a day: it is sent nothing more. Messages are still written.',
    todo: 'Once the product answers again, switch it on in the settings and replay what it missed.',
    rule: rule(1, 0, 24),
  },
};

export const isAlertKind = (word: string): word is AlertKind => ALERT_KINDS.some((kind) => kind === word);

/** What is told of an alert: it stands, it still stands or grew, it is over. */
export type Telling = 'raised' | 'reminded' | 'resolved';

export interface AlertView {
  id: string;
  kind: AlertKind;
  subject: string;
  detail: string;
  page: string;
  state: 'open' | 'resolved';
  raisedAt: Date;
  resolvedAt: Date | null;
  told: number;
  /** `by` is a name. */
  acknowledged: { at: Date; by: string; comment: string } | null;
}

export interface AlertRuleView extends AlertRule {
  kind: AlertKind;
  /** Whether an admin set it; else these are the defaults. */
  isSet: boolean;
}

export interface AlertChannelView {
  mailTo: string[];
  webhookUrl: string | null;
}
