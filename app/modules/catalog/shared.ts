/** A pack as the store shows it. */
export interface PackView {
  code: string;
  name: string;
  description: string;
  credits: bigint;
  amount: bigint;
  currency: string;
  expiresDays: number | null;
  /** The lowest price per credit of those on sale. */
  isBestValue: boolean;
}

const PLAN_INTERVALS = ['month', 'year'] as const;
export type PlanInterval = (typeof PLAN_INTERVALS)[number];

/** The interval as it is stored; null for what is paid once. */
export function intervalOf(stored: string | null): PlanInterval | null {
  const interval = PLAN_INTERVALS.find((known) => known === stored);
  if (stored !== null && interval === undefined) throw new Error(`No plan has the interval ${stored}.`);
  return interval ?? null;
}

/** A plan as the store shows it. */
export interface PlanView {
  code: string;
  versionId: string;
  name: string;
  description: string;
  /** Per period. */
  credits: bigint;
  amount: bigint;
  currency: string;
  interval: PlanInterval;
  /** Null for none. */
  trialDays: number | null;
  trialCredits: bigint | null;
  rolloverPeriods: number;
}

/** A price of a version, and the Stripe price that sells it in the realm that was asked for; null while there is none. */
export interface CatalogPriceView {
  currency: string;
  amount: bigint;
  stripePrice: string | null;
}

/** One version of an item, as staff see it. */
export interface CatalogVersionView {
  id: string;
  n: number;
  name: string;
  description: string;
  credits: bigint;
  expiresDays: number | null;
  interval: PlanInterval | null;
  trialDays: number | null;
  trialCredits: bigint | null;
  rolloverPeriods: number;
  createdAt: Date;
  prices: CatalogPriceView[];
}

/** An item with its versions, the latest first. */
export interface CatalogItemView {
  code: string;
  kind: 'pack' | 'plan';
  position: number;
  onSale: boolean;
  versions: CatalogVersionView[];
}
