import { type Book } from '~/modules/ledger/shared';

/** Why credits come to wallets or leave them. Holds and claims move them within a wallet and are none. */
export const CREDIT_LINES = [
  'sold.pack',
  'sold.topup',
  'sold.plan',
  'sold.offline',
  'given.pack',
  'given.plan',
  'given.promo',
  'given.manual',
  'given.external',
  'adjusted.up',
  'adjusted.down',
  'spent',
  'reversed',
  'expired',
  'revoked.refund',
  'revoked.dispute',
  'returned.refund',
  'returned.dispute',
  'repaid',
  'repaid.returned',
] as const;
export type CreditLine = (typeof CREDIT_LINES)[number];

/** Why credits are owed, and no longer are. */
export const DEBT_LINES = ['debt.owed', 'debt.cancelled', 'debt.repaid'] as const;
export type DebtLine = (typeof DEBT_LINES)[number];

export type FinanceLine = CreditLine | DebtLine;

export const FINANCE_LINE_LABEL: Record<FinanceLine, string> = {
  'sold.pack': 'Sold: packs',
  'sold.topup': 'Sold: automatic top-ups',
  'sold.plan': 'Sold: plans',
  'sold.offline': 'Sold: paid outside Stripe',
  'given.pack': 'Given without a payment: packs',
  'given.plan': 'Given without a payment: plans',
  'given.promo': 'Given: promotions',
  'given.manual': 'Given: by staff',
  'given.external': 'Given: by the product',
  'adjusted.up': 'Adjusted upwards',
  'adjusted.down': 'Adjusted downwards',
  spent: 'Spent',
  reversed: 'Spends taken back',
  expired: 'Expired',
  'revoked.refund': 'Revoked by refunds',
  'revoked.dispute': 'Revoked by disputes',
  'returned.refund': 'Given back after refunds',
  'returned.dispute': 'Given back after disputes',
  repaid: 'Used to repay debt',
  'repaid.returned': 'Repayments given back',
  'debt.owed': 'Newly owed',
  'debt.cancelled': 'No longer owed',
  'debt.repaid': 'Repaid',
};

/** A line that most months have; the others show when something moved. */
export const USUAL_LINES: ReadonlySet<FinanceLine> = new Set<FinanceLine>([
  'sold.pack',
  'given.promo',
  'adjusted.up',
  'adjusted.down',
  'spent',
  'expired',
  'revoked.refund',
  'revoked.dispute',
]);

/** Deferred money that was earned: its credits were used up, or ran out. What takes such an act back takes it back. */
const EARNING: ReadonlySet<FinanceLine> = new Set<FinanceLine>([
  'spent',
  'reversed',
  'expired',
  'repaid',
  'repaid.returned',
]);
export const isEarning = (line: FinanceLine): boolean => EARNING.has(line);

/** What stands at an instant. */
export interface Standing {
  /** Available, held and claimed of all wallets together. */
  credits: bigint;
  /** What was paid for them, without tax, in the currency's smallest unit. */
  money: bigint;
  /** Credits. */
  debt: bigint;
}

/** What a line did to credits (of debt lines: to debt) and to deferred money. */
export interface Movement {
  line: FinanceLine;
  credits: bigint;
  money: bigint;
}

/** opening + movements = closing, to the credit and to the smallest unit. */
export interface CurrencyRoll {
  /** Null for credits that nobody paid for; they carry no money. */
  currency: string | null;
  opening: Standing;
  /** Only lines with something in them, in the order of FINANCE_LINE_LABEL. */
  movements: Movement[];
  closing: Standing;
}

export interface RollForward {
  book: Book;
  /** A month of UTC days: `2026-11`. */
  month: string;
  currencies: CurrencyRoll[];
}

/** What customers who are deleted left behind, of one currency. */
export interface LeftByDeleted {
  /** Null for credits that nobody paid for. */
  currency: string | null;
  customers: number;
  credits: bigint;
  /** Deferred, in the currency's smallest unit. */
  money: bigint;
}

/** One count that the roll-forward and the ledger do not share. */
export interface FinanceDifference {
  what: 'credits' | 'money' | 'debt';
  /** Null where credits carry no money; undefined for the book as a whole. */
  currency: string | null | undefined;
  rolled: bigint;
  counted: bigint;
}

export type FinanceVerdict =
  /** What the roll-forward says of this instant, counted twice. */
  | { outcome: 'equal'; credits: bigint; debt: bigint }
  | { outcome: 'differs'; differences: FinanceDifference[] };
