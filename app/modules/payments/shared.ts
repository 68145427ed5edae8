import { seconds } from '~/platform/time';

/** Every state of a payment, from the first row to settled money. */
export const PAYMENT_STATES = [
  'created',
  'open',
  'processing',
  'expired',
  'canceled',
  'failed',
  'review',
  'paid',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export const PAYMENT_KINDS = ['pack', 'plan', 'topup', 'offline'] as const;
/** What a payment is for, and how it came. */
export const PAYMENT_KIND_LABEL: Record<(typeof PAYMENT_KINDS)[number], string> = {
  pack: 'Pack',
  plan: 'Plan',
  topup: 'Top-up',
  offline: 'Offline',
};

/** What decides that a fact settles a sale on Stripe's page. */
export const SETTLEMENT_RULES = ['settled-fact', 'payment-intent', 'session-completed'] as const;
export type SettlementRule = (typeof SETTLEMENT_RULES)[number];

export const SETTLEMENT_RULE_LABEL: Record<SettlementRule, string> = {
  'settled-fact': 'Settled fact',
  'payment-intent': 'Payment intent',
  'session-completed': 'Session completed',
};

export const SETTLEMENT_RULE_WORDS: Record<SettlementRule, string> = {
  'settled-fact': 'The first fact that proves it paid, whichever it is.',
  'payment-intent': 'The PaymentIntent that succeeded; the session where nothing was to pay.',
  'session-completed': 'The Checkout session that says paid. For teams whose former code knew no other.',
};

/** Which rule a realm's packs settle by. */
export interface SettlementPolicy {
  current: SettlementRule;
  /** Compared with the current one, and the rule of a part of the payments. */
  candidate: SettlementRule | null;
  /** Of payments that settle by the candidate, 0 to 100. */
  percentage: number;
  /** The rule that stood before the last promotion. */
  former: SettlementRule | null;
}

/** How long a proof that its rule does not take waits for one that it takes; then it settles all the same. Milliseconds. */
export const SETTLEMENT_PATIENCE = seconds(10);

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

/** How staff read a state. */
export const PAYMENT_STATE_LABEL: Record<PaymentState, string> = {
  created: 'Created',
  open: 'Open',
  processing: 'Processing',
  expired: 'Expired',
  canceled: 'Canceled',
  failed: 'Failed',
  review: 'In review',
  paid: 'Paid',
};

export const PAYMENT_STATE_TONE: Record<PaymentState, Tone> = {
  created: 'idle',
  open: 'info',
  processing: 'info',
  expired: 'idle',
  canceled: 'idle',
  failed: 'bad',
  review: 'warn',
  paid: 'ok',
};

/** Where a refund or a dispute stands, as the customer meets it. */
export type PaymentBackState =
  'refund_coming' | 'refunded' | 'refund_failed' | 'disputed' | 'charged_back' | 'dispute_over';

/** Money of a payment that went back, or may. Its amount is in the payment's smallest unit. */
export interface PaymentBackView {
  id: string;
  state: PaymentBackState;
  amount: bigint;
  /** When it came to stand there. */
  at: Date;
}

/** One payment as its customer sees it. Amounts in the currency's smallest unit. */
export interface CustomerPaymentView {
  id: string;
  /** Bought by itself with a saved card, on no page of Stripe's. */
  isTopUp: boolean;
  state: PaymentState;
  packName: string;
  credits: bigint;
  amountSubtotal: bigint;
  amountDiscount: bigint | null;
  amountTax: bigint | null;
  amountPaid: bigint | null;
  currency: string;
  card: string | null;
  hasReceipt: boolean;
  hasInvoice: boolean;
  /** Stripe's page, while it can still be paid. */
  sessionUrl: string | null;
  /** Whether Stripe ever had a page for it: without one it could never be paid. */
  hadPage: boolean;
  /** The payment whose second payment this is. */
  secondOfId: string | null;
  createdAt: Date;
  /** When Stripe's page closes unless it is paid. */
  expiresAt: Date | null;
  paidAt: Date | null;
  /** What went back of it, oldest first. */
  backs: PaymentBackView[];
}

/** One payment with what happened to it, oldest first. */
export interface CustomerPaymentDetail extends CustomerPaymentView {
  changes: { to: PaymentState; at: Date }[];
  /** Each step of a refund or a dispute that is the customer's matter; its id is the step's own. */
  backChanges: PaymentBackView[];
  /** Why a bank refused a card that was charged without its holder, in Stripe's sentence for them. */
  failure: string | null;
}

/** One page of a customer's payments, newest first, and where the pages beside it begin. */
export interface CustomerPaymentPage {
  payments: CustomerPaymentView[];
  older: string | undefined;
  newer: string | undefined;
}

/** What Stripe writes about a payment for its customer. */
export const PAYMENT_DOCUMENTS = ['receipt', 'invoice'] as const;
export type PaymentDocument = (typeof PAYMENT_DOCUMENTS)[number];
