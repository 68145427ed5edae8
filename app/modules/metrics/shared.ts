import { hours } from '~/platform/time';

/** How far back the health page looks. In milliseconds. */
export const HEALTH_SPAN = hours(12);

/** One hour of UTC: events received in it that are decided, and how they fared. */
export interface HourView {
  /** `2026-11-21T18` */
  hour: string;
  /** Decided ones, of which times are taken; of a busy hour its newest 2,000. */
  n: number;
  /** Milliseconds from receipt to decision; null in an hour without any. */
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** Those that ended dead or quarantined. */
  failed: number;
}

export interface BookHealth {
  book: 'test' | 'live';
  /** Undefined until the first day was verified. */
  verified: { isConsistent: boolean; faults: number; ageSeconds: number } | undefined;
  pendingSendings: number;
  failedSendings: number;
  oldestSendingSeconds: number;
}

/** What the health page shows, of one realm and of the whole installation. */
export interface HealthView {
  paid: { oldestSeconds: number; n: number };
  events: { queued: number; waiting: number; quarantined: number; dead: number; oldestSeconds: number };
  hours: HourView[];
  books: BookHealth[];
  workers: { live: number; lastSeconds: number | undefined };
  jobs: { ready: number; failed: number; retrying: number };
  openCalls: { n: number; oldestSeconds: number };
  /** Seconds since Stripe's list of events was read; undefined until it was. */
  caughtUpSeconds: number | undefined;
  findings: number;
  inReview: number;
}
