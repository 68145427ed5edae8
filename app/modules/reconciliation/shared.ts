import { LISTED_KINDS, type ListedKind } from '~/modules/stripe/shared';

export { LISTED_KINDS, type ListedKind };

/** How a run came about: each hour over the last days, each night over the longer span, or because somebody asked. */
export const RUN_PLANS = ['hourly', 'nightly', 'asked'] as const;
export type RunPlan = (typeof RUN_PLANS)[number];

export const RUN_PLAN_LABEL: Record<RunPlan, string> = {
  hourly: 'Hourly, the last three days',
  nightly: 'Nightly, the last forty days',
  asked: 'Asked for',
};

export type RunState = 'running' | 'done' | 'canceled';

export const RUN_STATE: Record<RunState, { label: string; tone: 'ok' | 'info' | 'idle' }> = {
  running: { label: 'Running', tone: 'info' },
  done: { label: 'Done', tone: 'ok' },
  canceled: { label: 'Left', tone: 'idle' },
};

/** What a run walks: kinds of Stripe's objects, then our own payments. */
export type PartKind = ListedKind | 'payments';

/** The lists that between them show all that is paid. */
export const SHOWING: readonly ListedKind[] = ['checkout.session', 'payment_intent', 'invoice'];

export const PART_LABEL: Record<PartKind, string> = {
  'checkout.session': 'Payment pages',
  payment_intent: 'PaymentIntents',
  charge: 'Charges',
  invoice: 'Invoices',
  subscription: 'Subscriptions',
  refund: 'Refunds',
  dispute: 'Disputes',
  payments: 'Our payments that no list showed',
};

/** A part as its table keeps it, in words. */
export const partLabel = (kind: string): string =>
  Object.entries(PART_LABEL).find(([known]) => known === kind)?.[1] ?? kind;

/** Why staff repair a difference. */
export const REPAIR_REASONS = ['checked', 'customer_asked', 'known_outage', 'other'] as const;
export type RepairReason = (typeof REPAIR_REASONS)[number];

export const REPAIR_REASON_LABEL: Record<RepairReason, string> = {
  checked: 'I compared both sides',
  customer_asked: 'The customer asked',
  known_outage: 'It comes of a known outage',
  other: 'Other, see the comment',
};

/** Why a difference stays as it is. */
export const LEAVE_REASONS = ['put_right_by_hand', 'agreed', 'not_ours', 'test_data', 'other'] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];

export const LEAVE_REASON_LABEL: Record<LeaveReason, string> = {
  put_right_by_hand: 'It was put right by hand',
  agreed: 'It was agreed so',
  not_ours: 'It is nothing of ours',
  test_data: 'It is test data',
  other: 'Other, see the comment',
};

/** Why proven differences are, or are not, repaired without a person. */
export const AUTO_REPAIR_REASONS = ['trusted', 'outage', 'incident', 'over', 'other'] as const;
export type AutoRepairReason = (typeof AUTO_REPAIR_REASONS)[number];

export const AUTO_REPAIR_REASON_LABEL: Record<AutoRepairReason, string> = {
  trusted: 'We looked at its findings long enough',
  outage: 'To make up for an outage',
  incident: 'An incident',
  over: 'What it was for is over',
  other: 'Other, see the comment',
};
