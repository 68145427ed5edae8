import {
  type BalanceView,
  type Book,
  type LedgerLine,
  type LotKind,
  type TransferKind,
} from '~/modules/ledger/shared';
import { type OfflineChannel } from '~/modules/offline/shared';
import { type PaymentState } from '~/modules/payments/shared';
import { type Instant } from '~/platform/time';

import type {
  EventStatus,
  MoneyBackKind,
  MoneyBackLevel,
  PaymentKind,
} from '../../../prisma/generated/enums';
import { type HoldRow } from './customer-views';
import {
  type AuditRow,
  type CallRow,
  type ClaimView,
  type CustomerRef,
  type DeliveryRow,
  type EventRow,
  type RealmRef,
} from './list-views';
import { type TimelineEntry } from './timeline-view';
import { type StuckView } from './webhook-views';

/** A refund or a dispute of a payment. */
export interface MoneyBackView {
  id: string;
  kind: MoneyBackKind;
  stripeId: string | null;
  status: string;
  level: MoneyBackLevel;
  amount: bigint;
  currency: string;
  createdAt: Date;
}

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
  moneyBacks: MoneyBackView[];
  /** Where it was paid, if not at Stripe. */
  offline: { channel: OfflineChannel; reference: string; approvalId: string } | null;
  customer: CustomerRef;
  realm: RealmRef;
  createdAt: Date;
  expiresAt: Date | null;
  paidAt: Date | null;
  timeline: TimelineEntry[];
  /** More happened than a timeline shows. */
  isTimelineCut: boolean;
}

/** A dispute, what the bank has of its payment, and what that does to the credits. */
export interface DisputeView {
  id: string;
  stripeId: string | null;
  status: string;
  level: MoneyBackLevel;
  amount: bigint;
  /** How much of it counts at its level. */
  taken: bigint;
  currency: string;
  reason: string | null;
  /** Until when it can be answered. */
  dueBy: Date | null;
  createdAt: Date;
  realm: RealmRef;
  customer: CustomerRef;
  payment: {
    id: string;
    state: PaymentState;
    amountPaid: bigint | null;
    stripeIntent: string | null;
    stripeCharge: string | null;
  };
  claim: ClaimView | null;
  /** The wallet is frozen because of it as long as it is not thawed. */
  freeze: { frozenAt: Date; thawedAt: Date | null; thawedBy: string | null } | null;
  timeline: TimelineEntry[];
}

/** A Stripe object as the newest event of it showed it. */
export interface RawObjectView {
  id: string;
  eventId: string;
  type: string;
  /** When it stood so at Stripe. */
  at: Date;
  /** The object as text, as Stripe sent it. */
  json: string;
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

export interface EventView extends Omit<EventRow, 'cursor' | 'realmId'> {
  realm: RealmRef;
  account: string | null;
  apiVersion: string | null;
  created: Date;
  /** The verified body as text, byte for byte. */
  payload: string;
  /** When all else than envelope and object id was taken out of it, and for what. */
  redactedAt: Date | null;
  redactedFor: string | null;
  waitsFor: string | null;
  dueAt: Date;
  decidedAt: Date | null;
  deliveries: DeliveryRow[];
  attempts: AttemptView[];
  /** What Stripe says went wrong, in its sentence for the cardholder. */
  fault: string | null;
  /** Payments that name the event's object or that it changed. */
  payments: { id: string; state: PaymentState }[];
  /** What holds it; null unless it waits for a person. */
  stuck: StuckView | null;
  /** The replays that started a run of it, newest first. */
  replays: { id: string; runBefore: number }[];
}

/** One HTTP request, with every field that is kept of it. */
export interface DeliveryView extends Omit<
  DeliveryRow,
  'cursor' | 'realmId' | 'isSenderRedacted' | 'isPayloadRedacted'
> {
  /** When address and agent were taken out. */
  redactedAt: Date | null;
  apiVersion: string | null;
  bytes: number;
  requestId: string | null;
  realm: RealmRef | null;
  /** The event that it carried, when it was taken in. */
  event: {
    id: string;
    type: string;
    status: EventStatus;
    redactedAt: Date | null;
    redactedFor: string | null;
  } | null;
}

/** One write to Stripe, with what was sent. */
export interface CallView extends Omit<CallRow, 'cursor' | 'realmId'> {
  realm: RealmRef;
  idempotencyKey: string;
  /** The stored parameters: what is sent again is this. */
  body: string;
  objectId: string | null;
  requestId: string | null;
  errorMessage: string | null;
  firstSentAt: Date | null;
  lastSentAt: Date | null;
  endedAt: Date | null;
  absentAt: Date | null;
  /** When it is sent again or looked for, while it is open. */
  dueAt: Date | null;
  paymentId: string | null;
  customerId: string | null;
}

/** A lot with its whole life. */
export interface LotPageView extends LotView {
  walletId: string;
  customer: CustomerRef;
  revoked: bigint;
  expired: bigint;
  moved: bigint;
  paidMinor: bigint | null;
  currency: string | null;
  parentLotId: string | null;
  lines: LedgerLine[];
  isCut: boolean;
}

/** One act on a wallet with its entries. */
export interface TransferView {
  id: string;
  book: Book;
  kind: TransferKind;
  key: string;
  amount: bigint;
  actor: string;
  walletId: string;
  customer: CustomerRef;
  paymentId: string | null;
  reversesId: string | null;
  reversedById: string | null;
  occurredAt: Date;
  recordedAt: Date;
  lines: LedgerLine[];
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
  /** Its place in the burn order of its wallet, counted from 1; null when nothing can come out of it. */
  turn: number | null;
  paymentId: string | null;
  /** Null when it never expires. */
  expiresAt: Date | null;
  createdAt: Date;
}

/** An instant that a wallet is shown as of. */
export interface AsOfView {
  at: Instant;
  isAhead: boolean;
}

/** What a customer holds, in each book. */
export interface CustomerView {
  id: string;
  /** The instant that balances, lots and statement are of; the present when it is undefined. */
  asOf: AsOfView | undefined;
  /** What was asked for as an instant and is none. */
  noInstant: string | undefined;
  balances: ({ book: Book; walletId: string | null } & BalanceView)[];
  lots: LotView[];
  statement: StatementPage;
  /** Of the statement's book, the newest first; none as of another time. */
  holds: HoldRow[];
}

/** One field of an audited act: JSON as text; undefined where it was not there. */
export interface FieldChange {
  path: string;
  before: string | undefined;
  after: string | undefined;
}

export interface AuditView extends AuditRow {
  realm: RealmRef | null;
  requestId: string | null;
  changes: FieldChange[];
  /** What the act was told with, as JSON; null where there is nothing or it was redacted. */
  body: string | null;
  /** SHA-256 of the body, and of the row chained to the one before it: hex. */
  bodyDigest: string;
  hash: string;
  /** The acts on the same subject beside this one. */
  earlier: bigint | undefined;
  later: bigint | undefined;
}
