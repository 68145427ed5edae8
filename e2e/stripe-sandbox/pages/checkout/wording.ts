import type Stripe from 'stripe';
import type { CheckoutView } from '../../sandbox';
import { formatAmount } from '../../amounts';
import { longDate } from '../times';

export type LineItem = Pick<
  Stripe.LineItem,
  'id' | 'adjustable_quantity' | 'description' | 'quantity' | 'amount_subtotal' | 'currency'
> & {
  readonly price: Pick<Stripe.Price, 'unit_amount' | 'recurring'> | null;
};

/** What the pages show of a session. */
export interface Order extends Pick<
  CheckoutView,
  | 'businessName'
  | 'amount'
  | 'currency'
  | 'cancelUrl'
  | 'successUrl'
  | 'recoveryUrl'
  | 'lockedEmail'
  | 'methods'
  | 'offersSaving'
  | 'promotions'
  | 'savedMethods'
  | 'trial'
  | 'wantsAddress'
> {
  readonly session: Pick<
    Stripe.Checkout.Session,
    | 'id'
    | 'mode'
    | 'livemode'
    | 'submit_type'
    | 'amount_subtotal'
    | 'total_details'
    | 'custom_fields'
    | 'custom_text'
    | 'consent_collection'
    | 'phone_number_collection'
  >;
  readonly lineItems: readonly LineItem[];
}

type Interval = Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>;

/** `per month`, `every 3 months`. */
export function intervalText({ interval, interval_count: count }: Interval): string {
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`;
}

const ADVERBS: Record<Interval['interval'], string> = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
  year: 'yearly',
};

/** `Billed monthly`, `Billed every 3 months`. */
export function billedText(recurring: Interval): string {
  const { interval, interval_count: count } = recurring;
  return `Billed ${count === 1 ? ADVERBS[interval] : intervalText(recurring)}`;
}

interface Renewal {
  readonly amount: number;
  readonly text: string;
}

/** What each period costs before discounts and taxes; null without a recurring price. */
export function renewalOf({ lineItems }: Pick<Order, 'lineItems'>): Renewal | null {
  const recurring = lineItems.filter(({ price }) => price?.recurring);
  const interval = recurring[0]?.price?.recurring;
  if (!interval) return null;
  const amount = recurring.reduce(
    (sum, { price, quantity }) => sum + (price?.unit_amount ?? 0) * (quantity ?? 1),
    0,
  );
  return { amount, text: intervalText(interval) };
}

/** Every other submit type, `auto` and none read "Pay". */
const VERBS: Partial<Record<string, string>> = {
  book: 'Book',
  donate: 'Donate',
  subscribe: 'Subscribe',
};

export function payLabel(view: Order): string {
  const { methods, session } = view;
  if (session.mode === 'setup') return methods.join() === 'card' ? 'Save card' : 'Save payment method';
  if (session.mode === 'subscription') return view.trial === null ? 'Subscribe' : 'Start trial';
  const verb = VERBS[session.submit_type ?? 'auto'] ?? 'Pay';
  return view.amount === 0 ? 'Complete order' : `${verb} ${formatAmount(view.amount, view.currency)}`;
}

interface Headline {
  readonly lead: string;
  /** null: nothing is paid. */
  readonly amount: string | null;
  readonly beside: string | null;
  readonly note: string | null;
}

/** What the page is about, in the words of its mode. */
export function headline(view: Order): Headline {
  const { businessName, currency, lineItems, session, trial } = view;
  const renewal = renewalOf(view);
  if (session.mode === 'setup') {
    return {
      lead: 'Save payment details',
      amount: null,
      beside: null,
      note: `For future payments to ${businessName}.`,
    };
  }
  if (renewal === null || session.mode === 'payment') {
    return {
      lead: `Pay ${businessName}`,
      amount: formatAmount(view.amount, currency),
      beside: null,
      note: null,
    };
  }
  const name = lineItems.length === 1 ? (lineItems[0]?.description ?? businessName) : businessName;
  const price = formatAmount(renewal.amount, currency);
  if (trial === null) {
    return { lead: `Subscribe to ${name}`, amount: price, beside: renewal.text, note: null };
  }
  const note = `Then ${price} ${renewal.text}, from ${longDate(trial.end)}`;
  return {
    lead: `Try ${name}`,
    amount: `${trial.days} ${trial.days === 1 ? 'day' : 'days'} free`,
    beside: null,
    note,
  };
}

/** What the customer agrees to by the button; null where nothing follows the payment. */
export function agreement({ businessName, session }: Order): string | null {
  if (session.mode === 'setup') {
    return `By saving your payment information, you allow ${businessName} to charge you for future payments in accordance with their terms.`;
  }
  if (session.mode === 'subscription') {
    return `By confirming your subscription, you allow ${businessName} to charge you for future payments in accordance with their terms. You can always cancel your subscription.`;
  }
  return null;
}
