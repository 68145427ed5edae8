import { type LimitBound } from '~/modules/approvals/shared';

/** Why staff change a wallet by hand. The ledger keeps the code; customers never read it. */
export const ADJUSTMENT_REASONS = [
  'goodwill',
  'service_failure',
  'correction',
  'fraud',
  'test',
  'other',
] as const;
export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number];

export const ADJUSTMENT_REASON_LABEL: Record<AdjustmentReason, string> = {
  goodwill: 'Goodwill',
  service_failure: 'Our service failed',
  correction: 'Correction of a mistake',
  fraud: 'Fraud',
  test: 'Test',
  other: 'Other, see the comment',
};

export const DIRECTIONS = ['add', 'subtract'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** A wallet's four accounts, in credits. */
export interface Balances {
  available: bigint;
  held: bigint;
  claimed: bigint;
  debt: bigint;
}

/** What an adjustment would do to a wallet as it stands. */
export interface AdjustmentPreview {
  /** The wallet's last entry; an adjustment that carries it is refused once anything came after it. */
  seq: bigint;
  before: Balances;
  after: Balances;
  /** Nobody can do it: there is less than is to be taken, or it is the wallet of who asks. */
  bar: 'insufficient' | 'own_wallet' | undefined;
  /** What who asks may do alone: `left` credits more under the bound that leaves the least room. */
  limit: { isWithin: boolean; bound: LimitBound; left: bigint };
}

/** Why staff stop a wallet from being spent. */
export const FREEZE_REASONS = ['fraud', 'customer_asked', 'under_review', 'abuse', 'other'] as const;
export type FreezeReason = (typeof FREEZE_REASONS)[number];

export const FREEZE_REASON_LABEL: Record<FreezeReason, string> = {
  fraud: 'Suspected fraud',
  customer_asked: 'The customer asked for it',
  under_review: 'Under review',
  abuse: 'Abuse of the service',
  other: 'Other, see the comment',
};

/** Why staff let a wallet be spent again. */
export const THAW_REASONS = ['resolved', 'mistake', 'customer_asked', 'other'] as const;
export type ThawReason = (typeof THAW_REASONS)[number];

export const THAW_REASON_LABEL: Record<ThawReason, string> = {
  resolved: 'Resolved',
  mistake: 'It was frozen by mistake',
  customer_asked: 'The customer asked for it',
  other: 'Other, see the comment',
};
