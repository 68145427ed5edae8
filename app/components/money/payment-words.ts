import { type StepState } from '~/components/ui/stepper';
import {
  type CustomerPaymentDetail,
  type CustomerPaymentView,
  type PaymentBackState,
  type PaymentState,
  type Tone,
} from '~/modules/payments/shared';
import { assertNever } from '~/platform/assert-never';

/** How long the reader has looked at a payment that should move by itself. */
export type Waited = 'briefly' | 'long' | 'very_long';

/** What the customer's page tells; some states mean different things to a customer. */
type Situation =
  | 'unanswered'
  | 'unpaid'
  | 'confirming'
  | 'at_the_bank'
  | 'expired'
  | 'canceled'
  | 'never_opened'
  | 'refused'
  | 'in_review'
  | 'paid_twice'
  | 'free'
  | 'paid'
  | 'charging_card'
  | 'card_refused'
  | PaymentStanding;

/** What became of settled money that did not simply stay. */
export type PaymentStanding = 'refund_coming' | 'partly_refunded' | 'refunded' | 'disputed' | 'charged_back';

/** Of the three steps: paid, confirmed by Stripe, credits added. */
type Steps<T> = readonly [paid: T, confirmed: T, added: T];

export interface PaymentWords {
  title: string;
  steps: Steps<StepState>;
  /** What the middle step waits for. */
  confirmedBy: 'Stripe' | 'a person';
  /** Undefined where a step has nothing to say yet. */
  says: Steps<string | undefined>;
  /** What to do, or that there is nothing to do. */
  next: string;
}

type Told = Pick<
  CustomerPaymentDetail,
  'state' | 'isTopUp' | 'hadPage' | 'secondOfId' | 'amountPaid' | 'backs' | 'failure'
>;

/** Where a settled payment stands by what went back of it; undefined while nothing did. */
export function standingOf({
  state,
  amountPaid,
  backs,
}: Pick<CustomerPaymentView, 'state' | 'amountPaid' | 'backs'>): PaymentStanding | undefined {
  if (state !== 'paid' && state !== 'review') return undefined;
  const of = (wanted: PaymentBackState) => backs.filter((back) => back.state === wanted);
  if (of('disputed').length > 0) return 'disputed';
  if (of('charged_back').length > 0) return 'charged_back';
  const refunded = of('refunded').reduce((sum, { amount }) => sum + amount, 0n);
  if (refunded > 0n) return refunded < (amountPaid ?? 0n) ? 'partly_refunded' : 'refunded';
  return of('refund_coming').length > 0 ? 'refund_coming' : undefined;
}

function situationOf(payment: Told, cameBack: boolean): Situation {
  const standing = standingOf(payment);
  // Part of a payment that a person still looks at may go back before the rest is decided.
  if (standing !== undefined && (payment.state === 'paid' || standing === 'refunded')) return standing;
  switch (payment.state) {
    case 'created':
      return payment.isTopUp ? 'charging_card' : 'unanswered';
    case 'open':
      return cameBack ? 'confirming' : 'unpaid';
    case 'processing':
      return 'at_the_bank';
    case 'expired':
    case 'canceled':
      return payment.state;
    case 'failed':
      if (payment.isTopUp) return 'card_refused';
      return payment.hadPage ? 'refused' : 'never_opened';
    case 'review':
      return payment.secondOfId === null ? 'in_review' : 'paid_twice';
    case 'paid':
      return payment.amountPaid === 0n ? 'free' : 'paid';
    default:
      return assertNever(payment.state);
  }
}

const NOT_YET: Steps<StepState> = ['current', 'waiting', 'waiting'];
const NOT_PAID: Steps<StepState> = ['failed', 'waiting', 'waiting'];
const HELD: Steps<StepState> = ['done', 'current', 'waiting'];
const DONE: Steps<StepState> = ['done', 'done', 'done'];

const PAID_SAYS = ['We received your payment.', 'Stripe confirmed the payment.', undefined] as const;

const WORDS: Record<Situation, Omit<PaymentWords, 'confirmedBy'>> = {
  unanswered: {
    title: 'Stripe has not answered yet',
    steps: NOT_YET,
    says: ['No money moved: there is no payment page yet that could charge you.', undefined, undefined],
    next: 'We keep asking Stripe, and this page goes on by itself.',
  },
  unpaid: {
    title: 'Waiting for your payment',
    steps: NOT_YET,
    says: ['Nothing has been taken from you.', undefined, undefined],
    next: 'Go on to Stripe’s payment page, or leave it: an unpaid page closes by itself.',
  },
  confirming: {
    title: 'Asking Stripe about your payment',
    steps: NOT_YET,
    says: ['You are back. Stripe tells us in a moment whether it was paid.', undefined, undefined],
    next: 'You can close this page: once you have paid, the credits come without it.',
  },
  at_the_bank: {
    title: 'Your bank is confirming the payment',
    steps: HELD,
    says: ['You gave the order to pay.', 'The bank has not confirmed it yet.', undefined],
    next: 'Some banks take several days. You can close this page; the credits come without it. Do not pay again.',
  },
  expired: {
    title: 'This payment page has expired',
    steps: NOT_PAID,
    says: ['Nothing was taken from you.', undefined, undefined],
    next: 'Choose a pack again whenever you like.',
  },
  canceled: {
    title: 'This payment was canceled',
    steps: NOT_PAID,
    says: ['Nothing was taken from you.', undefined, undefined],
    next: 'Choose a pack again whenever you like.',
  },
  never_opened: {
    title: 'The payment page could not be opened',
    steps: NOT_PAID,
    says: ['No money moved: there was no payment page that could charge you.', undefined, undefined],
    next: 'Try again in a minute. If it keeps happening, give support the payment id below.',
  },
  refused: {
    title: 'This payment did not go through',
    steps: NOT_PAID,
    says: ['The bank refused it; you keep your money.', undefined, undefined],
    next: 'Choose a pack again, with another card or bank if you can.',
  },
  charging_card: {
    title: 'Your saved card is being charged',
    steps: NOT_YET,
    says: ['Stripe has not answered yet whether your bank agrees.', undefined, undefined],
    next: 'You need do nothing; the credits come by themselves once it is paid.',
  },
  card_refused: {
    title: 'Your saved card was not charged',
    steps: NOT_PAID,
    says: ['The automatic purchase did not go through; you keep your money.', undefined, undefined],
    next: 'We do not try the card again by ourselves. Your automatic top-up says what to do.',
  },
  in_review: {
    title: 'Payment received and being checked',
    steps: HELD,
    says: [
      'We received your payment.',
      'A person looks at it before the credits are added, because it does not fit the order exactly.',
      undefined,
    ],
    next: 'You need not do anything. Do not pay again; for questions give support the payment id below.',
  },
  paid_twice: {
    title: 'You paid this order twice',
    steps: HELD,
    says: [
      'We received your second payment.',
      'A person sends it back to you or adds the credits once more.',
      undefined,
    ],
    next: 'You need not do anything. For questions give support the payment id below.',
  },
  free: {
    title: 'Credits added',
    steps: DONE,
    says: ['Nothing was to pay.', 'Stripe confirmed the order.', undefined],
    next: 'They are ready to spend.',
  },
  paid: {
    title: 'Credits added',
    steps: DONE,
    says: PAID_SAYS,
    next: 'They are ready to spend.',
  },
  refund_coming: {
    title: 'A refund is on its way',
    steps: DONE,
    says: PAID_SAYS,
    next: 'The share of the credits that goes with it is held back until the bank has confirmed the refund.',
  },
  partly_refunded: {
    title: 'Part of this payment was refunded',
    steps: DONE,
    says: PAID_SAYS,
    next: 'The same share of its credits was taken back; the rest stays yours. Banks take five to ten days to show a refund.',
  },
  refunded: {
    title: 'This payment was refunded',
    steps: DONE,
    says: PAID_SAYS,
    next: 'Its credits were taken back. Banks take five to ten days to show a refund.',
  },
  disputed: {
    title: 'This payment is disputed at your bank',
    steps: DONE,
    says: PAID_SAYS,
    next: 'Its credits cannot be spent until the bank has decided. If the payment stands, they are given back.',
  },
  charged_back: {
    title: 'Your bank took this payment back',
    steps: DONE,
    says: PAID_SAYS,
    next: 'Its credits were taken back. If some were spent already, your history shows what is owed.',
  },
};

/** One refund or dispute among a payment's facts. */
export const BACK_WORDS: Record<PaymentBackState, string> = {
  refund_coming: 'Refund on its way',
  refunded: 'Refunded',
  refund_failed: 'Refund that did not arrive',
  disputed: 'Disputed at your bank',
  charged_back: 'Taken back by your bank',
  dispute_over: 'Dispute decided: the payment stands',
};

/** One step of a refund or a dispute, among what happened to a payment. */
export const BACK_CHANGE_WORDS: Record<PaymentBackState, (amount: string) => string> = {
  refund_coming: (amount) => `Refund of ${amount} begun, its credits held back`,
  refunded: (amount) => `${amount} refunded, its credits taken back`,
  refund_failed: (amount) => `Refund of ${amount} did not arrive, its credits given back`,
  disputed: (amount) => `${amount} disputed at your bank, its credits set aside`,
  charged_back: (amount) => `${amount} taken back by your bank, and its credits with it`,
  dispute_over: (amount) => `Dispute of ${amount} decided: the payment stands, its credits are given back`,
};

/** A payment that did not simply stay paid, in a list. */
export const STANDING_WORDS: Record<PaymentStanding, { word: string; tone: Tone }> = {
  refund_coming: { word: 'Being refunded', tone: 'info' },
  partly_refunded: { word: 'Partly refunded', tone: 'info' },
  refunded: { word: 'Refunded', tone: 'idle' },
  disputed: { word: 'Disputed', tone: 'warn' },
  charged_back: { word: 'Taken back', tone: 'bad' },
};

const LONG_NEXT: Partial<Record<Situation, string>> = {
  unanswered:
    'Stripe takes longer than usual. You can close this page: you find this order in your history, and it costs nothing unless you pay it.',
  confirming:
    'Stripe takes longer than usual to tell us. If you paid, your money is safe and the credits come without this page: do not pay again. If you left before paying, you can go on.',
};

const VERY_LONG_NEXT: Partial<Record<Situation, string>> = {
  unanswered:
    'Stripe still does not answer. Nothing is lost: we keep asking for a day. For questions give support the payment id below.',
  confirming:
    'Stripe still has not told us. If your bank shows the payment, give support the payment id below; the credits are added as soon as Stripe confirms it. Do not pay again.',
};

/** Everything that the page says of a payment as it stands. */
export function wordsOf(payment: Told, cameBack: boolean, waited: Waited): PaymentWords {
  const situation = situationOf(payment, cameBack);
  const words = WORDS[situation];
  const long = waited === 'briefly' ? undefined : LONG_NEXT[situation];
  const veryLong = waited === 'very_long' ? VERY_LONG_NEXT[situation] : undefined;
  const confirmedBy = payment.state === 'review' ? 'a person' : 'Stripe';
  const says: PaymentWords['says'] =
    situation === 'card_refused' && payment.failure !== null
      ? [`The answer was: “${payment.failure}” You keep your money.`, undefined, undefined]
      : words.says;
  return { ...words, says, confirmedBy, next: veryLong ?? long ?? words.next };
}

/** One line of a payment's history, in the customer's words. */
export const CHANGE_WORDS: Record<PaymentState, string> = {
  created: 'Order placed',
  open: 'Payment page opened',
  processing: 'Payment handed to your bank',
  expired: 'Payment page expired unpaid',
  canceled: 'Payment canceled',
  failed: 'Payment did not go through',
  review: 'Payment received, check begun',
  paid: 'Payment confirmed, credits added',
};
