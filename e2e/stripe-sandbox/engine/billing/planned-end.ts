import type Stripe from 'stripe';

type Feedback = Stripe.Subscription.CancellationDetails.Feedback;

interface Said {
  comment?: string | null;
  feedback?: Feedback | null;
}

/** The fields of a subscription that will end at `at`. Unix seconds. */
export function plannedEnd(
  at: number,
  { isPeriodEnd, now }: { isPeriodEnd: boolean; now: number },
  { comment = null, feedback = null }: Said = {},
): Partial<Stripe.Subscription> {
  return {
    cancel_at: at,
    cancel_at_period_end: isPeriodEnd,
    canceled_at: now,
    cancellation_details: { comment, feedback, feedback_option: null, reason: 'cancellation_requested' },
  };
}

/** The fields of a subscription whose planned end is taken back. */
export function noPlannedEnd({ comment = null, feedback = null }: Said = {}): Partial<Stripe.Subscription> {
  return {
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment, feedback, feedback_option: null, reason: null },
  };
}
