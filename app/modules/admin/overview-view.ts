import { type Book } from '~/modules/ledger/shared';

import type { EventStatus } from '../../../prisma/generated/enums';
import { type DeliveryRow, type ListCount, type PaymentRow } from './list-views';

/** Milliseconds: the middle of the sample, and what one in twenty and one in a hundred exceed. */
export interface LatencyView {
  n: number;
  p50: number;
  p95: number;
  p99: number;
}

export interface RevenueView {
  currency: string;
  today: bigint;
  /** The last thirty days, today included. */
  month: bigint;
}

/** One UTC day: payments that settled on it, payments begun on it that failed, events received on it that are dead. */
export interface DayView {
  day: string;
  settled: number;
  /** Credits of the book: what its settled payments sold, and what the ledger granted for payments. */
  soldCredits: bigint;
  grantedCredits: bigint;
  failed: number;
  dead: number;
}

/** A difference that a person should look at. */
export interface FindingRow {
  id: string;
  kind: string;
  subject: string;
  detail: string;
  createdAt: Date;
}

export interface OverviewView {
  /** The UTC day that "today" means. */
  today: string;
  /** The first of the thirty days that end with today. */
  monthStart: string;
  /** Payments that settled today, how many of them the ledger granted, and their credits. */
  settled: { payments: number; granted: number; credits: bigint };
  revenue: RevenueView[];
  /** What all wallets of the realm's book hold. */
  outstanding: { book: Book; available: bigint; held: bigint; claimed: bigint; debt: bigint };
  days: DayView[];
  /** Begun today. */
  failed: ListCount;
  inReview: ListCount;
  /** Requests that wait for a second person, in the realm's book. */
  approvals: ListCount;
  /** Disputes that can still be answered, and the first time that ends. */
  disputes: { due: ListCount; nextDueBy: Date | undefined };
  findings: { open: ListCount; latest: FindingRow[] };
  /** Calls to Stripe whose outcome is not known. */
  unknownCalls: ListCount;
  deliveries: { today: ListCount; refused: ListCount };
  /** Events that are not done, now; done and dismissed ones, of today. */
  events: Record<EventStatus, ListCount>;
  oldestUnprocessed: { id: string; type: string; receivedAt: Date; status: EventStatus } | undefined;
  caughtUp: {
    today: ListCount;
    /** Undefined until Stripe's list was read for the first time. */
    reader: { found: number; ranAt: Date; listedUntil: Date } | undefined;
  };
  /** Event received → decided, and payment's event → credits, of today's newest; undefined when there are none. */
  latency: { decided: LatencyView | undefined; credited: LatencyView | undefined };
  latestPayments: PaymentRow[];
  latestRefused: DeliveryRow[];
  /** No payment was ever begun; Stripe may have spoken of other things, such as the catalogue. */
  isNew: boolean;
}
