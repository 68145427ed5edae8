import { type Tx } from '~/platform/db.server';

/** Our customer behind a Stripe customer of this realm; undefined when the Stripe customer is not ours. */
export async function customerOfStripeCustomer(
  tx: Tx,
  realmId: string,
  stripeId: string,
): Promise<string | undefined> {
  const row = await tx.stripeCustomer.findUnique({
    where: { realmId_stripeId: { realmId, stripeId } },
    select: { customerId: true },
  });
  return row?.customerId;
}
