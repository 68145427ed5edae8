import type Stripe from 'stripe';
import type { Page, PageQuery } from './sandbox';

/**
 * Subscriptions and invoices, for panel and control. Amounts are in the currency's smallest unit; times are Unix
 * seconds of the customer's own time: the test clock's, if there is one.
 */
export interface BillingDesk {
  readonly subscriptions: StateDesk<SubscriptionRow>;
  readonly invoices: StateDesk<InvoiceRow>;
  /** With the method that it would be charged with; a draft is finalized first. */
  payInvoice(invoice: string): BillingAct;
  /** Tries to pay it with a test card that declines; a draft is finalized first. */
  failInvoice(invoice: string): BillingAct;
  finalizeInvoice(invoice: string): BillingAct;
  markUncollectible(invoice: string): BillingAct;
  /** Does now what the sandbox would do an hour after the draft, or at the next try. */
  collectInvoice(invoice: string): BillingAct;
  voidInvoice(invoice: string): BillingAct;
  cancelNow(subscription: string): BillingAct;
  cancelAtPeriodEnd(subscription: string): BillingAct;
  /** Its invoices stay drafts until it is resumed. */
  pause(subscription: string): BillingAct;
  /** Takes back a planned end or a pause of collection, or goes on with a paused subscription. */
  resume(subscription: string): BillingAct;
  /** The other prices of its currency that recur, newest first. */
  plansFor(subscription: string): PlanChoice[];
  /** Changes its first item to another price of the same currency, with prorations. */
  changePlan(subscription: string, price: string): BillingAct;
  /** Ends the present period now. On a test clock only an advance of the clock does that. */
  renewNow(subscription: string): BillingAct;
}

/** `status`: only those in one of these states. */
interface StateDesk<T extends { status: string }> {
  list(query?: PageQuery & { status?: ReadonlyArray<T['status']> }): Page<T>;
  find(id: string): T | undefined;
}

export interface PlanChoice {
  id: string;
  name: string;
  amount: number;
  currency: string;
  interval: string;
}

export type BillingAct =
  | { outcome: 'done' }
  /** The state of what it is about does not allow it. */
  | { outcome: 'refused'; message: string }
  | { outcome: 'declined'; message: string }
  /** The customer must answer a 3DS question. */
  | { outcome: 'challenge'; intentId: string }
  | { outcome: 'unknown' };

export interface SubscriptionRow {
  id: string;
  created: number;
  status: Stripe.Subscription.Status;
  customer: string;
  email: string | null;
  /** What it sells, with commas between. */
  name: string;
  /** Per period, before discounts and taxes. */
  amount: number;
  currency: string;
  periodStart: number;
  periodEnd: number;
  trialEnd: number | null;
  /** When it ends, if that is settled. */
  cancelAt: number | null;
  latestInvoice: string | null;
  /** Its invoices are held back. */
  isHeld: boolean;
  testClock: string | null;
}

export interface InvoiceRow {
  id: string;
  created: number;
  number: string | null;
  status: Stripe.Invoice.Status;
  reason: Stripe.Invoice.BillingReason | null;
  customer: string;
  email: string | null;
  total: number;
  amountDue: number;
  amountPaid: number;
  currency: string;
  subscription: string | null;
  paymentIntentId: string | null;
  testClock: string | null;
  attempts: number;
  /** When it is finalized or tried next without being asked to. */
  nextAt: number | null;
  /** The hosted page; null: a draft. */
  url: string | null;
}
