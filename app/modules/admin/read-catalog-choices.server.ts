import { type Db } from '~/platform/db.server';

import { type CatalogChoice } from './shared';

const MOST = 200;

/** Every version of the catalogue in every currency, what is sold now first: what money may have been paid for. */
export async function readCatalogChoices(db: Db): Promise<CatalogChoice[]> {
  const prices = await db.catalogPrice.findMany({
    orderBy: [{ version: { item: { position: 'asc' } } }, { version: { n: 'desc' } }, { currency: 'asc' }],
    take: MOST,
    select: {
      ...{ versionId: true, currency: true, amount: true },
      version: { select: { n: true, name: true, credits: true, item: { select: { kind: true } } } },
    },
  });
  return prices.map(({ version: { item, ...version }, ...price }) => ({
    ...price,
    ...version,
    kind: item.kind,
  }));
}
