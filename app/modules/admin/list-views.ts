import { type Book } from '~/modules/ledger/shared';
import { type PaymentState } from '~/modules/payments/shared';

import type {
  DeliveryVerdict,
  EventDecision,
  EventSource,
  EventStatus,
  MoneyBackKind,
  MoneyBackLevel,
  PaymentKind,
  StripeCallState,
} from '../../../prisma/generated/enums';

/** One Stripe account in one mode, as a row names it. */
export interface RealmRef {
  id: string;
  account: string;
  name: string;
  mode: Book;
}

/** One page of a list; the cursors lead to its neighbours. */
export interface Page<Row> {
  rows: Row[];
  /** How many rows stand before the first of them, as far as the way here tells. */
  start: number;
  /** Towards older rows; undefined on the last page. */
  next: string | undefined;
  /** Towards newer rows; undefined on the first page. */
  previous: string | undefined;
}

/** How many rows the filters let through: counted, or about. */
export interface ListCount {
  n: number;
  isExact: boolean;
}

export interface ListView<Row> extends Page<Row> {
  count: ListCount;
}

export interface CustomerRef {
  id: string;
  email: string | null;
  name: string | null;
}

export interface PaymentRow {
  cursor: string;
  id: string;
  realmId: string;
  state: PaymentState;
  kind: PaymentKind;
  /** What was paid; before that, what is asked for. */
  amount: bigint;
  currency: string;
  credits: bigint;
  pack: string | null;
  card: string | null;
  customer: CustomerRef;
  reviewReason: string | null;
  createdAt: Date;
  /** Settled and granted. */
  paidAt: Date | null;
}

/** Where the credits of a payment are that went with its refunds and disputes, all of them together. */
export interface ClaimView {
  granted: bigint;
  /** Revoked for good, or held back while the money may still go. */
  taken: bigint;
  /** What should have been taken and was spent, expired or held by then. */
  shortfall: bigint;
  /** What of it the customer still owes. */
  owed: bigint;
}

/** A refund or a dispute. */
export interface MoneyBackRow {
  cursor: string;
  id: string;
  realmId: string;
  kind: MoneyBackKind;
  stripeId: string | null;
  status: string;
  level: MoneyBackLevel;
  amount: bigint;
  currency: string;
  reason: string | null;
  failure: string | null;
  dueBy: Date | null;
  /** Who of staff asked for it; null where Stripe's Dashboard or a bank made it. */
  actor: string | null;
  actorName: string | null;
  paymentId: string;
  customer: CustomerRef;
  claim: ClaimView | null;
  createdAt: Date;
}

export interface DeliveryRow {
  cursor: string;
  id: bigint;
  at: Date;
  verdict: DeliveryVerdict;
  detail: string | null;
  /** Null when no secret of any realm verified it. */
  realmId: string | null;
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
  /** Address and agent were taken out. */
  isSenderRedacted: boolean;
  /** The payload of its event was. */
  isPayloadRedacted: boolean;
}

/** Verdicts that were answered with a refusal; the event was not taken in. */
export const REFUSED_VERDICTS = [
  'bad_signature',
  'stale',
  'wrong_realm',
  'too_big',
  'not_json',
] as const satisfies readonly DeliveryVerdict[];

/** The address of their list. */
export const REFUSED_QUERY = REFUSED_VERDICTS.map((verdict) => `verdict=${verdict}`).join('&');

export interface EventRow {
  cursor: string;
  id: string;
  realmId: string;
  type: string;
  objectId: string | null;
  status: EventStatus;
  source: EventSource;
  decision: EventDecision | null;
  reason: string | null;
  run: number;
  tries: number;
  receivedAt: Date;
}

/** How far the deletion of a customer is, as a filter of the list. */
export const CUSTOMER_DELETION_STATE = { being_deleted: 'being_deleted', deleted: 'deleted' } as const;
export type CustomerDeletionState = keyof typeof CUSTOMER_DELETION_STATE;

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

/** One write to Stripe. */
export interface CallRow {
  cursor: string;
  id: string;
  realmId: string;
  kind: string;
  /** The row that it serves: a payment or a customer. */
  purpose: string;
  attempt: number;
  state: StripeCallState;
  sends: number;
  httpStatus: number | null;
  errorCode: string | null;
  createdAt: Date;
}

/** Who acted: a person's log-in, a client of the API, the system. */
export interface AuditActor {
  id: string;
  /** Of a person. */
  email: string | null;
}

/** One act in the audit. */
export interface AuditRow {
  cursor: string;
  seq: bigint;
  at: Date;
  actor: AuditActor;
  act: string;
  subject: string;
  reason: string | null;
  /** In the actor's words; null once redacted. */
  comment: string | null;
  /** Comment, before and after were taken out; that they stood, the digest still says. */
  isRedacted: boolean;
}

/** One thing that a search offers, with the page that shows it. */
export interface Found {
  to: string;
  /** The word for its kind. */
  what: string;
  title: string;
  detail: string;
  /** Shown instead of the title; the amount as people read it. */
  payment?: { amount: string; state: PaymentState };
}
