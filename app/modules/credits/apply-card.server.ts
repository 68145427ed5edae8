import { askForReview } from '~/modules/payments/index.server';
import { type CardFact, decided, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

/**
 * What Stripe says of a saved card. Detached is for ever, and a bank's new card never expires before the one it replaces,
 * so what comes late changes nothing. Cards that we do not keep are somebody else's.
 */
export async function applyCard(
  tx: Tx,
  { id: stripeMethod, stripeCustomer, brand, last4, expMonth, expYear }: CardFact,
  { realmId }: FactContext,
): Promise<DoorOutcome> {
  const where = { realmId, stripeMethod };
  const card = await tx.savedCard.findUnique({
    where: { realmId_stripeMethod: where },
    select: { id: true, customerId: true },
  });
  if (card === null) return decided('ignored', 'foreign');
  const isEarlier = [{ expYear: { lt: expYear } }, { expYear, expMonth: { lt: expMonth } }];
  const isAlike = { expYear, expMonth, last4: { not: last4 } };
  const { count } =
    stripeCustomer === undefined
      ? await tx.savedCard.updateMany({ where: { ...where, isGone: false }, data: { isGone: true } })
      : await tx.savedCard.updateMany({
          where: { ...where, isGone: false, OR: [...isEarlier, isAlike] },
          data: { brand, last4, expMonth, expYear },
        });
  if (count === 0) return decided('noop', 'card_known');
  await askForReview(tx, card.customerId);
  return decided('applied', stripeCustomer === undefined ? 'card_detached' : 'card_renewed', [card.id]);
}
