import { type SubscriptionStatus } from '~/modules/stripe/shared';
import { days } from '~/platform/time';

/** A plan that goes on, whether or not its last invoice is paid. */
const LIVE_STATUSES = [
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
] as const satisfies SubscriptionStatus[];

/** How long after a period's end the next one may still be told of. */
const TOLD_WITHIN = days(3);

/**
 * A customer's plans that go on in any realm of the book. One of a former realm renews there only as long as we hear of
 * it: when its period ended and none followed, nobody holds its key, and it stands in no other plan's way.
 */
export const goingOn = ({ book, customerId }: { book: 'test' | 'live'; customerId: string }, now: Date) => ({
  customerId,
  status: { in: [...LIVE_STATUSES] },
  realm: { mode: book },
  OR: [{ realm: { sells: true } }, { periodEnd: { gt: new Date(now.getTime() - TOLD_WITHIN) } }],
});

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
