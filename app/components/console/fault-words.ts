/** What mends an event that waits for a person. */
export type Fix =
  /** Say what a Stripe price sells. */
  | 'price'
  /** Say whose a Stripe customer is. */
  | 'customer'
  /** Say whose money it is and what it bought. */
  | 'assign'
  /** The payment waits for a decision: that is made on its page. */
  | 'payment'
  /** Once the cause is gone, it is processed again. */
  | 'replay';

export interface FaultWords {
  /** A few words for a list: "price unknown". */
  short: string;
  happened: string;
  /** What the customer has, or lacks, by it. */
  customer: string;
  fix: Fix;
  /** What to do, in a sentence. */
  next: string;
}

const NOTHING_YET = 'Where money is behind it, the customer paid and has no credits for it yet.';
const WAITS = 'The customer paid and reads “received, being checked”. They have no credits for it yet.';
const IN_REVIEW = 'Decide on the payment’s page: grant what was sold, or refund it.';
const AGAIN = 'Find out what is wrong, mend it, then replay: nothing is lost and nothing happens twice.';

const ours = (short: string, happened: string, next = AGAIN): FaultWords => ({
  ...{ short, happened, customer: NOTHING_YET, fix: 'replay', next },
});
const reviewed = (short: string, happened: string): FaultWords => ({
  ...{ short, happened, customer: WAITS, fix: 'payment', next: IN_REVIEW },
});

/** By the code of the fault. Whatever is not here is read as unknown. */
const FAULTS: Readonly<Record<string, FaultWords>> = {
  amount_differs: reviewed('amount differs', 'What was paid is not what we asked for.'),
  no_money_object: reviewed('money not named', 'Stripe says that it is paid and does not say by what.'),
  paid_twice: reviewed(
    'paid twice',
    'This money came beside the money of its sale. It is kept as a payment of its own.',
  ),
  several_plans: reviewed(
    'several plans',
    'One invoice asks for several plans at once, so nobody can say how many credits it bought.',
  ),
  too_many_lines: reviewed('too many lines', 'The invoice has more lines than we read.'),
  unknown_payment: {
    short: 'payment unknown',
    happened: 'It names a payment of ours that we do not have.',
    customer: 'Somebody paid, and no customer here has credits for it.',
    fix: 'assign',
    next: 'Say whose money it is and which pack it bought: they get its credits once.',
  },
  no_payment: {
    short: 'no payment fits',
    happened: 'The customer is ours, but none of their payments fits this money.',
    customer: 'They paid, most likely by a page or an invoice made by hand, and have no credits for it.',
    fix: 'assign',
    next: 'Say which pack it bought: the customer gets its credits once.',
  },
  unknown_price: {
    short: 'price unknown',
    happened: 'A plan was paid by a Stripe price that is none of our catalogue’s.',
    customer: WAITS,
    fix: 'price',
    next: 'Say what this price sells, then replay all that wait for it.',
  },
  parent_missing: {
    short: 'waits for what never came',
    happened: 'It speaks of something at Stripe that we have not heard of for three days.',
    customer: NOTHING_YET,
    fix: 'customer',
    next: 'Where it is a Stripe customer, say whose image it is; else replay once the object is known.',
  },
  object_missing: ours(
    'gone at Stripe',
    'It needs an object that Stripe does not have any more.',
    'Replay it once the object is there; dismiss it if it will not come back.',
  ),
  no_key_of_realm: ours(
    'key of another realm',
    'It needs a read from Stripe that only the key of its own realm may make.',
    'Put that key among those of the former realms: it runs again by itself.',
  ),
  secret_of_another_account: ours(
    'secret of another account',
    'The account of our key has no such event: the webhook secret is of another endpoint.',
    'Correct the webhook secrets of the environment, then replay.',
  ),
  refund_currency_differs: ours(
    'refund in another currency',
    'A refund is in another currency than its payment.',
  ),
  dispute_currency_differs: ours(
    'dispute in another currency',
    'A dispute is in another currency than its payment.',
  ),
  unknown_card_setup: ours(
    'card page unknown',
    'It speaks of a page for saving a card that we did not make.',
  ),
  unknown_order: ours('order unknown', 'It names the order of a plan that we do not have.'),
  schema: ours(
    'not understood',
    'Stripe sent something that this version of Credence does not understand.',
    'Update Credence, then replay.',
  ),
  invariant: ours('refused by a rule', 'A rule of the database refused what it would have done.'),
  crashed: ours('crashed', 'The process ended in the middle of it, several times; nothing of it was kept.'),
  exhausted: ours(
    'tried for three days',
    'It failed for three days for a reason that should have passed.',
    'See that Stripe and the database answer, then replay.',
  ),
  unknown: ours('unforeseen error', 'Processing it met an error that nobody foresaw.'),
};

const UNKNOWN = ours('held', 'It could not be decided.');

/** `names` is what would mend it; only a Stripe customer can be said to be somebody. */
export function faultWords(code: string | null, names: string | null): FaultWords {
  const words = FAULTS[code ?? ''] ?? UNKNOWN;
  const isMendable =
    (words.fix !== 'customer' || names?.startsWith('cus_') === true) &&
    (words.fix !== 'price' || names?.startsWith('price_') === true);
  return isMendable ? words : { ...words, fix: 'replay' };
}
