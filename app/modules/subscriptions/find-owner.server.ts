import { findPlanOfPrice } from '~/modules/catalog/index.server';
import { customerOfStripeCustomer } from '~/modules/stripe/index.server';
import { decided, type DoorOutcome, type Ours } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

/** What says whose a subscription is. */
export interface Signs {
  subscriptionId: string;
  ours: Ours;
  stripeCustomer: string | undefined;
  stripePrices: string[];
}

export type Owner = { owner: 'customer'; customerId: string } | { owner: 'nobody'; answer: DoorOutcome };

/**
 * Whose plan a fact is about: as we know the subscription, as our metadata says, or as its Stripe customer is known. One
 * that is ours by its price or metadata alone waits for its customer; another product's is ignored.
 */
export async function findOwner(tx: Tx, realmId: string, signs: Signs): Promise<Owner> {
  const { subscriptionId, ours, stripeCustomer, stripePrices } = signs;
  if (ours.realm !== undefined && ours.realm !== realmId) return ignored('other_realm');
  const known = await tx.subscription.findUnique({
    where: { realmId_stripeId: { realmId, stripeId: subscriptionId } },
    select: { customerId: true },
  });
  if (known) return { owner: 'customer', customerId: known.customerId };
  if (ours.realm !== undefined && ours.customer !== undefined) {
    const named = await tx.customer.findUnique({ where: { id: ours.customer }, select: { id: true } });
    if (named) return { owner: 'customer', customerId: named.id };
  }
  if (stripeCustomer !== undefined) {
    const customerId = await customerOfStripeCustomer(tx, realmId, stripeCustomer);
    if (customerId !== undefined) return { owner: 'customer', customerId };
  }
  const isOurs = ours.realm !== undefined || (await isAnyOfPlan(tx, realmId, stripePrices));
  if (!isOurs || stripeCustomer === undefined) return ignored('foreign');
  return { owner: 'nobody', answer: { outcome: 'waits', waitsFor: stripeCustomer } };
}

async function isAnyOfPlan(tx: Tx, realmId: string, stripePrices: string[]): Promise<boolean> {
  for (const price of new Set(stripePrices))
    if ((await findPlanOfPrice(tx, realmId, price)) !== undefined) return true;
  return false;
}

const ignored = (reason: string): Owner => ({
  owner: 'nobody',
  answer: decided('ignored', reason),
});
