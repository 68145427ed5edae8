import { type Tx } from '~/platform/db.server';

export type AdoptCustomerOutcome =
  | { outcome: 'adopted' }
  /** That Stripe customer is another customer's image, or this customer has another image in this realm. */
  | { outcome: 'taken' };

/** Says by a person's word whose image a Stripe customer of this realm is. */
export async function adoptStripeCustomer(
  tx: Tx,
  link: { realmId: string; customerId: string; stripeId: string },
): Promise<AdoptCustomerOutcome> {
  await tx.stripeCustomer.createMany({ data: [link], skipDuplicates: true });
  return (await tx.stripeCustomer.count({ where: link })) === 1
    ? { outcome: 'adopted' }
    : { outcome: 'taken' };
}
