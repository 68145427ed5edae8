import { type Tone } from '~/components/ui/tone';
import { type PlanInterval } from '~/modules/catalog/shared';
import { type PlanState } from '~/modules/subscriptions/shared';

export const A_PERIOD: Record<PlanInterval, string> = { month: 'a month', year: 'a year' };

export const PLAN_STATE_WORD: Record<PlanState, string> = {
  active: 'Active',
  trial: 'Trial',
  past_due: 'Payment failed',
  paused: 'Paused',
  ended: 'Ended',
};

export const PLAN_STATE_TONE: Record<PlanState, Tone> = {
  active: 'ok',
  trial: 'info',
  past_due: 'bad',
  paused: 'warn',
  ended: 'idle',
};

/** How long a plan's credits live. */
export function lifeOfCredits(interval: PlanInterval, rolloverPeriods: number): string {
  if (rolloverPeriods === 0) return `Credits last through their ${interval}, and three days more.`;
  const more = rolloverPeriods === 1 ? `one more ${interval}` : `${rolloverPeriods} more ${interval}s`;
  return `What is left of a ${interval} lasts ${more}.`;
}

/** What the page of a plan says after an act, and why one did not happen. */
export const PLAN_DONE = {
  cancel: 'Your plan ends with the period that is paid. Until then nothing changes.',
  resume: 'Your plan goes on.',
  change: 'Your plan is changed.',
} as const;
export type PlanDone = keyof typeof PLAN_DONE;

export const PLAN_FAULT = {
  unverified: 'Confirm your e-mail address first: open the link in the e-mail we sent you.',
  bad_request: 'That order was incomplete. Choose a plan below.',
  unknown_plan: 'This plan is no longer for sale. Choose another one.',
  limited:
    'Too many payment pages in a short time. This protects cards from being tried out; wait a few minutes.',
  already_subscribed: 'You have a plan already. Change it here instead of starting another one.',
  selling_paused: 'Buying is paused for now, changes of plans too. Nothing changed; please come back later.',
  refused: 'Stripe refused the payment page. Try again in a moment.',
  unknown: 'Stripe has not answered. If it did what you asked, this page says so in a minute.',
  not_possible: 'That can no longer be done: your plan stands as shown below.',
  busy: 'An earlier change is still under way. Wait until it is shown below.',
  declined: 'Your card was declined. Nothing changed; use another card and try again.',
  of_former:
    'This plan was sold by an account that sells no more, so it cannot change. Let it end, then choose another one.',
  no_key:
    'The account that this plan is paid to cannot be reached from here at the moment. Nothing changed; write to us.',
  nothing_to_manage: 'There is nothing to manage before your first purchase.',
} as const;
export type PlanFault = keyof typeof PLAN_FAULT;
