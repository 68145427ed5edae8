import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

export interface ItemInput {
  code: string;
  kind: 'pack';
  position: number;
  name: string;
  description: string;
  credits: bigint;
  expiresDays: number | null;
  /** Smallest units by lower-case currency. */
  prices: Readonly<Record<string, bigint>>;
}

export type PutItemOutcome = { outcome: 'unchanged' | 'versioned'; versionId: string };

/** Puts an item on sale. Other words, credits or prices than those in force become the next version. */
export async function putCatalogItem(tx: Tx, input: ItemInput): Promise<PutItemOutcome> {
  const item = await tx.catalogItem.upsert({
    where: { code: input.code },
    create: { id: newId('itm'), code: input.code, kind: input.kind, position: input.position },
    update: { position: input.position },
    select: { id: true, versions: { orderBy: { n: 'desc' }, take: 1, include: { prices: true } } },
  });
  const latest = item.versions[0];
  if (latest && isSame(latest, input)) return { outcome: 'unchanged', versionId: latest.id };
  const { id } = await tx.catalogVersion.create({
    data: {
      id: newId('ver'),
      itemId: item.id,
      n: (latest?.n ?? 0) + 1,
      name: input.name,
      description: input.description,
      credits: input.credits,
      expiresDays: input.expiresDays,
      prices: { create: Object.entries(input.prices).map(([currency, amount]) => ({ currency, amount })) },
    },
    select: { id: true },
  });
  return { outcome: 'versioned', versionId: id };
}

interface StoredVersion {
  name: string;
  description: string;
  credits: bigint;
  expiresDays: number | null;
  prices: { currency: string; amount: bigint }[];
}

function isSame(stored: StoredVersion, input: ItemInput): boolean {
  const samePrices =
    stored.prices.length === Object.keys(input.prices).length &&
    stored.prices.every((price) => input.prices[price.currency] === price.amount);
  return (
    samePrices &&
    stored.name === input.name &&
    stored.description === input.description &&
    stored.credits === input.credits &&
    stored.expiresDays === input.expiresDays
  );
}
