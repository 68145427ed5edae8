import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { itemSchema } from './item-schema.server';
import { type PlanInterval } from './shared';

export interface ItemInput {
  code: string;
  kind: 'pack' | 'plan';
  position: number;
  name: string;
  description: string;
  /** Of a plan: credits per period. */
  credits: bigint;
  /** Null means never; a plan's credits live by its periods instead. */
  expiresDays: number | null;
  /** What only a plan has. */
  plan?: PlanTerms;
  /** Smallest units by lower-case currency. */
  prices: Readonly<Record<string, bigint>>;
}

export interface PlanTerms {
  interval: PlanInterval;
  /** Days before a new customer's first payment, and the credits that they bring. */
  trial?: { days: number; credits?: bigint };
  /** Periods that credits live on after their own; none when left out. */
  rolloverPeriods?: number;
}

export type PutItemOutcome = { outcome: 'unchanged' | 'versioned'; versionId: string };

/**
 * Puts an item on sale. Other words, credits or prices than those in force become the next version.
 * @throws ZodError when the item is not what it should be
 */
export async function putCatalogItem(tx: Tx, input: ItemInput): Promise<PutItemOutcome> {
  itemSchema.parse(input);
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
      ...termsOf(input.plan),
      prices: { create: Object.entries(input.prices).map(([currency, amount]) => ({ currency, amount })) },
    },
    select: { id: true },
  });
  return { outcome: 'versioned', versionId: id };
}

/** A plan's terms as they are stored; those of a pack are empty. */
const termsOf = (plan: PlanTerms | undefined): StoredTerms => ({
  interval: plan?.interval ?? null,
  trialDays: plan?.trial?.days ?? null,
  trialCredits: plan?.trial?.credits ?? null,
  rolloverPeriods: plan?.rolloverPeriods ?? 0,
});

interface StoredTerms {
  interval: string | null;
  trialDays: number | null;
  trialCredits: bigint | null;
  rolloverPeriods: number;
}

interface StoredVersion extends StoredTerms {
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
  const terms = termsOf(input.plan);
  const sameTerms =
    stored.interval === terms.interval &&
    stored.trialDays === terms.trialDays &&
    stored.trialCredits === terms.trialCredits &&
    stored.rolloverPeriods === terms.rolloverPeriods;
  return (
    samePrices &&
    sameTerms &&
    stored.name === input.name &&
    stored.description === input.description &&
    stored.credits === input.credits &&
    stored.expiresDays === input.expiresDays
  );
}
