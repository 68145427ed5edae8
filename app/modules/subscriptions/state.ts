import { type SubscriptionStatus } from '~/modules/stripe/shared';

/** A plan that goes on, whether or not its last invoice is paid. */
export const LIVE_STATUSES = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
] as const satisfies SubscriptionStatus[];

const LIVE = new Set<SubscriptionStatus>(LIVE_STATUSES);

/**
 * A trial that becomes a plan to pay for unless its customer does something. A change to another rhythm waits behind a
 * trial too, but of a period that is paid.
 */
export const willBeCharged = (plan: {
  status: SubscriptionStatus;
  paidUntil: Date | null;
  endsAt: Date | null;
}): boolean => plan.status === 'trialing' && plan.paidUntil === null && plan.endsAt === null;

export const isLive = ({ status }: { status: SubscriptionStatus }): boolean => LIVE.has(status);
