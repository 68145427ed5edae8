import { type SettlementPolicy, type SettlementRule } from '~/modules/payments/shared';

import { type ListView } from './list-views';

/** How another rule would have decided a payment beside the one that stands. `neither`: only a look at Stripe found it. */
export const SETTLEMENT_VERDICTS = ['agreed', 'later', 'missing', 'ahead', 'neither'] as const;
export type SettlementVerdict = (typeof SETTLEMENT_VERDICTS)[number];

/** Packs that were proven paid in some days, compared by the events that told of them. */
export interface SettlementComparison {
  verdicts: Record<SettlementVerdict, number>;
  /** By how much later, of those that are: milliseconds; null when none is. */
  p50: number | null;
  p95: number | null;
  /** Settled because the patience of their rule was over, and because Stripe was asked. */
  patience: number;
  looks: number;
  /** More than were compared were proven in those days: the newest were. */
  isCut: boolean;
}

/** What a list is narrowed to: a verdict, or what settled it. */
export type SettlementShow = SettlementVerdict | 'patience' | 'look';

export interface SettlementRow {
  paymentId: string;
  /** Smallest units. */
  amount: bigint;
  currency: string;
  provenAt: Date;
  verdict: SettlementVerdict;
  /** When each of the two rules had its event. */
  currentAt: Date | null;
  otherAt: Date | null;
  /** Null while nothing settled it. */
  rule: SettlementRule | null;
  settledBy: 'rule' | 'patience' | 'look' | null;
}

export interface SettlementView {
  policy: SettlementPolicy;
  /** Compared with the current rule: the candidate, or the one that was asked for. */
  other: SettlementRule;
  days: number;
  show: SettlementShow | undefined;
  comparison: SettlementComparison;
  list: ListView<SettlementRow>;
}
