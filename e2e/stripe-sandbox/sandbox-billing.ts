import type Stripe from 'stripe';
import type { CancellationFeedback } from './engine/billing/feedback';
import type { EventRow } from './sandbox-webhooks';

/** The desks of the customer portal and of the test clocks, as `sandbox.ts` offers them to pages/ and control/. */

/** What a visitor of /p/session/<token> can do. `token` is the last part of the portal session's `url`. */
export interface PortalDesk {
  /** Looking at a session keeps it alive: it expires some minutes after it was made, or an hour after the last look. */
  view(token: string): PortalVisit;
  /** At the period's end or at once, as the configuration says. */
  cancel(token: string, input: PortalCancelInput): Promise<PortalAct>;
  /** Takes back a cancellation that waits for the period's end. */
  resume(token: string, subscription: string): Promise<PortalAct>;
  /** To one of the subscription's `choices`. */
  changePlan(token: string, input: PortalChangeInput): Promise<PortalAct>;
  setDefaultMethod(token: string, method: string): Promise<PortalAct>;
  /** The card becomes the default one. `challenge`: the customer must answer a 3DS question first. */
  addCard(token: string, input: PortalCardInput): Promise<PortalCardAct>;
  /** The answer to the question that `addCard` asked. */
  answerChallenge(token: string, setupIntent: string, answer: 'complete' | 'fail'): Promise<PortalCardAct>;
  removeMethod(token: string, method: string): Promise<PortalAct>;
  /** Only what `allows.updates` names is taken; an empty text clears. */
  updateCustomer(token: string, input: PortalCustomerInput): Promise<PortalAct>;
}

export type PortalVisit =
  | { outcome: 'open'; view: PortalView }
  | { outcome: 'expired'; returnUrl: string | null }
  | { outcome: 'unknown_session' };

export interface PortalView {
  session: Stripe.BillingPortal.Session;
  businessName: string;
  headline: string | null;
  privacyPolicyUrl: string | null;
  termsOfServiceUrl: string | null;
  /** The way back to the seller; null: the page has no such link. */
  returnUrl: string | null;
  customer: Stripe.Customer;
  /** Those that go on, newest first. */
  subscriptions: PortalSubscription[];
  methods: PortalMethod[];
  /** Newest first. */
  invoices: PortalInvoice[];
  allows: PortalPermissions;
  /** The customer's time in Unix seconds: the test clock's, if there is one. */
  now: number;
}

export interface PortalSubscription {
  id: string;
  status: Stripe.Subscription.Status;
  /** The names of what it sells, with commas between. */
  name: string;
  /** Its first item. */
  price: Stripe.Price;
  quantity: number;
  /** Per period, before discounts and taxes. */
  amount: number;
  currency: string;
  periodEnd: number;
  trialEnd: number | null;
  /** When it ends, if that is settled. */
  cancelAt: number | null;
  canCancel: boolean;
  canResume: boolean;
  /** What it may be changed to; the present price is marked. Empty: nothing. */
  choices: PortalChoice[];
  /** What it is paid with; null: nothing that is known. */
  method: PortalMethod | null;
}

export interface PortalChoice {
  price: Stripe.Price;
  productName: string;
  isCurrent: boolean;
}

export interface PortalMethod {
  id: string;
  type: string;
  /** Of a card its brand, else the method's kind. */
  brand: string;
  last4: string;
  expMonth: number | null;
  expYear: number | null;
  isDefault: boolean;
}

export interface PortalInvoice {
  id: string;
  number: string | null;
  created: number;
  total: number;
  currency: string;
  status: Stripe.Invoice.Status | null;
  description: string;
  /** The hosted page; null: a draft. */
  url: string | null;
}

export interface PortalPermissions {
  cancel: { mode: 'at_period_end' | 'immediately'; reasons: PortalReason[] | null } | null;
  changePlan: { canChangePrice: boolean; canChangeQuantity: boolean } | null;
  invoices: boolean;
  methods: boolean;
  updates: PortalUpdate[];
}

export type PortalReason = CancellationFeedback;

export type PortalUpdate = 'address' | 'email' | 'name' | 'phone' | 'shipping' | 'tax_id';

export interface PortalCancelInput {
  subscription: string;
  feedback: PortalReason | null;
  comment: string | null;
}

export interface PortalChangeInput {
  subscription: string;
  price: string;
  quantity: number;
}

/** Exactly what the customer typed. */
export interface PortalCardInput {
  number: string;
  expMonth: string;
  expYear: string;
  cvc: string;
  name: string;
  country: string;
  postalCode: string;
}

export interface PortalCustomerInput {
  email?: string;
  name?: string;
  phone?: string;
  address?: Stripe.Address;
}

export type PortalAct =
  | { outcome: 'done' }
  /** The configuration does not allow it, or the state of what it is about. */
  | { outcome: 'refused'; message: string }
  /** The plan changed is to be paid now and the card is refused. */
  | { outcome: 'declined'; message: string }
  | { outcome: 'expired' }
  | { outcome: 'unknown_session' };

export type PortalCardAct =
  | PortalAct
  | { outcome: 'invalid'; field: keyof PortalCardInput; message: string }
  | { outcome: 'challenge'; setupIntent: string };

/** Test clocks, for panel and control. */
export interface ClockDesk {
  /** Newest first. */
  list(): ClockRow[];
  find(clock: string): ClockDetail | undefined;
  /** `frozenTime` in Unix seconds. */
  create(input: { frozenTime: number; name: string | null }): ClockOutcome;
  /** Sets the clock going; it is `ready` again when all that lies between has happened. */
  advance(clock: string, to: number): ClockOutcome;
  /** With its customers and their subscriptions. */
  remove(clock: string): ClockOutcome;
}

export interface ClockRow {
  id: string;
  name: string | null;
  created: number;
  frozenTime: number;
  status: 'ready' | 'advancing' | 'internal_failure';
  /** Where an advance leads. */
  target: number | null;
  customers: Array<{ id: string; email: string | null; name: string | null }>;
  /** Not canceled. */
  subscriptions: number;
  /** The furthest that one advance may go; null while it advances or has failed. */
  furthest: number | null;
  /** The soonest that waits; null: nothing does. */
  next: ClockTask | null;
}

export interface ClockDetail extends ClockRow {
  /** What waits for its time, soonest first. */
  waiting: ClockTask[];
  /** What the last advance did to what lives by the clock, newest first; null: it was never advanced. */
  lastAdvance: { from: number; to: number; events: EventRow[]; isCut: boolean } | null;
}

export interface ClockTask {
  kind: string;
  subject: string;
  /** Unix seconds. */
  at: number;
}

export type ClockOutcome =
  | { outcome: 'done'; clock: ClockRow | null }
  | { outcome: 'refused'; message: string }
  | { outcome: 'unknown_clock' };
