import { type EventStatus } from './state';

export { type EventStatus } from './state';

type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

export const EVENT_STATUSES = [
  'queued',
  'waiting',
  'done',
  'quarantined',
  'dead',
  'dismissed',
] as const satisfies readonly EventStatus[];

/** How staff read where an event stands. */
export const EVENT_STATUS: Record<EventStatus, { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'info' },
  waiting: { label: 'Waiting', tone: 'info' },
  done: { label: 'Done', tone: 'ok' },
  quarantined: { label: 'Quarantined', tone: 'warn' },
  dead: { label: 'Dead', tone: 'bad' },
  dismissed: { label: 'Dismissed', tone: 'idle' },
};

export const DELIVERY_VERDICTS = [
  'first',
  'repeat',
  'conflict',
  'bad_signature',
  'stale',
  'wrong_realm',
  'too_big',
  'not_json',
] as const;
export type DeliveryVerdict = (typeof DELIVERY_VERDICTS)[number];

/** How staff read what became of one HTTP request. */
export const VERDICT: Record<DeliveryVerdict, { label: string; tone: Tone; means: string }> = {
  first: { label: 'First', tone: 'ok', means: 'Verified and stored; the event was new.' },
  repeat: { label: 'Repeat', tone: 'idle', means: 'Verified; the event was known already.' },
  conflict: {
    label: 'Conflict',
    tone: 'warn',
    means: 'Verified, but the event was known with another body; the first was kept.',
  },
  bad_signature: {
    label: 'Bad signature',
    tone: 'bad',
    means: 'No signing secret of ours made its signature.',
  },
  stale: { label: 'Stale', tone: 'bad', means: 'Signed more than five minutes ago.' },
  wrong_realm: {
    label: 'Wrong realm',
    tone: 'bad',
    means: 'Verified, but it speaks of another account or mode.',
  },
  too_big: { label: 'Too big', tone: 'bad', means: 'The body was larger than what is accepted.' },
  not_json: { label: 'Not JSON', tone: 'bad', means: 'Verified, but the body is no event.' },
};

/** Why staff ask Stripe itself. */
export const CHECK_REASONS = ['paid_no_credits', 'money_back_missing', 'odd_balance', 'other'] as const;
export type CheckReason = (typeof CHECK_REASONS)[number];

export const CHECK_REASON_LABEL: Record<CheckReason, string> = {
  paid_no_credits: 'Paid and got no credits',
  money_back_missing: 'A refund or dispute is missing here',
  odd_balance: 'The balance looks wrong',
  other: 'Something else',
};

/** What became of one object that was read at Stripe. `missing`: Stripe does not have it. */
export interface CheckedObject {
  id: string;
  became: Exclude<EventStatus, 'queued'> | 'missing';
  /** `applied: settled`, `waits for pi_…`, `amount_differs: …` */
  detail: string;
}

/** Why staff grant what a payment in review sold. */
export const REVIEW_REASONS = ['paid_in_full', 'second_purchase', 'other'] as const;

export const REVIEW_REASON_LABEL: Record<(typeof REVIEW_REASONS)[number], string> = {
  paid_in_full: 'It was paid in full',
  second_purchase: 'Meant as a purchase of its own',
  other: 'Something else',
};

/** Why staff have an event processed again, mended or assigned. */
export const MEND_REASONS = ['cause_fixed', 'customer_asked', 'ours_to_prove', 'other'] as const;
export const MEND_REASON_LABEL: Record<(typeof MEND_REASONS)[number], string> = {
  cause_fixed: 'What stopped it is fixed',
  customer_asked: 'A customer asked',
  ours_to_prove: 'To see what it comes to',
  other: 'Something else',
};

/** Why staff close an event that will never be decided. */
export const DISMISS_REASONS = [
  'settled_otherwise',
  'refunded',
  'not_ours',
  'test_traffic',
  'other',
] as const;
export const DISMISS_REASON_LABEL: Record<(typeof DISMISS_REASONS)[number], string> = {
  settled_otherwise: 'It was settled in another way',
  refunded: 'The money went back',
  not_ours: 'It is not about us',
  test_traffic: 'Test traffic',
  other: 'Something else',
};

/** What staff see of a replay's way. */
export const REPLAY_STATE: Record<'running' | 'done' | 'canceled', { label: string; tone: Tone }> = {
  running: { label: 'Running', tone: 'info' },
  done: { label: 'Done', tone: 'ok' },
  canceled: { label: 'Canceled', tone: 'idle' },
};
