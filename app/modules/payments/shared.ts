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
  amountPaid: bigint | null;
  currency: string;
  card: string | null;
  receiptUrl: string | null;
  invoiceUrl: string | null;
  /** Stripe's page, while it can still be paid. */
  sessionUrl: string | null;
  createdAt: Date;
  paidAt: Date | null;
  /** Why it stands where it stands, in the words of its last change. */
  reason: string;
}
