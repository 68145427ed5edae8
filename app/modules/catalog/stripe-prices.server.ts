import { type Db, inTransaction } from '~/platform/db.server';

import { intervalOf, type PlanInterval } from './shared';

const MAX_PRICES = 500;

/** A catalogue price in force and the Stripe price that this realm knows for it. */
export interface PriceToSync {
  versionId: string;
  code: string;
  name: string;
  description: string;
  currency: string;
  amount: bigint;
  /** How often it is paid; null for once. */
  interval: PlanInterval | null;
  stripeId: string | undefined;
}

/** Every price of the versions in force, with what this realm sells it by. */
export async function listPricesToSync(db: Db, realmId: string): Promise<PriceToSync[]> {
  const items = await db.catalogItem.findMany({
    where: { onSale: true },
    orderBy: { position: 'asc' },
    take: MAX_PRICES,
    select: {
      code: true,
      versions: {
        orderBy: { n: 'desc' },
        take: 1,
        select: {
          id: true,
          name: true,
          description: true,
          interval: true,
          prices: { include: { stripePrices: { where: { realmId } } } },
        },
      },
    },
  });
  return items.flatMap(({ code, versions }) =>
    versions.flatMap(({ id, name, description, interval, prices }) =>
      prices.map(({ currency, amount, stripePrices }) => ({
        versionId: id,
        code,
        name,
        description,
        currency,
        amount,
        interval: intervalOf(interval),
        stripeId: stripePrices[0]?.stripeId,
      })),
    ),
  );
}

/**
 * Remembers what this realm sells a catalogue price by. The Stripe price that sold it before stays known: subscriptions
 * go on paying by it.
 */
export async function recordStripePrice(
  db: Db,
  input: { realmId: string; versionId: string; currency: string; stripeId: string },
): Promise<void> {
  const { stripeId, ...id } = input;
  await inTransaction(db, 'record stripe price', async (tx) => {
    const former = await tx.stripePrice.findUnique({ where: { realmId_versionId_currency: id } });
    if (former !== null && former.stripeId !== stripeId)
      await tx.formerStripePrice.createMany({
        data: [{ ...id, stripeId: former.stripeId }],
        skipDuplicates: true,
      });
    await tx.stripePrice.upsert({
      where: { realmId_versionId_currency: id },
      create: input,
      update: { stripeId },
      select: { stripeId: true },
    });
  });
}
