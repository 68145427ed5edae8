import { type Db, type Tx } from '~/platform/db.server';

import { intervalOf, type PlanView } from './shared';

const MAX_PLANS = 50;

/** A plan with what this realm sells it by. */
export interface PlanForSale extends PlanView {
  stripePrice: string;
}

/** The plans that this realm can sell in a currency, in the shop's order. A plan without a Stripe price is not shown. */
export async function listPlans(
  db: Db,
  input: { realmId: string; currency: string },
): Promise<PlanForSale[]> {
  const { realmId, currency } = input;
  const items = await db.catalogItem.findMany({
    where: { kind: 'plan', onSale: true },
    orderBy: [{ position: 'asc' }, { code: 'asc' }],
    take: MAX_PLANS,
    select: {
      code: true,
      versions: {
        orderBy: { n: 'desc' },
        take: 1,
        select: {
          ...terms,
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
  return items.flatMap(({ code, versions: [version] }) => {
    const price = version?.prices[0];
    const stripePrice = price?.stripePrices[0]?.stripeId;
    if (!version || !price || stripePrice === undefined) return [];
    return [{ ...planOf(code, version, { currency, amount: price.amount }), stripePrice }];
  });
}

/** The version in force of a plan on sale; undefined when there is none of that code, or none that this realm can sell. */
export async function findPlanForSale(
  db: Db,
  input: { realmId: string; code: string; currency: string },
): Promise<PlanForSale | undefined> {
  const plans = await listPlans(db, input);
  return plans.find(({ code }) => code === input.code);
}

/** What a Stripe price of this realm sells or has sold, in the version that it was made for; undefined when no plan. */
export async function findPlanOfPrice(
  db: Db | Tx,
  realmId: string,
  stripePrice: string,
): Promise<PlanView | undefined> {
  const where = { realmId_stripeId: { realmId, stripeId: stripePrice } };
  const select = { versionId: true, currency: true } as const;
  const sold =
    (await db.stripePrice.findUnique({ where, select })) ??
    (await db.formerStripePrice.findUnique({ where, select }));
  return sold === null ? undefined : findPlanOfVersion(db, sold.versionId, sold.currency);
}

/** One version of a plan at its price in a currency; undefined when it is no plan, or has no price in that currency. */
export async function findPlanOfVersion(
  db: Db | Tx,
  versionId: string,
  currency: string,
): Promise<PlanView | undefined> {
  const version = await db.catalogVersion.findUnique({
    where: { id: versionId },
    select: {
      ...terms,
      item: { select: { code: true, kind: true } },
      prices: { where: { currency }, take: 1, select: { amount: true } },
    },
  });
  const price = version?.prices[0];
  if (!version || !price || version.item.kind !== 'plan') return undefined;
  return planOf(version.item.code, version, { currency, amount: price.amount });
}

const terms = {
  id: true,
  name: true,
  description: true,
  credits: true,
  interval: true,
  trialDays: true,
  trialCredits: true,
  rolloverPeriods: true,
} as const;

interface Terms {
  id: string;
  name: string;
  description: string;
  credits: bigint;
  interval: string | null;
  trialDays: number | null;
  trialCredits: bigint | null;
  rolloverPeriods: number;
}

function planOf(code: string, version: Terms, price: { currency: string; amount: bigint }): PlanView {
  const { id, name, description, credits, trialDays, trialCredits, rolloverPeriods } = version;
  const interval = intervalOf(version.interval);
  if (interval === null) throw new Error(`Version ${id} of the plan ${code} has no interval.`);
  const shown = { code, versionId: id, name, description, credits, interval };
  return { ...shown, trialDays, trialCredits, rolloverPeriods, ...price };
}
