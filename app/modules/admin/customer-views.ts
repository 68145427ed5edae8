import { type Book } from '~/modules/ledger/shared';

import type { HoldState, SubscriptionStatus, TopUpPause, TopUpState } from '../../../prisma/generated/enums';
import { type StaffRef } from './approval-views';
import { type CustomerRef, type PaymentRow, type RealmRef } from './list-views';
import { type MoneyBackView } from './page-views';

/** A freeze that stands. */
export interface FreezeView {
  book: Book;
  /** A dispute's or a staff act's id. */
  cause: string;
  /** Staff set it and end it; one of a dispute ends with its debt. */
  isByStaff: boolean;
  frozenAt: Date;
  /** Who of staff; null where a dispute did. */
  by: StaffRef | null;
}

/** Who a customer is: what stands above each of their tabs. */
export interface CustomerHead extends CustomerRef {
  externalId: string | null;
  login: { id: string; role: string; emailVerifiedAt: Date | null } | null;
  stripeCustomers: { stripeId: string; realm: RealmRef }[];
  createdAt: Date;
  freezes: FreezeView[];
  notes: number;
  openApprovals: number;
}

export interface HoldRow {
  id: string;
  book: Book;
  /** Past its time it reads as expired, booked or not. */
  state: HoldState;
  amount: bigint;
  createdAt: Date;
  expiresAt: Date;
}

export interface PlanRow {
  id: string;
  stripeId: string;
  realm: RealmRef;
  status: SubscriptionStatus;
  /** Null when its price is none of the catalogue's. */
  plan: string | null;
  periodEnd: Date;
  endsAt: Date | null;
  endedAt: Date | null;
  owed: { amount: bigint; currency: string } | null;
}

export interface TopUpView {
  id: string;
  realm: RealmRef;
  state: TopUpState;
  pauseReason: TopUpPause | null;
  updatedAt: Date;
}

export interface CustomerBackRow extends MoneyBackView {
  paymentId: string;
}

/** What a customer paid, pays for, and got back. */
export interface CustomerMoney {
  /** The latest. */
  payments: PaymentRow[];
  plans: PlanRow[];
  topUps: TopUpView[];
  moneyBacks: CustomerBackRow[];
}

export interface NoteView {
  id: string;
  author: StaffRef;
  /** Empty once it is redacted. */
  text: string;
  createdAt: Date;
  redactedAt: Date | null;
}
