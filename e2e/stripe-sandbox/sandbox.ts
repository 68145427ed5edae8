import type Stripe from 'stripe';
import type { ClockDesk, PortalDesk } from './sandbox-billing';
import type { ChaosDesk } from './sandbox-chaos';
import type { IntentDesk } from './sandbox-intents';
import type { MoneyBackDesk } from './sandbox-money-back';
import type { BillingDesk } from './sandbox-subscriptions';
import type { DeliveryDesk, EndpointDesk, EventDesk, EventRow, RequestDesk } from './sandbox-webhooks';

/**
 * What the rooms of the sandbox offer each other. pages/ and control/ see the engine only through this
 * interface: they never touch the store, so every change of state goes through one act that also emits events.
 * Amounts are Stripe's: integers in the currency's smallest unit. Times are Unix seconds unless named `…Ms`.
 */
export interface Sandbox {
  readonly account: Stripe.Account;
  readonly livemode: boolean;
  /** The account's other mode is played beside this one. */
  readonly playsBoth: boolean;
  readonly checkout: CheckoutDesk;
  readonly sessions: SessionDesk;
  readonly payments: PaymentDesk;
  readonly moneyBack: MoneyBackDesk;
  readonly intents: IntentDesk;
  readonly papers: PaperDesk;
  readonly events: EventDesk;
  readonly deliveries: DeliveryDesk;
  readonly endpoints: EndpointDesk;
  readonly requests: RequestDesk;
  readonly mail: MailDesk;
  readonly objects: ObjectDesk;
  readonly billing: BillingDesk;
  readonly clocks: ClockDesk;
  readonly portal: PortalDesk;
  readonly chaos: ChaosDesk;
}

export interface CheckoutDesk {
  find(sessionId: string): CheckoutView | undefined;
  pay(sessionId: string, input: PayInput): Promise<PayOutcome>;
  answerChallenge(sessionId: string, answer: ChallengeAnswer): Promise<PayOutcome>;
  /** The code takes the place of the one before. */
  applyPromotionCode(sessionId: string, code: string): OrderChange;
  removePromotionCode(sessionId: string): OrderChange;
  changeQuantity(sessionId: string, lineItemId: string, quantity: number): OrderChange;
  /** Starts again what the expired session of the recovery address sold; null: the address holds no longer. */
  recover(token: string): string | null;
  expire(sessionId: string): ExpireOutcome;
}

export interface CheckoutView {
  session: Stripe.Checkout.Session;
  lineItems: Stripe.LineItem[];
  /** What the e-mail field shows when the page opens. */
  customerEmail: string | null;
  /** The e-mail cannot be edited: it comes from the customer or from `customer_email`. */
  lockedEmail: boolean;
  businessName: string;
  amount: number;
  currency: string;
  cancelUrl: string | null;
  /** Where a completed session sends the browser. */
  successUrl: string | null;
  /** Where a customer of an expired session may start again. */
  recoveryUrl: string | null;
  /** What may be paid with, in the page's order. Empty: there is nothing to pay, now or later. */
  methods: PayMethod[];
  /** The page asks for the whole address, not only for what the bank compares. */
  wantsAddress: boolean;
  /** The customer's own methods, which the page offers beside new ones. */
  savedMethods: SavedMethod[];
  /** A new card may be kept for the customer's next visits, if they like. */
  offersSaving: boolean;
  promotions: {
    isOffered: boolean;
    applied: AppliedDiscount[];
  };
  /** null: a subscription's first payment is due today. */
  trial: { days: number; end: number } | null;
  /** The 3DS question that waits for an answer. */
  challenge: { intentId: string } | null;
}

export interface SavedMethod {
  id: string;
  /** As a person knows it: brand and last digits. */
  label: string;
  /** `MM/YY`. */
  expires: string;
}

export interface AppliedDiscount {
  /** The customer typed it and may take it back; null: the seller gave the discount. */
  code: string | null;
  name: string | null;
  percentOff: number | null;
  amountOff: number | null;
}

/** Exactly what the customer typed, as strings. */
export interface PayInput {
  email: string;
  cardNumber: string;
  expMonth: string;
  expYear: string;
  cvc: string;
  name: string;
  country: string;
  postalCode: string;
  /** Absent: a card. */
  method?: PayMethod;
  iban?: string;
  routingNumber?: string;
  accountNumber?: string;
  /** The rest of the address. Absent: whoever pays was not shown a page. */
  line1?: string;
  city?: string;
  state?: string;
  /** One of the customer's own methods: the card's fields count for nothing. */
  savedMethod?: string;
  /** The box that keeps a new card for next time. */
  savesMethod?: boolean;
  /** Absent: whoever pays was not shown a page. */
  phone?: string;
  /** The box of the terms of service. Absent: whoever pays was not shown a page. */
  acceptsTerms?: boolean;
  /** By the keys of the session's custom fields. Absent: whoever pays was not shown a page. */
  customFields?: Record<string, string>;
}

export type PayMethod = 'card' | 'sepa_debit' | 'us_bank_account';
export type PayField =
  Exclude<keyof PayInput, 'method' | 'customFields' | 'savesMethod'> | `customFields.${string}`;
type ChallengeAnswer = 'complete' | 'fail';

export type PayOutcome =
  | { outcome: 'paid'; redirectTo: string }
  | { outcome: 'declined'; message: string; code: string; declineCode?: string }
  | { outcome: 'challenge'; intentId: string }
  | { outcome: 'invalid'; field: PayField; message: string }
  /** The session takes no more payments. `redirectTo` only when it is complete. */
  | { outcome: 'closed'; status: 'complete' | 'expired'; redirectTo?: string }
  | { outcome: 'unknown_session' }
  /** A challenge was answered that nobody asked. */
  | { outcome: 'no_challenge' };

/** What a visitor changes of the order before paying it. */
export type OrderChange =
  | { outcome: 'changed' }
  | { outcome: 'refused'; message: string }
  /** The session is complete or expired. */
  | { outcome: 'closed' }
  | { outcome: 'unknown_session' };

type ExpireOutcome =
  | { outcome: 'expired' }
  | { outcome: 'not_open'; status: 'complete' | 'expired' }
  | { outcome: 'unknown_session' };

export interface PageQuery {
  limit?: number;
  /** The id of the last row of the page before. */
  cursor?: string;
}

/** Newest first. */
export interface Page<T> {
  rows: T[];
  nextCursor: string | null;
}

export interface SessionDesk {
  list(query?: PageQuery & { status?: SessionRow['status'] }): Page<SessionRow>;
  find(sessionId: string): SessionRow | undefined;
}

export interface SessionRow {
  id: string;
  created: number;
  status: 'open' | 'complete' | 'expired';
  paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  amount: number;
  currency: string;
  email: string | null;
  description: string;
  paymentIntentId: string | null;
  customerId: string | null;
  /** A 3DS question waits for an answer. */
  isChallenged: boolean;
  /** The hosted page, while the session is open. */
  url: string | null;
}

export interface PaymentDesk {
  list(query?: PageQuery & { status?: Stripe.PaymentIntent.Status }): Page<PaymentRow>;
  find(paymentIntentId: string): PaymentRow | undefined;
  /** The bank's answer to a debit that is processing. */
  answerDebit(paymentIntentId: string, isPaid: boolean): PaymentAct;
  /** Takes what a card holds; without an amount all of it. */
  capture(paymentIntentId: string, amount?: number): PaymentAct;
  /** Gives the payment up; what a card holds is released. */
  cancel(paymentIntentId: string): PaymentAct;
}

export type PaymentAct =
  | { outcome: 'done' }
  /** The state of the payment, or who owns it, does not allow it. */
  | { outcome: 'refused'; message: string }
  | { outcome: 'unknown_payment' };

export interface PaymentRow {
  id: string;
  created: number;
  status: Stripe.PaymentIntent.Status;
  amount: number;
  currency: string;
  email: string | null;
  /** A card's brand, or the kind of a debit. */
  methodName: string | null;
  methodLast4: string | null;
  declineMessage: string | null;
  amountRefunded: number;
  /** What a card holds and may be taken. */
  amountCapturable: number;
  customerId: string | null;
  chargeId: string | null;
  sessionId: string | null;
  invoiceId: string | null;
}

/** Receipts and invoices, to whoever holds the token of their address. */
export interface PaperDesk {
  receipt(token: string): ReceiptView | undefined;
  invoice(accountId: string, token: string): InvoiceView | undefined;
}

/** What a receipt and an invoice both say. */
export interface Paper {
  businessName: string;
  currency: string;
  lines: PaperLine[];
  subtotal: number;
  discount: number;
  tax: number;
  total: number;
  /** null: nothing was to be paid. */
  card: { brand: string; last4: string } | null;
}

export interface PaperLine {
  description: string;
  quantity: number;
  unitAmount: number | null;
  /** Before discounts and taxes. */
  amount: number;
}

export interface ReceiptView extends Paper {
  /** Given some seconds after the payment, and only to invoiced ones. */
  number: string | null;
  paidAt: number;
  invoice: { number: string; path: string } | null;
}

export interface InvoiceView extends Paper {
  number: string;
  status: Stripe.Invoice.Status;
  businessCountry: string | null;
  customer: { name: string | null; email: string | null; address: Stripe.Address | null };
  customFields: Array<{ name: string; value: string }>;
  description: string | null;
  footer: string | null;
  issuedAt: number;
  paidAt: number | null;
  amountPaid: number;
  amountRemaining: number;
  pdfPath: string;
  receiptPath: string | null;
}

/** One object of any kind, as a list shows it. */
export interface ObjectRow {
  id: string;
  objectType: string;
  title: string | null;
  amount: number | null;
  currency: string | null;
  status: string | null;
  customerId: string | null;
  created: number | null;
}

export interface ObjectDetail extends ObjectRow {
  /** The object as the API shows it, pretty-printed. */
  json: string;
  /** The ids of what this one names. */
  links: string[];
  /** Objects that name this one. */
  relatives: ObjectRow[];
  /** Newest first. */
  events: EventRow[];
}

/** Looks at anything the sandbox holds. */
export interface ObjectDesk {
  kinds(): Array<{ kind: string; count: number }>;
  /** undefined: there is no such kind. */
  list(kind: string, query?: PageQuery): Page<ObjectRow> | undefined;
  find(id: string): ObjectDetail | undefined;
  /** Those whose name, e-mail, code or number begins with the text, without regard to case; not more than a page. */
  called(text: string): ObjectRow[];
}

export interface MailInput {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

export interface MailMessage extends MailInput {
  id: string;
  receivedAtMs: number;
}

export interface MailDesk {
  /** Newest first. */
  list(): MailMessage[];
  find(id: string): MailMessage | undefined;
  receive(mail: MailInput): MailMessage;
}

/** What pages/ gets from the HTTP server. `form` is empty unless the request is a form POST. */
export interface PageRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  /** Scheme and host as the browser sees them, for example http://127.0.0.1:4700. */
  origin: string;
}

export interface PageResponse {
  status: number;
  headers?: Record<string, string>;
  body: string;
}
