import type Stripe from 'stripe';

import { stripeClient, type StripeSettings } from './client.server';
import { isMissing, isTaken } from './stripe-faults.server';

export interface PriceInput {
  realmId: string;
  versionId: string;
  itemCode: string;
  name: string;
  description: string;
  currency: string;
  /** Smallest units. */
  amount: bigint;
  /** How often it is paid; null for once. */
  interval: 'month' | 'year' | null;
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
  const { name, description } = input;
  const product = await ensureProduct(stripe, {
    id: `credence_${input.versionId}`,
    name,
    description,
    metadata,
  });
  const price = await stripe.prices.create({
    product,
    currency: input.currency,
    unit_amount: Number(input.amount),
    ...(input.interval === null ? {} : { recurring: { interval: input.interval } }),
    // Tax changes what is paid, never what is sold: it always comes on top.
    tax_behavior: 'exclusive',
    lookup_key: lookupKey,
    // An archived price keeps its key until another takes it.
    transfer_lookup_key: true,
    metadata,
  });
  return price.id;
}

/** One product for all prices of a version, under an id of ours. */
async function ensureProduct(
  stripe: Stripe,
  params: Stripe.ProductCreateParams & { id: string },
): Promise<string> {
  try {
    return (await stripe.products.create(params)).id;
  } catch (error) {
    if (isTaken(error)) return params.id;
    throw error;
  }
}
