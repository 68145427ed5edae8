import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { type ItemInput, putCatalogItem } from './put-item.server';

export interface ChangeItemInput extends Author {
  item: ItemInput;
  /** The version in force that the person saw; null for a new item. */
  seen: string | null;
}

export type ChangeItemOutcome =
  | { outcome: 'versioned'; versionId: string }
  /** It is what stands. */
  | { outcome: 'unchanged' }
  /** Another version came into force meanwhile, or a new item's code is taken: they look again. */
  | { outcome: 'moved' };

/** Makes the next version of an item, or an item with its first one. What was sold by former versions stays as it is. */
export async function changeItem(
  tx: Tx,
  { item, seen, ...author }: ChangeItemInput,
): Promise<ChangeItemOutcome> {
  await tx.$queryRaw`SELECT id FROM catalog_item WHERE code = ${item.code} FOR UPDATE`;
  const before = await readInForce(tx, item.code);
  if ((before?.id ?? null) !== seen) return { outcome: 'moved' };
  const put = await putCatalogItem(tx, item);
  if (put.outcome === 'unchanged' && before?.position === item.position) return { outcome: 'unchanged' };
  const act = before === undefined ? 'catalog.item_created' : 'catalog.item_changed';
  const after = await readInForce(tx, item.code);
  await appendAudit(tx, {
    ...author,
    act,
    subject: `catalog:${item.code}`,
    before: before ?? null,
    after: after ?? null,
  });
  return { outcome: 'versioned', versionId: put.versionId };
}

/** The version in force as the audit keeps it. */
async function readInForce(tx: Tx, code: string) {
  const item = await tx.catalogItem.findUnique({
    where: { code },
    select: {
      position: true,
      versions: {
        orderBy: { n: 'desc' },
        take: 1,
        omit: { itemId: true, createdAt: true },
        include: { prices: { select: { currency: true, amount: true }, orderBy: { currency: 'asc' } } },
      },
    },
  });
  const version = item?.versions[0];
  return version && { ...version, position: item?.position };
}

export type SetOnSaleOutcome = { outcome: 'set' | 'unchanged' | 'not_found' };

/** Puts an item on sale or takes it off. Pages that are open at Stripe can still be paid. */
export async function setOnSale(
  tx: Tx,
  { code, onSale, ...author }: Author & { code: string; onSale: boolean },
): Promise<SetOnSaleOutcome> {
  const { count } = await tx.catalogItem.updateMany({ where: { code, onSale: !onSale }, data: { onSale } });
  if (count === 0)
    return { outcome: (await tx.catalogItem.count({ where: { code } })) === 0 ? 'not_found' : 'unchanged' };
  const change = { before: { onSale: !onSale }, after: { onSale } };
  await appendAudit(tx, { ...author, act: 'catalog.on_sale_set', subject: `catalog:${code}`, ...change });
  return { outcome: 'set' };
}
