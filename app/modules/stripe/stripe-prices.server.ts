import type Stripe from 'stripe';

import { stripeClient, type StripeSettings } from './client.server';
import { lookAtPrice, type PriceTerms } from './look-at-prices.server';
import { isTaken } from './stripe-faults.server';

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

/**
 * True when this account still has that price, and it and its product sell what the catalogue says.
 * @throws Error when Stripe does not say
 */
export async function isPriceSellable(
  settings: StripeSettings,
  stripeId: string,
  terms: PriceTerms,
): Promise<boolean> {
  const look = await lookAtPrice(settings, stripeId, terms);
  if (look.state === 'unread') throw new Error(`${stripeId} was not read: ${look.message}`);
  return look.state === 'sells';
}

/**
 * The Stripe price of one catalogue price, found by its lookup key or made with its product. Running it twice makes one.
 * A price under that key that sells something else gives the key up.
 * @returns the Stripe price id
 */
export async function ensureStripePrice(settings: StripeSettings, input: PriceInput): Promise<string> {
  const stripe = stripeClient(settings);
  const lookupKey = `credence_${input.versionId}_${input.currency}`;
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
  const known = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
  const first = known.data[0];
  if (first && (await isPriceSellable(settings, first.id, input))) return first.id;
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

/** One product for all prices of a version, under an id of ours; one that was archived is for sale again. */
async function ensureProduct(
  stripe: Stripe,
  params: Stripe.ProductCreateParams & { id: string },
): Promise<string> {
  try {
    return (await stripe.products.create(params)).id;
  } catch (error) {
    if (!isTaken(error)) throw error;
    const { active } = await stripe.products.retrieve(params.id);
    if (!active) await stripe.products.update(params.id, { active: true });
    return params.id;
  }
}
