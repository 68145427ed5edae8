/**
 * What the console's pages show: read models, browser-safe. Amounts are smallest units of their currency, times are
 * Dates, ids are whole. The names of states are those of the rooms that own them.
 */
import {
  type BalanceView,
  type Book,
  type LedgerLine,
  type LotKind,
  type TransferKind,
} from '~/modules/ledger/shared';
import { type PaymentState } from '~/modules/payments/shared';

import type {
  DeliveryVerdict,
  EventDecision,
  EventStatus,
  PaymentKind,
  StripeCallState,
} from '../../../prisma/generated/enums';

export type { DeliveryVerdict, EventDecision, EventStatus };

/** One page of a list; the cursors lead to its neighbours. */
export interface Page<Row> {
  rows: Row[];
  /** Towards older rows; undefined on the last page. */
  next: string | undefined;
  /** Towards newer rows; undefined on the first page. */
  previous: string | undefined;
}

export interface ListView<Row> extends Page<Row> {
  /** How many rows the filters let through, counted up to `countLimit` + 1. */
  count: number;
  countLimit: number;
}

export interface CustomerRef {
  id: string;
  email: string | null;
  name: string | null;
}

export interface PaymentRow {
  cursor: string;
  id: string;
  state: PaymentState;
  /** What was paid; before that, what is asked for. */
  amount: bigint;
  currency: string;
  credits: bigint;
  pack: string | null;
  customer: CustomerRef;
  reviewReason: string | null;
  createdAt: Date;
}

export interface DeliveryRow {
  cursor: string;
  id: bigint;
  at: Date;
  verdict: DeliveryVerdict;
  detail: string | null;
  eventId: string | null;
  eventType: string | null;
  /** The HTTP status that was answered. */
  status: number;
  ms: number;
  ip: string | null;
  agent: string | null;
  path: string;
  /** Which of the realm's secrets verified it, counted from 1. */
  secret: number | null;
}

/** Verdicts that were answered with a refusal; the event was not taken in. */
export const REFUSED_VERDICTS = [
  'bad_signature',
  'stale',
  'wrong_realm',
  'too_big',
  'not_json',
] as const satisfies readonly DeliveryVerdict[];

export interface EventRow {
  cursor: string;
  id: string;
  type: string;
  objectId: string | null;
  status: EventStatus;
  decision: EventDecision | null;
  reason: string | null;
  run: number;
  tries: number;
  receivedAt: Date;
}

export interface CustomerRow extends CustomerRef {
  cursor: string;
  /** Whether a person can log in as this customer. */
  hasLogin: boolean;
  available: bigint;
  debt: bigint;
  isFrozen: boolean;
  payments: number;
  createdAt: Date;
}

export interface OverviewView {
  /** The UTC day that "today" means. */
  today: string;
  settled: { payments: number; credits: bigint; amounts: { currency: string; amount: bigint }[] };
  inReview: number;
  /** Events that are not done, now; done ones, today. */
  events: Record<EventStatus, number>;
  oldestUnprocessed: { id: string; type: string; receivedAt: Date; status: EventStatus } | undefined;
  deliveries: { today: number; refused: number };
  latestPayments: PaymentRow[];
  latestRefused: DeliveryRow[];
  /** Nothing was ever sold or received. */
  isNew: boolean;
}

/** One thing that happened in a payment's life. `at` orders the stream, `key` is unique within it. */
export type TimelineEntry = { key: string; at: Date } & (
  | { kind: 'state'; from: PaymentState | null; to: PaymentState; reason: string; cause: string }
  | {
      kind: 'call';
      id: string;
      call: string;
      state: StripeCallState;
      sends: number;
      objectId: string | null;
      httpStatus: number | null;
      requestId: string | null;
      errorCode: string | null;
      errorMessage: string | null;
    }
  | {
      kind: 'event';
      id: string;
      type: string;
      objectId: string | null;
      status: EventStatus;
      decision: EventDecision | null;
      reason: string | null;
    }
  | {
      kind: 'delivery';
      eventId: string;
      type: string;
      verdict: DeliveryVerdict;
      status: number;
      ms: number;
    }
  | {
      kind: 'attempt';
      eventId: string;
      type: string;
      run: number;
      n: number;
      outcome: string;
      code: string | null;
      detail: string | null;
      ms: number;
    }
  | {
      kind: 'transfer';
      id: string;
      transfer: TransferKind;
      actor: string;
      /** Its entries, each with the balances after it. */
      lines: LedgerLine[];
    }
);

export type TimelineKind = TimelineEntry['kind'];

export interface PaymentView {
  id: string;
  state: PaymentState;
  kind: PaymentKind;
  currency: string;
  amountSubtotal: bigint;
  amountDiscount: bigint | null;
  amountTax: bigint | null;
  amountPaid: bigint | null;
  credits: bigint;
  quantity: number;
  pack: string | null;
  packVersion: number | null;
  card: string | null;
  reviewReason: string | null;
  secondOfId: string | null;
  receiptUrl: string | null;
  invoiceUrl: string | null;
  stripeSession: string | null;
  stripeIntent: string | null;
  stripeCharge: string | null;
  stripeInvoice: string | null;
  moneyObject: string | null;
  stripeCustomer: string | null;
  walletId: string | null;
  lotIds: string[];
  customer: CustomerRef;
  realm: { id: string; name: string; mode: Book };
  createdAt: Date;
  expiresAt: Date | null;
  paidAt: Date | null;
  timeline: TimelineEntry[];
  /** More happened than a timeline shows. */
  isTimelineCut: boolean;
}

export interface AttemptView {
  run: number;
  n: number;
  startedAt: Date;
  ms: number;
  outcome: string;
  code: string | null;
  detail: string | null;
  effects: EffectView[];
}

/** What an attempt changed, with the page that shows it. */
export type EffectView =
  | { kind: 'payment'; id: string }
  | { kind: 'transfer'; id: string; transfer: TransferKind; amount: bigint; customerId: string }
  | { kind: 'other'; id: string };

export interface EventView extends Omit<EventRow, 'cursor'> {
  realm: { id: string; name: string; mode: Book };
  account: string | null;
  apiVersion: string | null;
  created: Date;
  /** The verified body as text, byte for byte. */
  payload: string;
  waitsFor: string | null;
  dueAt: Date;
  decidedAt: Date | null;
  deliveries: DeliveryRow[];
  attempts: AttemptView[];
  /** Payments that name the event's object. */
  payments: { id: string; state: PaymentState }[];
}

/** A page of one book's ledger, newest first. */
export interface StatementPage {
  book: Book;
  lines: LedgerLine[];
  /** The number of the last line shown when older ones follow. */
  next: bigint | undefined;
  isFirst: boolean;
}

export interface LotView {
  id: string;
  book: Book;
  kind: LotKind;
  granted: bigint;
  available: bigint;
  held: bigint;
  claimed: bigint;
  isOpen: boolean;
  paymentId: string | null;
  /** Null when it never expires. */
  expiresAt: Date | null;
  createdAt: Date;
}

export interface CustomerView extends CustomerRef {
  externalId: string | null;
  login: { id: string; role: string; emailVerifiedAt: Date | null } | null;
  stripeCustomers: { stripeId: string; realm: string; mode: Book }[];
  createdAt: Date;
  balances: ({ book: Book; walletId: string | null } & BalanceView)[];
  lots: LotView[];
  statement: StatementPage;
  payments: PaymentRow[];
}
