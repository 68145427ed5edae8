import type Stripe from 'stripe';
import type { PortalMethod, PortalReason, PortalSubscription } from '../../sandbox-billing';
import { formatAmount } from '../../amounts';
import { brandName } from '../brand-name';
import { intervalText } from '../checkout/wording';
import { longDate } from '../times';

export const REASONS: Record<PortalReason, string> = {
  too_expensive: "It's too expensive",
  missing_features: 'I need more features',
  switched_service: 'I found an alternative',
  unused: 'I no longer need it',
  customer_service: 'Customer service was less than expected',
  too_complex: 'It is hard to use',
  low_quality: 'Quality was less than expected',
  other: 'Other reason',
};

/** `Visa •••• 4242`. */
export function methodName({ brand, last4 }: Pick<PortalMethod, 'brand' | 'last4'>): string {
  return `${brandName(brand)} •••• ${last4}`;
}

/** `$30.00 per month`. */
export function priceText(price: Stripe.Price, quantity = 1): string {
  const amount = formatAmount((price.unit_amount ?? 0) * quantity, price.currency);
  return price.recurring ? `${amount} ${intervalText(price.recurring)}` : amount;
}

export function subscriptionPrice({ amount, currency, price }: PortalSubscription): string {
  const text = formatAmount(amount, currency);
  return price.recurring ? `${text} ${intervalText(price.recurring)}` : text;
}

interface SubscriptionState {
  readonly badge: { readonly word: string; readonly tone: 'bad' | 'idle' | 'info' | 'ok' | 'warn' } | null;
  readonly sentence: string;
}

const TROUBLE: Partial<Record<Stripe.Subscription.Status, string>> = {
  past_due: 'The last payment failed. Update your payment method to keep your subscription.',
  unpaid: 'Payment is overdue. Update your payment method to go on.',
  incomplete: 'The first payment is not complete.',
};

/** Where a subscription stands, in one word and one sentence. */
export function stateOf(subscription: PortalSubscription): SubscriptionState {
  const { cancelAt, periodEnd, status, trialEnd } = subscription;
  if (cancelAt !== null) {
    const date = longDate(cancelAt);
    return { badge: { word: 'Cancels', tone: 'idle' }, sentence: `Your subscription ends on ${date}.` };
  }
  const trouble = TROUBLE[status];
  if (trouble !== undefined) {
    const word = status === 'past_due' ? 'Past due' : status.charAt(0).toUpperCase() + status.slice(1);
    return { badge: { word, tone: 'bad' }, sentence: trouble };
  }
  if (status === 'trialing') {
    const date = longDate(trialEnd ?? periodEnd);
    return { badge: { word: 'Trial', tone: 'info' }, sentence: `Your free trial ends on ${date}.` };
  }
  if (status === 'paused') {
    return { badge: { word: 'Paused', tone: 'warn' }, sentence: 'Your subscription is paused.' };
  }
  return { badge: null, sentence: `Your next billing date is ${longDate(periodEnd)}.` };
}

/** What the home page says after an act, by the name in its address. */
export const NOTICES: Partial<Record<string, string>> = {
  canceled: 'Your subscription is canceled.',
  canceling: 'Your subscription ends with the current period.',
  resumed: 'Your subscription goes on.',
  changed: 'Your plan has changed.',
  default: 'Your default payment method has changed.',
  added: 'Your card is saved and is now the default.',
  removed: 'The payment method is removed.',
  updated: 'Your billing information is saved.',
};
