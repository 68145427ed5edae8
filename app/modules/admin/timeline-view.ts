import { type LedgerLine, type TransferKind } from '~/modules/ledger/shared';
import { type PaymentState } from '~/modules/payments/shared';

import { type WayTo } from './approval-views';

import type {
  DeliveryVerdict,
  EventDecision,
  EventSource,
  EventStatus,
  MailState,
  MoneyBackKind,
  MoneyBackLevel,
  StripeCallState,
} from '../../../prisma/generated/enums';

/** One thing that happened. `at` orders the stream, `key` is unique within it and its anchor on the page. */
export type TimelineEntry = { key: string; at: Date } & (
  | {
      kind: 'state';
      paymentId: string;
      from: PaymentState | null;
      to: PaymentState;
      reason: string;
      cause: string;
    }
  | {
      kind: 'call';
      id: string;
      call: string;
      idempotencyKey: string;
      attempt: number;
      state: StripeCallState;
      sends: number;
      objectId: string | null;
      httpStatus: number | null;
      requestId: string | null;
      errorCode: string | null;
      errorMessage: string | null;
      absentAt: Date | null;
    }
  | {
      kind: 'event';
      id: string;
      type: string;
      objectId: string | null;
      status: EventStatus;
      source: EventSource;
      decision: EventDecision | null;
      reason: string | null;
      /** What Stripe says went wrong, in its sentence for the cardholder. */
      fault: string | null;
    }
  | {
      kind: 'delivery';
      id: bigint;
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
  | {
      kind: 'mail';
      id: string;
      mail: string;
      subject: string;
      recipient: string;
      state: MailState;
      sentAt: Date | null;
      fault: string | null;
      /** The request for a second person that it is about. */
      approvalId: string | null;
    }
  | {
      /** A refund or dispute came to stand somewhere. */
      kind: 'back';
      moneyBackId: string;
      back: MoneyBackKind;
      stripeId: string | null;
      from: string | null;
      to: string;
      level: MoneyBackLevel;
      amount: bigint;
      currency: string;
      cause: string;
    }
  | {
      /** What a person did, as the audit keeps it. */
      kind: 'act';
      seq: bigint;
      act: string;
      subject: string;
      actor: string;
      /** Null where no user of ours did it. */
      actorName: string | null;
      reason: string | null;
      comment: string | null;
      /** What an approval wrote when it was carried out. */
      effects: WayTo[];
    }
  | { kind: 'note'; author: string; text: string }
);

export type TimelineKind = TimelineEntry['kind'];
