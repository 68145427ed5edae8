import { type Db } from '~/platform/db.server';

import { type CatalogItemView, intervalOf } from './shared';

const MOST_ITEMS = 200;
/** Of so many versions the page tells; all of them stay. */
const MOST_VERSIONS = 30;

/** Every item with its versions, the latest first, and by what a realm sells each price. */
export async function listCatalog(db: Db, realmId: string): Promise<CatalogItemView[]> {
  const items = await db.catalogItem.findMany({
    orderBy: [{ onSale: 'desc' }, { kind: 'asc' }, { position: 'asc' }, { code: 'asc' }],
    take: MOST_ITEMS,
    select: {
      ...{ code: true, kind: true, position: true, onSale: true },
      versions: {
        orderBy: { n: 'desc' },
        take: MOST_VERSIONS,
        omit: { itemId: true },
        include: {
          prices: {
            orderBy: { currency: 'asc' },
            select: {
              ...{ currency: true, amount: true },
              stripePrices: { where: { realmId }, take: 1, select: { stripeId: true } },
            },
          },
        },
      },
    },
  });
  return items.map(({ versions, ...item }) => ({
    ...item,
    versions: versions.map(({ prices, interval, ...version }) => ({
      ...version,
      interval: intervalOf(interval),
      prices: prices.map(({ stripePrices: [made], ...price }) => ({
        ...price,
        stripePrice: made?.stripeId ?? null,
      })),
    })),
  }));
}
