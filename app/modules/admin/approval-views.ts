import { type ApprovalState, type StaffActKind } from '~/modules/approvals/shared';
import { type Book } from '~/modules/ledger/shared';

import { type CustomerRef } from './list-views';

/** A member of staff as a row names them. */
export interface StaffRef {
  id: string;
  /** Their name, or their id when they are gone. */
  name: string;
}

/** A request for a second person. */
export interface ApprovalRow {
  cursor: string;
  id: string;
  book: Book;
  act: StaffActKind;
  /** What is asked for, in words. */
  label: string;
  /** `credits`, or a currency whose smallest unit the amount is in. */
  unit: string;
  amount: bigint;
  /** Open past its seven days it reads as expired, closed or not. */
  state: ApprovalState;
  reason: string;
  requester: StaffRef;
  customer: CustomerRef | null;
  createdAt: Date;
  expiresAt: Date;
}

export interface ApprovalView extends Omit<ApprovalRow, 'cursor'> {
  comment: string;
  role: string;
  /** What is acted on: a refund, an event, a payment, a dialog's key. */
  subject: string;
  /** The payment that a refund is of. */
  paymentId: string | undefined;
  /** The wallet's last entry now; 0 where there is no wallet. What is shown beside it is newer, never older. */
  walletSeq: bigint;
  /** The reader cannot decide: they asked for it, or it is the wallet of their own log-in. */
  own: 'request' | 'wallet' | undefined;
  /** How it ended. */
  closed: ClosedApproval | undefined;
}

export interface ClosedApproval {
  at: Date;
  by: StaffRef | null;
  reason: string | null;
  comment: string | null;
  /** What carrying it out wrote. */
  effects: WayTo[];
}

/** A link to what an act wrote. */
export interface WayTo {
  label: string;
  to: string;
}
