import { type Db } from '~/platform/db.server';

import { type PackView } from './shared';

const MAX_PACKS = 50;

/** What a checkout needs to know of the pack it sells, in one realm and currency. */
export interface PackForSale {
  versionId: string;
  code: string;
  name: string;
  credits: bigint;
  amount: bigint;
  currency: string;
  stripePrice: string;
}

/** The packs that this realm can sell in a currency, in the shop's order. A pack without a Stripe price is not shown. */
export async function listPacks(db: Db, realmId: string, currency: string): Promise<PackView[]> {
  const rows = await latestVersions(db, realmId, currency);
  const packs = rows.flatMap(({ code, version, price }) => {
    const { name, description, credits, expiresDays } = version;
    return [{ code, name, description, credits, expiresDays, amount: price.amount, currency }];
  });
  const best = packs.reduce<(typeof packs)[number] | undefined>(
    (lowest, pack) =>
      lowest === undefined || pack.amount * lowest.credits < lowest.amount * pack.credits ? pack : lowest,
    undefined,
  );
  return packs.map((pack) => ({ ...pack, isBestValue: packs.length > 1 && pack.code === best?.code }));
}

/** The version in force of a pack on sale; undefined when there is none of that code, or none that this realm can sell. */
export async function findPackForSale(
  db: Db,
  input: { realmId: string; code: string; currency: string },
): Promise<PackForSale | undefined> {
  const rows = await latestVersions(db, input.realmId, input.currency, input.code);
  const row = rows[0];
  if (!row) return undefined;
  return {
    versionId: row.version.id,
    code: row.code,
    name: row.version.name,
    credits: row.version.credits,
    amount: row.price.amount,
    currency: input.currency,
    stripePrice: row.stripePrice,
  };
}

async function latestVersions(db: Db, realmId: string, currency: string, code?: string) {
  const items = await db.catalogItem.findMany({
    where: { kind: 'pack', onSale: true, ...(code === undefined ? {} : { code }) },
    orderBy: [{ position: 'asc' }, { code: 'asc' }],
    take: MAX_PACKS,
    select: {
      code: true,
      versions: {
        orderBy: { n: 'desc' },
        take: 1,
        select: {
          id: true,
          name: true,
          description: true,
          credits: true,
          expiresDays: true,
          prices: {
            where: { currency },
            take: 1,
            select: {
              amount: true,
              stripePrices: { where: { realmId }, take: 1, select: { stripeId: true } },
            },
          },
        },
      },
    },
  });
  return items.flatMap((item) => {
    const version = item.versions[0];
    const price = version?.prices[0];
    const stripePrice = price?.stripePrices[0]?.stripeId;
    return version && price && stripePrice !== undefined
      ? [{ code: item.code, version, price, stripePrice }]
      : [];
  });
}
