import { seconds } from '~/platform/time';

import { askStripe, type StripeAnswer } from './ask-stripe.server';
import { stripeClient, type StripeSettings } from './client.server';
import { type PriceInput } from './stripe-prices.server';

const TIMEOUT = { timeout: seconds(8) };

/** What a Stripe price should be. */
export type PriceTerms = Pick<PriceInput, 'currency' | 'amount' | 'interval' | 'versionId'>;

/** How a Stripe price stands beside the catalogue price that it sells. */
export type PriceLook =
  | { state: 'sells' }
  /** Archived, or its product is. */
  | { state: 'inactive'; what: 'price' | 'product' }
  /** It sells something else: each difference in words. */
  | { state: 'changed'; differences: string[] }
  | { state: 'missing'; isOfOtherMode: boolean }
  | { state: 'unread'; message: string };

/** Compares one Stripe price with its catalogue price. */
export async function lookAtPrice(
  settings: StripeSettings,
  stripeId: string,
  terms: PriceTerms,
): Promise<PriceLook> {
  const answer = await askStripe(() => readPrice(settings, stripeId));
  if (answer.outcome === 'missing')
    return {
      state: 'missing',
      isOfOtherMode: /a similar object exists in (live|test) mode/.test(answer.message),
    };
  if (answer.outcome !== 'read') return { state: 'unread', message: answer.message };
  const { isActive, isProductActive, ...sold } = answer.value;
  const differences = differencesOf(sold, terms);
  if (differences.length > 0) return { state: 'changed', differences };
  if (!isActive) return { state: 'inactive', what: 'price' };
  return isProductActive ? { state: 'sells' } : { state: 'inactive', what: 'product' };
}

interface SoldBy {
  currency: string;
  amount: number | null;
  interval: string | null;
  /** The catalogue version that the product says it is; undefined on a product that is none of ours. */
  versionId: string | undefined;
  productId: string;
}

async function readPrice(settings: StripeSettings, stripeId: string) {
  const expand = ['product'];
  const price = await stripeClient(settings).prices.retrieve(stripeId, { expand }, TIMEOUT);
  const { product } = price;
  const isThere = typeof product !== 'string' && product.deleted !== true;
  return {
    currency: price.currency,
    amount: price.unit_amount,
    interval: price.recurring === null ? null : intervalOf(price.recurring),
    versionId: isThere ? product.metadata.credence_id : undefined,
    productId: typeof product === 'string' ? product : product.id,
    isActive: price.active,
    isProductActive: isThere && product.active,
  };
}

const intervalOf = ({ interval, interval_count: n }: { interval: string; interval_count: number }) =>
  n === 1 ? interval : `${String(n)} ${interval}s`;

function differencesOf(sold: SoldBy, terms: PriceTerms): string[] {
  const differences: string[] = [];
  const say = (what: string, is: string, should: string) => {
    if (is !== should) differences.push(`${what} is ${is}, the catalogue says ${should}`);
  };
  say('amount', String(sold.amount), String(terms.amount));
  say('currency', sold.currency, terms.currency);
  say('interval', sold.interval ?? 'once', terms.interval ?? 'once');
  // A price that somebody made by hand may hang on a product of theirs.
  if (sold.versionId !== undefined && sold.versionId !== terms.versionId)
    differences.push(
      `its product ${sold.productId} is ${sold.versionId}, the catalogue says ${terms.versionId}`,
    );
  return differences;
}

/** Whether this account has what our rows name; a fault other than "missing" is no answer. */
export async function knowsObject(
  settings: StripeSettings,
  path: `/v1/${string}`,
): Promise<StripeAnswer<unknown>['outcome']> {
  const answer = await askStripe(() => stripeClient(settings).rawRequest('GET', path, undefined, TIMEOUT));
  return answer.outcome;
}
