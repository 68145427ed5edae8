import { stripeClient, type StripeSettings } from './client.server';
import { isMissing } from './stripe-faults.server';

export interface PriceInput {
  realmId: string;
  versionId: string;
  itemCode: string;
  name: string;
  description: string;
  currency: string;
  /** Smallest units. */
  amount: bigint;
}

/** True when this account still has that price and it can be sold. */
export async function isPriceSellable(settings: StripeSettings, stripeId: string): Promise<boolean> {
  try {
    const price = await stripeClient(settings).prices.retrieve(stripeId);
    return price.active;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * The Stripe price of one catalogue price, found by its lookup key or made with its product. Running it twice makes one.
 * @returns the Stripe price id
 */
export async function ensureStripePrice(settings: StripeSettings, input: PriceInput): Promise<string> {
  const stripe = stripeClient(settings);
  const lookupKey = `credence_${input.versionId}_${input.currency}`;
  const known = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
  const first = known.data[0];
  if (first) return first.id;
  const metadata = {
    credence_id: input.versionId,
    credence_item: input.itemCode,
    credence_realm: input.realmId,
  };
  const product = await stripe.products.create({
    name: input.name,
    description: input.description,
    metadata,
  });
  const price = await stripe.prices.create({
    product: product.id,
    currency: input.currency,
    unit_amount: Number(input.amount),
    lookup_key: lookupKey,
    metadata,
  });
  return price.id;
}
