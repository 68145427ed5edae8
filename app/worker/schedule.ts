import { type ScheduledJob } from '~/modules/jobs/shared';

/** What is done by itself. Each asks the rows what is due, so one that was missed is made up for by the next. */
export const SCHEDULE: readonly ScheduledJob[] = [
  { name: 'webhooks.catch_up', pattern: '*/5 * * * *' },
  { name: 'stripe.sweep_calls', pattern: '* * * * *' },
  { name: 'payments.recheck', pattern: '* * * * *' },
];
