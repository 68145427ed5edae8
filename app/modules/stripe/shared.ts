/** A Stripe object translated into our words: the only thing that other rooms see of Stripe. */
export type StripeFact = SessionFact | IntentFact | ChargeFact | InvoiceFact;

/** What our metadata on a Stripe object says; any of it may be absent on objects that others made. */
export interface Ours {
  realm?: string;
  payment?: string;
  customer?: string;
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
  /** Why the last try failed, in Stripe's sentence for the cardholder. */
  lastError: string | undefined;
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
}

/** A Stripe object named so that it can be read. */
export interface ObjectRef {
  object: 'checkout.session' | 'payment_intent' | 'charge' | 'invoice';
  id: string;
}

/** How a door answers a fact. The inbox turns each into an event's status. */
export type DoorOutcome =
  /** The event is done. `effects` are the rows that changed: payments and transfers. */
  | { outcome: 'decided'; decision: Decision; reason: string; effects: string[] }
  /** Nothing is kept; read these and ask again with them as evidence. */
  | { outcome: 'need'; refs: ObjectRef[] }
  /** The named parent is not known yet. */
  | { outcome: 'waits'; waitsFor: string }
  /** A person's data is needed. */
  | { outcome: 'quarantined'; code: string; detail: string; effects: string[] };

export type Decision = 'applied' | 'duplicate' | 'stale' | 'noop' | 'ignored';

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
}

/** The realm that this process's key belongs to. */
export interface RealmView {
  id: string;
  account: string;
  mode: 'test' | 'live';
  name: string;
}
