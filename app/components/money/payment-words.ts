import { type StepState } from '~/components/ui/stepper';
import { type CustomerPaymentDetail, type PaymentState } from '~/modules/payments/shared';
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
  | 'paid';

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

type Told = Pick<CustomerPaymentDetail, 'state' | 'hadPage' | 'secondOfId' | 'amountPaid'>;

function situationOf(payment: Told, cameBack: boolean): Situation {
  switch (payment.state) {
    case 'created':
      return 'unanswered';
    case 'open':
      return cameBack ? 'confirming' : 'unpaid';
    case 'processing':
      return 'at_the_bank';
    case 'expired':
    case 'canceled':
      return payment.state;
    case 'failed':
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
    says: ['We received your payment.', 'Stripe confirmed the payment.', undefined],
    next: 'They are ready to spend.',
  },
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
  return { ...words, confirmedBy, next: veryLong ?? long ?? words.next };
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
