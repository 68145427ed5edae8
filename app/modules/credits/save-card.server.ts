import { type CardFact } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

/** Keeps a card of a customer; one that is known already is the same row. Undefined: it is another customer's. */
export async function saveCard(
  tx: Tx,
  owner: { realmId: string; customerId: string },
  card: CardFact & { stripeCustomer: string },
): Promise<string | undefined> {
  const { id: stripeMethod, stripeCustomer, brand, last4, expMonth, expYear } = card;
  await tx.savedCard.createMany({
    data: [{ id: newId('crd'), ...owner, stripeMethod, stripeCustomer, brand, last4, expMonth, expYear }],
    skipDuplicates: true,
  });
  const { realmId, customerId } = owner;
  const row = await tx.savedCard.findUniqueOrThrow({
    where: { realmId_stripeMethod: { realmId, stripeMethod } },
    select: { id: true, customerId: true },
  });
  return row.customerId === customerId ? row.id : undefined;
}
