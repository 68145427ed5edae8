import { type Db, type Tx } from '~/platform/db.server';

export interface MonthKey {
  realmId: string;
  customerId: string;
  /** The terms in force: the cap is theirs, and so is the price by which another currency's purchases count. */
  terms: { currency: string; amount: bigint; credits: bigint };
  now: Date;
}

export interface MonthUsed {
  /** In the terms' currency, in its smallest unit. */
  used: bigint;
  /** How much of it stands for purchases in other currencies. */
  ofOthers: bigint;
}

/** The first instant of a time's UTC month. */
export const monthOf = (now: Date): Date => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));

/**
 * What automatic top-ups have cost in this UTC month: paid ones by what was paid, those under way by what they ask for.
 * What is given back later does not count as unspent. A cap holds for all of a month: what was bought in another currency
 * counts by its credits, at what the terms ask for as many.
 */
export async function readMonth(
  db: Db | Tx,
  { realmId, customerId, terms, now }: MonthKey,
): Promise<MonthUsed> {
  const { currency, amount, credits } = terms;
  const month = { realmId, customerId, kind: 'topup' as const, createdAt: { gte: monthOf(now) } };
  const underWay = { amountPaid: null, state: { notIn: [...OVER] } };
  const settled = await db.payment.aggregate({
    where: { ...month, currency, amountPaid: { not: null } },
    _sum: { amountPaid: true },
  });
  const asked = await db.payment.aggregate({
    where: { ...month, currency, ...underWay },
    _sum: { amountSubtotal: true },
  });
  const others = await db.payment.aggregate({
    where: { ...month, currency: { not: currency }, OR: [{ amountPaid: { not: null } }, underWay] },
    _sum: { credits: true },
  });
  const ofOthers = roundedUp((others._sum.credits ?? 0n) * amount, credits);
  return {
    used: (settled._sum.amountPaid ?? 0n) + (asked._sum.amountSubtotal ?? 0n) + ofOthers,
    ofOthers,
  };
}

const OVER = ['expired', 'canceled', 'failed'] as const;

const roundedUp = (whole: bigint, by: bigint): bigint => (whole + by - 1n) / by;
