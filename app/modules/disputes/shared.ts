import { DISPUTE_STATUSES, type DisputeStatus } from '~/modules/stripe/shared';

export { DISPUTE_STATUSES, type DisputeStatus };

/** How staff read where a dispute stands. */
export const DISPUTE_STATUS: Record<
  DisputeStatus,
  { label: string; tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle' }
> = {
  warning_needs_response: { label: 'Inquiry, needs answer', tone: 'warn' },
  warning_under_review: { label: 'Inquiry, under review', tone: 'info' },
  warning_closed: { label: 'Inquiry closed', tone: 'idle' },
  needs_response: { label: 'Needs answer', tone: 'bad' },
  under_review: { label: 'Under review', tone: 'info' },
  appeal_needs_response: { label: 'Appeal, needs answer', tone: 'bad' },
  appeal_under_review: { label: 'Appeal, under review', tone: 'info' },
  won: { label: 'Won', tone: 'ok' },
  lost: { label: 'Lost', tone: 'bad' },
  prevented: { label: 'Prevented', tone: 'ok' },
};

/** Disputes that somebody answers before the deadline, or the bank keeps the money. */
export const DISPUTE_ANSWERABLE = [
  'needs_response',
  'warning_needs_response',
  'appeal_needs_response',
] as const satisfies readonly DisputeStatus[];

/** Disputes that are not decided. */
export const DISPUTE_OPEN = [
  ...DISPUTE_ANSWERABLE,
  'under_review',
  'warning_under_review',
  'appeal_under_review',
] as const satisfies readonly DisputeStatus[];
