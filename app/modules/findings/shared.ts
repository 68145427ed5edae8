/** Every kind of difference there is. The first nine can be put right by reading the object and applying it. */
export const FINDING_KINDS = [
  'paid_not_granted',
  'never_generated',
  'renewal_not_granted',
  'refunded_not_revoked',
  'revoked_not_refunded',
  'disputed_not_held',
  'dispute_ended_not_settled',
  'subscription_state_differs',
  'paid_twice',
  'granted_not_paid',
  'amount_differs',
  'unknown_money',
  'second_subscription',
  'proration',
  'unknown_line',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const FINDING_STATES = ['open', 'repairing', 'repaired', 'dismissed'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

export const FINDING_STATE: Record<
  FindingState,
  { label: string; tone: 'ok' | 'warn' | 'bad' | 'info' | 'idle' }
> = {
  open: { label: 'Open', tone: 'bad' },
  repairing: { label: 'Being repaired', tone: 'info' },
  repaired: { label: 'Repaired', tone: 'ok' },
  dismissed: { label: 'Dismissed', tone: 'idle' },
};

interface FindingWords {
  label: string;
  /** What it means for the customer and for us. */
  means: string;
  /** What puts it right. */
  repair: string;
}

const APPLIED = 'Read it at Stripe once more and bring it to the same door as its event would have come to.';

export const FINDING_WORDS: Record<FindingKind, FindingWords> = {
  paid_not_granted: {
    label: 'Paid, not granted',
    means: 'The money settled at Stripe, and its customer has no credits for it.',
    repair: APPLIED,
  },
  never_generated: {
    label: 'No event was ever made',
    means: 'The money settled at Stripe, and Stripe made no event that would have told of it.',
    repair: APPLIED,
  },
  renewal_not_granted: {
    label: 'Renewal not granted',
    means: 'An invoice of a plan is paid at Stripe, and its period’s credits are missing.',
    repair: APPLIED,
  },
  refunded_not_revoked: {
    label: 'Refunded, not revoked',
    means: 'Money went back, or is about to, and its credits can still be spent.',
    repair: APPLIED,
  },
  revoked_not_refunded: {
    label: 'Revoked, not refunded',
    means: 'A refund failed: the money is here, and its credits are still taken.',
    repair: APPLIED,
  },
  disputed_not_held: {
    label: 'Disputed, not held',
    means: 'A bank asks for the money, and its credits can still be spent or nobody knows the deadline.',
    repair: APPLIED,
  },
  dispute_ended_not_settled: {
    label: 'Dispute ended, not settled',
    means: 'A dispute is decided at Stripe, and its credits stand as if it were open.',
    repair: APPLIED,
  },
  subscription_state_differs: {
    label: 'Plan stands differently',
    means: 'A plan’s status, end or period is not what Stripe shows.',
    repair: APPLIED,
  },
  paid_twice: {
    label: 'Paid twice',
    means: 'Other money settled for a sale that was paid already.',
    repair: 'It becomes a payment of its own in review: a person refunds it, or grants it.',
  },
  granted_not_paid: {
    label: 'Granted, not paid',
    means: 'Credits stand for money that Stripe does not show as paid.',
    repair:
      'Never by itself: look at the payment, take the credits by an adjustment of the customer, or say why they stay.',
  },
  amount_differs: {
    label: 'Amount differs',
    means: 'What was paid is not what our row says.',
    repair: 'A person compares both and refunds, grants or dismisses.',
  },
  unknown_money: {
    label: 'Money of no payment',
    means: 'Our metadata stands on settled money, and no payment of ours is behind it.',
    repair: 'A person assigns its event to a customer, or refunds it at Stripe.',
  },
  second_subscription: {
    label: 'Second subscription',
    means: 'A customer had a plan when another one began; the later one is set to end.',
    repair: 'A person asks the customer which of them is wanted.',
  },
  proration: {
    label: 'Proration',
    means:
      'An invoice asked for the difference of a change in the middle of a period; nothing is granted for that.',
    repair: 'A person decides whether the customer gets credits or money for it.',
  },
  unknown_line: {
    label: 'Unknown line',
    means: 'An invoice of a plan asked for something that is not in the catalogue.',
    repair: 'A person decides what it was worth.',
  },
};

/** What can be put right by reading the object and applying its fact, after which it must be gone. */
const APPLICABLE: ReadonlySet<string> = new Set<FindingKind>([
  'paid_not_granted',
  'never_generated',
  'renewal_not_granted',
  'refunded_not_revoked',
  'revoked_not_refunded',
  'disputed_not_held',
  'dispute_ended_not_settled',
  'subscription_state_differs',
  'paid_twice',
]);

export const isApplicable = (kind: string): boolean => APPLICABLE.has(kind);

/** A kind as the table keeps it, in words. */
export const findingWords = (kind: string): FindingWords | undefined =>
  Object.entries(FINDING_WORDS).find(([known]) => known === kind)?.[1];

/** One fact of a finding: what Stripe says and what we have, as text; null where there is nothing. */
export interface EvidenceLine {
  label: string;
  stripe: string | null;
  ours: string | null;
  /** Both are amounts in this unit's smallest part (`credits`, or a currency), or plain words. */
  unit: string | null;
}
