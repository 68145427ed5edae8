import { type Tx } from '~/platform/db.server';

/** In place of a card's last digits. */
const NO_DIGITS = '····';

/**
 * Takes a person's cards out of ours; they are detached at Stripe by then. What the person agreed to stays as evidence,
 * with the address that it came from.
 * @returns how many rows lost something
 */
export async function eraseCards(tx: Tx, { customerId }: { customerId: string }): Promise<number> {
  const cards = await tx.savedCard.updateMany({
    where: { customerId, last4: { not: NO_DIGITS } },
    data: { last4: NO_DIGITS, isGone: true },
  });
  const setups = await tx.cardSetup.updateMany({
    where: { customerId, sessionUrl: { not: null } },
    data: { sessionUrl: null },
  });
  return cards.count + setups.count;
}
