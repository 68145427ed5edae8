export type DeletionState = 'asked' | 'under_way' | 'waiting' | 'done' | 'canceled';

/** Why a customer is deleted. */
export const DELETION_REASONS = ['customer_asked', 'account_closed', 'test_data', 'other'] as const;
export type DeletionReason = (typeof DELETION_REASONS)[number];

export const DELETION_REASON_LABEL: Record<DeletionReason, string> = {
  customer_asked: 'The customer asked for it',
  account_closed: 'Their account with us is closed',
  test_data: 'Made for a test',
  other: 'Another reason',
};

/** Why one event's payload is redacted by hand. */
export const REDACTION_REASONS = ['personal_data', 'customer_asked', 'other'] as const;
export type RedactionReason = (typeof REDACTION_REASONS)[number];

export const REDACTION_REASON_LABEL: Record<RedactionReason, string> = {
  personal_data: 'It holds personal data',
  customer_asked: 'The customer asked for it',
  other: 'Another reason',
};

export type OpenKind = 'refund' | 'dispute' | 'plan' | 'page' | 'card' | 'call' | 'approval';

/** Something that a deletion waits for. */
export interface OpenThing {
  kind: OpenKind;
  /** Ours, or Stripe's where we have none. */
  id: string;
  /** The payment whose refund, dispute or page it is. */
  paymentId?: string | undefined;
}

export const OPEN_LABEL: Record<OpenKind, string> = {
  refund: 'Refund on its way',
  dispute: 'Dispute that a bank decides',
  plan: 'Plan that goes on',
  page: 'Payment page that is open',
  card: 'Card that is saved at Stripe',
  call: 'Call that Stripe has not answered',
  approval: 'Request that waits for a second person',
};

/** A deletion as the customer's page shows it. */
export interface DeletionView {
  id: string;
  state: DeletionState;
  actor: string;
  reason: string;
  createdAt: Date;
  beginsAt: Date;
  endedAt: Date | null;
  waitsFor: OpenThing[];
  /** How many rows the person was taken out of, by what they are. */
  erased: { what: string; rows: number }[];
}

/** What a deletion will do, shown before it is asked for. Credits. */
export interface DeletionPreview {
  /** What is typed to confirm: the e-mail, else the product's id, else ours. */
  confirm: string;
  hasLogIn: boolean;
  plans: number;
  topUps: number;
  cards: number;
  pages: number;
  /** Payments that a bank has not confirmed: they settle into review. */
  processing: number;
  balances: { book: 'test' | 'live'; available: bigint; held: bigint; debt: bigint }[];
  /** What it cannot end by itself. */
  waitsFor: OpenThing[];
}

export const RETAINED = ['delivery_sender', 'event_payload', 'mail', 'sending_answer'] as const;
export type Retained = (typeof RETAINED)[number];

export const RETAINED_LABEL: Record<Retained, string> = {
  delivery_sender: 'Address and agent of deliveries',
  event_payload: 'Payloads of events that are done',
  mail: 'Recipients and words of mails',
  sending_answer: 'What the product answered to messages',
};

/** Days for which something is kept where the team has said nothing. */
export const RETENTION_DAYS: Record<Retained, number> = {
  delivery_sender: 30,
  event_payload: 180,
  mail: 90,
  sending_answer: 30,
};

/** Whether something may be kept for so many days. Two at least: what came today may still be asked about. */
export const mayRetainFor = (days: number): boolean => Number.isInteger(days) && days >= 2 && days <= 3650;

/** How long something is kept, after "kept". */
export const keptWords = (days: number | null): string => (days === null ? 'for good' : `for ${days} days`);

/** How long something is kept; null for good. */
export interface RetentionView {
  kind: Retained;
  days: number | null;
  isDefault: boolean;
  /** All that is older was taken out. */
  doneBefore: Date | null;
}
