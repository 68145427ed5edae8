import { type Tx } from '~/platform/db.server';

export type AdoptPriceOutcome =
  | { outcome: 'adopted' }
  /** The version has no price in this currency: what it is worth cannot be compared. */
  | { outcome: 'no_price' }
  /** That Stripe price sells another version. */
  | { outcome: 'taken' };

/** Says by a person's word what a Stripe price that somebody made by hand sells. Nothing new is sold by it. */
export async function adoptStripePrice(
  tx: Tx,
  price: { realmId: string; versionId: string; currency: string; stripeId: string },
): Promise<AdoptPriceOutcome> {
  const { realmId, versionId, currency, stripeId } = price;
  if ((await tx.catalogPrice.count({ where: { versionId, currency } })) === 0) return { outcome: 'no_price' };
  if ((await tx.stripePrice.count({ where: { realmId, stripeId } })) > 0) return { outcome: 'taken' };
  await tx.formerStripePrice.createMany({ data: [price], skipDuplicates: true });
  return (await tx.formerStripePrice.count({ where: price })) === 1
    ? { outcome: 'adopted' }
    : { outcome: 'taken' };
}
