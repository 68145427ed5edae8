import { type SubscriptionEndReason } from '~/modules/stripe/shared';
import { hours } from '~/platform/time';

import { type ActKind } from './shared';

/** Why a plan ended, as far as its customer may be told. */
export type EndCause =
  /** They canceled it on the page of their plan. */
  | 'asked'
  /** In the portal, or by staff with the end of its period: Stripe does not tell which. */
  | 'canceled'
  /** By staff, for the portal and our page end a plan with its period. */
  | 'ended_early'
  /** We ended it, for they had another one. */
  | 'second'
  | 'payment_failed'
  | 'payment_disputed'
  | 'unknown';

interface Ended {
  endReason: SubscriptionEndReason | null;
  endedAt: Date;
  periodEnd: Date;
  /** The last of what was done about its end here. */
  lastAct: ActKind | undefined;
}

/** Stripe ends a plan some time after its period is over, never before. */
const EARLY = hours(1);

/** By Stripe's reason, and by what was asked here: Stripe calls whatever was asked for a request. */
export function whyEnded({ endReason, endedAt, periodEnd, lastAct }: Ended): EndCause {
  if (endReason === 'payment_failed' || endReason === 'payment_disputed') return endReason;
  if (endReason === null) return 'unknown';
  if (periodEnd.getTime() - endedAt.getTime() > EARLY) return 'ended_early';
  if (lastAct === 'cancel') return 'asked';
  return lastAct === 'end_second' ? 'second' : 'canceled';
}
