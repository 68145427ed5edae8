import { type Db } from '~/platform/db.server';

import { type OfflinePack } from './shared';

const MOST = 100;

/** The packs that are on sale, each in its version in force. */
export async function listOfflinePacks(db: Db): Promise<OfflinePack[]> {
  const items = await db.catalogItem.findMany({
    where: { kind: 'pack', onSale: true },
    orderBy: [{ position: 'asc' }, { code: 'asc' }],
    take: MOST,
    select: {
      versions: {
        orderBy: { n: 'desc' },
        take: 1,
        select: {
          ...{ id: true, name: true, credits: true },
          prices: { orderBy: { currency: 'asc' }, take: MOST, select: { currency: true, amount: true } },
        },
      },
    },
  });
  return items.flatMap(({ versions: [version] }) => {
    if (version === undefined) return [];
    const { id: versionId, ...pack } = version;
    return [{ versionId, ...pack }];
  });
}
