export { BURN_ORDER, BURN_ORDER_SENTENCE } from './burn-order';

/** Live or test; wallets and lots of one book never meet those of the other. */
export const BOOKS = ['test', 'live'] as const;
export type Book = (typeof BOOKS)[number];

/** Where credits come from. */
export const LOT_KINDS = ['pack', 'plan', 'promo', 'manual', 'external'] as const;
export type LotKind = (typeof LOT_KINDS)[number];

/**
 * Burn order: lots of lower priority number first, then the one that expires first, then promotional ones, then the
 * oldest. Every kind burns alike until a lot is granted with a priority of its own.
 */
export const BURN_PRIORITY = 50;

/** The one act that a transfer is. */
export const TRANSFER_KINDS = [
  'grant',
  'spend',
  'hold',
  'capture',
  'release',
  'claim',
  'expire',
  'reverse',
  'adjust',
  'repay',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

/** Active until it is captured, released, or past its time. */
export const HOLD_STATES = ['active', 'captured', 'released', 'expired'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** How customers and staff read a transfer. */
export const TRANSFER_KIND_LABEL: Record<TransferKind, string> = {
  grant: 'Credits added',
  spend: 'Spent',
  hold: 'Held',
  capture: 'Hold captured',
  release: 'Hold released',
  claim: 'Refund or dispute',
  expire: 'Expired',
  reverse: 'Reversed',
  adjust: 'Adjusted',
  repay: 'Debt repaid',
};

/** Why staff adjusted a wallet is for staff; every other reason is what the customer was told it is for. */
export const hasStaffReason = (kind: TransferKind): boolean => kind === 'adjust';

/** How a customer narrows a statement down. */
export const STATEMENT_FILTERS = ['added', 'spent', 'expired', 'other'] as const;
export type StatementFilter = (typeof STATEMENT_FILTERS)[number];

export const STATEMENT_FILTER_LABEL: Record<StatementFilter, string> = {
  added: 'Added',
  spent: 'Spent',
  expired: 'Expired',
  other: 'Other',
};

export const KINDS_OF_FILTER: Record<StatementFilter, readonly TransferKind[]> = {
  added: ['grant'],
  spent: ['spend', 'hold', 'capture', 'release'],
  expired: ['expire'],
  other: ['claim', 'reverse', 'adjust', 'repay'],
};

/** Four accounts of a wallet, and the book's own, which are sums only. */
export const LEDGER_ACCOUNTS = [
  'available',
  'held',
  'claimed',
  'debt',
  'issued.pack',
  'issued.plan',
  'issued.promo',
  'issued.manual',
  'issued.external',
  'spent',
  'expired',
  'revoked.refund',
  'revoked.dispute',
  'debt_issued',
] as const;
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number];

/** What a wallet holds now. Credits past their expiry are not in `available`, booked as expired or not. */
export interface BalanceView {
  available: bigint;
  held: bigint;
  claimed: bigint;
  debt: bigint;
  /** The number of the wallet's last entry; 0 before the first. */
  seq: bigint;
  frozen: boolean;
}

/** One entry as people read it. */
export interface LedgerLine {
  walletId: string;
  seq: bigint;
  transferId: string;
  kind: TransferKind;
  from: LedgerAccount;
  to: LedgerAccount;
  /** What moved, always above zero. */
  moved: bigint;
  /** What it did to `available`: below zero when credits left it, zero when another account moved. */
  amount: bigint;
  availableAfter: bigint;
  heldAfter: bigint;
  claimedAfter: bigint;
  debtAfter: bigint;
  lot: { id: string; kind: LotKind; expiresAt: Date | null } | null;
  paymentId: string | null;
  holdId: string | null;
  /** What it was for, in the words of whoever asked. */
  reason: string | null;
  /** The transfer that this one takes back, and its last line. */
  reverses: { transferId: string; seq: bigint } | null;
  /** The transfer that took this one back. */
  reversedBy: string | null;
  actor: string;
  /** When it happened in the world: Stripe's time for a payment, the expiry for expired credits. */
  occurredAt: Date;
  /** When the ledger wrote it. Lines are ordered by it. */
  recordedAt: Date;
}

/** A line as its own customer reads it: who acted, and why staff did, is for staff. */
export type CustomerLine = Omit<LedgerLine, 'actor'>;

/** Credits of one origin and one expiry, as people read them. */
export interface LotView {
  id: string;
  kind: LotKind;
  granted: bigint;
  /** What can be spent of it this instant. */
  left: bigint;
  expiresAt: Date | null;
  paymentId: string | null;
}

/** One page of a wallet's lines, newest first, and where the pages beside it begin. */
export interface StatementView {
  lines: CustomerLine[];
  /** The page of older lines comes after this one; undefined on the last page. */
  older: bigint | undefined;
  /** The page of newer lines ends before this one; undefined on the first page. */
  newer: bigint | undefined;
}

/** The first broken entry of a wallet and what is wrong with it. */
export interface LedgerFault {
  walletId: string;
  entrySeq: bigint;
  fault: string;
}
