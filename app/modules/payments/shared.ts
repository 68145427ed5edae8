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

/** One payment as its customer sees it. Amounts in the currency's smallest unit. */
export interface CustomerPaymentView {
  id: string;
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
}

/** One payment with what happened to it, oldest first. */
export interface CustomerPaymentDetail extends CustomerPaymentView {
  changes: { to: PaymentState; at: Date }[];
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
