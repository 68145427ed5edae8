import { type Db, type Tx } from '~/platform/db.server';

import { isExpired } from './card-expiry';
import { type CardView } from './shared';

/** More cards than this nobody saves. */
const MAX_CARDS = 20;

/** The newest saved card that can still be charged. */
export async function findUsableCard(
  db: Db | Tx,
  { realmId, customerId, now }: { realmId: string; customerId: string; now: Date },
): Promise<(CardView & { id: string }) | undefined> {
  const cards = await db.savedCard.findMany({
    where: { realmId, customerId, isGone: false },
    orderBy: { createdAt: 'desc' },
    take: MAX_CARDS,
    select: { id: true, brand: true, last4: true, expMonth: true, expYear: true },
  });
  return cards.find((card) => !isExpired(card, now));
}
