/** A Stripe object translated into our words: the only thing that other rooms see of Stripe. */
export type StripeFact = SaleFact | SubscriptionFact | MoneyBackFact | CardFact | CardSetupFact;

/** What is said of one sale: its payment's room takes these. */
export type SaleFact = SessionFact | IntentFact | ChargeFact | InvoiceFact;

/** What is said of money that goes back. */
export type MoneyBackFact = RefundFact | DisputeFact | ChargeRefundsFact;

/** What our metadata on a Stripe object says; any of it may be absent on objects that others made. */
export interface Ours {
  realm?: string;
  payment?: string;
  customer?: string;
  /** The code of a plan. */
  plan?: string;
  /** The order of a plan that a session is for. */
  order?: string;
  /** The row whose call made the object. */
  row?: string;
}

export interface SessionFact {
  kind: 'session';
  id: string;
  ours: Ours;
  mode: 'payment' | 'setup' | 'subscription';
  status: 'open' | 'complete' | 'expired' | undefined;
  /** `failed` is our word for a delayed payment that the bank refused; Stripe says it by the event's type alone. */
  paymentStatus: 'paid' | 'unpaid' | 'no_payment_required' | 'failed';
  amountSubtotal: bigint;
  amountDiscount: bigint;
  amountTax: bigint;
  amountTotal: bigint;
  /** Lower case; absent on set-up sessions. */
  currency: string | undefined;
  intentId: string | undefined;
  invoiceId: string | undefined;
  /** What a session of mode `subscription` brought, once it is complete. */
  subscriptionId: string | undefined;
  /** What a session of mode `setup` saves its card with. */
  setupIntentId: string | undefined;
  stripeCustomer: string | undefined;
}

export interface IntentFact {
  kind: 'intent';
  id: string;
  ours: Ours;
  status:
    | 'canceled'
    | 'processing'
    | 'requires_action'
    | 'requires_capture'
    | 'requires_confirmation'
    | 'requires_payment_method'
    | 'succeeded';
  amount: bigint;
  amountReceived: bigint;
  currency: string;
  chargeId: string | undefined;
  stripeCustomer: string | undefined;
  /** Why the last try failed, in Stripe's sentence for the cardholder, and its code. */
  lastError: string | undefined;
  errorCode: string | undefined;
}

export interface ChargeFact {
  kind: 'charge';
  id: string;
  ours: Ours;
  status: 'failed' | 'pending' | 'succeeded';
  intentId: string | undefined;
  amount: bigint;
  currency: string;
  receiptUrl: string | undefined;
  /** "visa •••• 4242" */
  card: string | undefined;
  failure: string | undefined;
  stripeCustomer: string | undefined;
}

export interface InvoiceFact {
  kind: 'invoice';
  id: string;
  ours: Ours;
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void' | undefined;
  /** Set on a plan's invoices, absent on a pack's. */
  subscriptionId: string | undefined;
  invoiceUrl: string | undefined;
  pdfUrl: string | undefined;
  stripeCustomer: string | undefined;
  /** What it asks for, when it is a plan's. */
  plan: PlanInvoice | undefined;
}

/** The half of an invoice that is about a plan. Amounts in the currency's smallest unit. */
export interface PlanInvoice {
  /** Metadata of the subscription when the invoice was made; the invoice's own is not copied from it. */
  ours: Ours;
  /** Why it was made: `subscription_create`, `subscription_cycle`, `subscription_update`… */
  billingReason: string | undefined;
  currency: string;
  subtotal: bigint;
  discount: bigint;
  tax: bigint;
  total: bigint;
  amountPaid: bigint;
  amountDue: bigint;
  /** Tries to collect it so far. */
  attempts: number;
  nextAttemptAt: Date | undefined;
  /** What the customer has to mend; that a bank wants a word with them, Stripe says by an event's type alone. */
  trouble: 'payment_failed' | 'action_required' | undefined;
  lines: PlanLine[];
  /** More lines than came with it: they are there when it is read. */
  hasMoreLines: boolean;
  /** What paid it; undefined unless it was read, for events do not carry it. */
  payments: { intentId: string; chargeId: string | undefined }[] | undefined;
}

export interface PlanLine {
  id: string;
  /** Before discounts and tax; below zero where a change gives back. */
  amount: bigint;
  quantity: number;
  /** Undefined on a line that names no price. */
  stripePrice: string | undefined;
  periodStart: Date;
  periodEnd: Date;
  /** What a change in the middle of a period costs or gives back. */
  isProration: boolean;
  /** A period that costs nothing: a trial. A discount leaves the amount as it is. */
  isTrial: boolean;
}

export const SUBSCRIPTION_STATUSES = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'canceled',
] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** `requested` by its customer or by staff: Stripe does not tell them apart. */
export type SubscriptionEndReason = 'requested' | 'payment_failed' | 'payment_disputed';

export interface SubscriptionFact {
  kind: 'subscription';
  id: string;
  ours: Ours;
  status: SubscriptionStatus;
  stripeCustomer: string;
  currency: string;
  /** The first item's: plans have one. */
  stripePrice: string;
  stripeItem: string;
  periodStart: Date;
  periodEnd: Date;
  trialEnd: Date | undefined;
  /** Its trial ends in three days or fewer; Stripe says it by an event's type alone. */
  isTrialEnding: boolean;
  /** When it will end by itself. */
  endsAt: Date | undefined;
  endedAt: Date | undefined;
  /** Why it ends or has ended, where Stripe says it in a way that we know. */
  endReason: SubscriptionEndReason | undefined;
  startedAt: Date;
  latestInvoiceId: string | undefined;
  /** The latest invoice as it stood at the same moment; undefined unless the subscription was read. */
  latestInvoice: InvoiceFact | undefined;
  /** When the read that brought it began, by the database's clock. Undefined as an event tells it. */
  readAt: Date | undefined;
}

export interface RefundFact {
  kind: 'refund';
  id: string;
  ours: Ours;
  /** `pending` also while the customer must say where the money should go. */
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  amount: bigint;
  currency: string;
  intentId: string | undefined;
  chargeId: string | undefined;
  reason: string | undefined;
  failure: string | undefined;
}

/** Stripe's words for where a dispute stands; those that begin with `warning` are inquiries, which move no money. */
export const DISPUTE_STATUSES = [
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
  'prevented',
  'needs_response',
  'under_review',
  'appeal_needs_response',
  'appeal_under_review',
  'lost',
  'won',
] as const;
export type DisputeStatus = (typeof DISPUTE_STATUSES)[number];

export interface DisputeFact {
  kind: 'dispute';
  id: string;
  ours: Ours;
  status: DisputeStatus;
  amount: bigint;
  currency: string;
  intentId: string | undefined;
  chargeId: string | undefined;
  reason: string;
  /** How much of the amount the bank has now, by the dispute's movements on the balance. */
  withdrawn: bigint;
  /** Movements on the balance so far, and answers that were sent to the bank so far: neither ever falls. */
  movements: number;
  submissions: number;
  /** Until when it can be answered. */
  dueBy: Date | undefined;
}

/** That a charge was refunded. Its total falls back when a refund fails, so only the refunds themselves tell. */
export interface ChargeRefundsFact {
  kind: 'charge_refunds';
  /** The charge. */
  id: string;
  ours: Ours;
  intentId: string | undefined;
  stripeCustomer: string | undefined;
  amountRefunded: bigint;
  /** Absent in an event: they are read. */
  refunds: RefundFact[] | undefined;
}

/** A card that Stripe keeps. */
export interface CardFact {
  kind: 'card';
  /** The payment method. */
  id: string;
  ours: Ours;
  /** Undefined once it is detached: it can never be charged again. */
  stripeCustomer: string | undefined;
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
}

/** What a page on which a card is saved came to; it is read, for no event carries the card. */
export interface CardSetupFact {
  kind: 'card_setup';
  /** The SetupIntent. */
  id: string;
  ours: Ours;
  isDone: boolean;
  /** Undefined until it is done, and for a method that is no card. */
  card: CardFact | undefined;
}

/** The kinds of objects whose events are used here. */
export const HANDLED_OBJECTS = [
  'checkout.session',
  'payment_intent',
  'charge',
  'invoice',
  'subscription',
  'refund',
  'dispute',
  'payment_method',
] as const;

/** The kinds of objects that are listed by the time of their making, in the order in which money goes through them. */
export const LISTED_KINDS = [
  'checkout.session',
  'payment_intent',
  'charge',
  'invoice',
  'subscription',
  'refund',
  'dispute',
] as const;
export type ListedKind = (typeof LISTED_KINDS)[number];

/** A Stripe object named so that it can be read. `charge.refunds`: a charge and the refunds of it. */
export interface ObjectRef {
  object: (typeof HANDLED_OBJECTS)[number] | 'charge.refunds' | 'setup_intent';
  id: string;
}

/** How a door answers a fact. The inbox turns each into an event's status. */
export type DoorOutcome =
  /** The event is done. `effects` are the rows that changed: payments and transfers. */
  | { outcome: 'decided'; decision: Decision; reason: string; effects: string[] }
  /** Nothing is kept; read these and ask again with them as evidence. */
  | { outcome: 'need'; refs: ObjectRef[] }
  /** The named parent is not known yet. After `forMs` the door answers otherwise: the event comes again by then. */
  | { outcome: 'waits'; waitsFor: string; forMs?: number }
  /** A person's data is needed. */
  | { outcome: 'quarantined'; code: string; detail: string; effects: string[] };

export type Decision = 'applied' | 'duplicate' | 'stale' | 'noop' | 'ignored';

/** A door's answer that needs nothing more. */
export const decided = (decision: Decision, reason: string, effects: string[] = []): DoorOutcome => ({
  outcome: 'decided',
  decision,
  reason,
  effects,
});

/** Who brings a fact: `event:evt_…`, `return:pay_…`, `check:usr_…`. */
export interface FactContext {
  realmId: string;
  /** The realm's book. */
  book: 'test' | 'live';
  cause: string;
  /** When Stripe says that it happened. */
  at: Date;
  /** Objects that were read because a door asked for them. */
  evidence: StripeFact[];
  /** We asked Stripe for the fact itself: nobody waits for an event that may never come. */
  isLook?: boolean;
}

/** The realm that this process's key belongs to. */
export interface RealmView {
  id: string;
  account: string;
  mode: 'test' | 'live';
  name: string;
}
