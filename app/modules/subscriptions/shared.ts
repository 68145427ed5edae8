import { type PlanInterval } from '~/modules/catalog/shared';
import { type SubscriptionStatus } from '~/modules/stripe/shared';

export type ActKind = 'cancel' | 'resume' | 'upgrade' | 'change' | 'end_second';

/** What a customer may ask for on the page of their plan. */
export const PLAN_INTENTS = {
  cancel: 'cancel',
  resume: 'resume',
  change: 'change',
  portal: 'portal',
} as const;

/** Where a plan stands, in its customer's words. */
export type PlanState =
  /** Paid for, or free by a discount. */
  | 'active'
  /** Nothing is paid yet. */
  | 'trial'
  /** The last payment did not go through. */
  | 'past_due'
  | 'paused'
  | 'ended';

export interface PlanName {
  code: string;
  name: string;
  /** Per period. */
  credits: bigint;
  amount: bigint;
  currency: string;
  interval: PlanInterval;
}

/** One subscription as its customer sees it. Amounts in the currency's smallest unit. */
export interface MyPlan {
  id: string;
  state: PlanState;
  /** Undefined while its price is none of the catalogue's. */
  plan: PlanName | undefined;
  /** What it goes on as after this period, where that is another plan. */
  next: PlanName | undefined;
  periodEnd: Date;
  /** When it will end by itself, or has ended. */
  endsAt: Date | null;
  owed: { amount: bigint; currency: string; nextTryAt: Date | null } | undefined;
  /** A change that Stripe has not answered yet. */
  isChanging: boolean;
  /** It was sold by an account that sells no more: it renews and ends there, and cannot become another plan. */
  isOfFormer: boolean;
}

/** How another plan would come: at once at its full price, or with the next period. */
export type ChangeKind = 'now' | 'next_period';

export interface PlanChoice extends PlanName {
  versionId: string;
  description: string;
  change: ChangeKind;
}

/** Stripe's words for where a subscription stands → ours; a trial that follows a paid period is a paid plan. */
export function planState(status: SubscriptionStatus, wasPaid: boolean): PlanState {
  switch (status) {
    case 'trialing':
      return wasPaid ? 'active' : 'trial';
    case 'active':
      return 'active';
    case 'past_due':
    case 'unpaid':
    case 'incomplete':
      return 'past_due';
    case 'paused':
      return 'paused';
    case 'canceled':
    case 'incomplete_expired':
      return 'ended';
  }
}

interface Priced {
  amount: bigint;
  interval: PlanInterval;
}

/**
 * More for the same time begins now, as a new cycle at the full price. Anything else, and anything during a trial, waits
 * for the period that is paid.
 */
export const changeKind = (paid: Priced | undefined, wanted: Priced): ChangeKind =>
  paid !== undefined && paid.interval === wanted.interval && wanted.amount > paid.amount
    ? 'now'
    : 'next_period';
