import { type ScheduledJob } from '~/modules/jobs/shared';

/** What is done by itself. Each asks the rows what is due, so one that was missed is made up for by the next. */
export const SCHEDULE: readonly ScheduledJob[] = [
  { name: 'webhooks.catch_up', pattern: '*/5 * * * *' },
  { name: 'webhooks.sweep_replays', pattern: '* * * * *' },
  { name: 'stripe.sweep_calls', pattern: '* * * * *' },
  { name: 'payments.recheck', pattern: '* * * * *' },
  { name: 'payments.thaw', pattern: '* * * * *' },
  { name: 'alerts.evaluate', pattern: '* * * * *' },
  { name: 'reconciliation.hourly', pattern: '17 * * * *' },
  { name: 'reconciliation.nightly', pattern: '40 2 * * *' },
  { name: 'reconciliation.resume', pattern: '*/5 * * * *' },
  { name: 'outbox.sweep', pattern: '* * * * *' },
  { name: 'approvals.expire', pattern: '*/10 * * * *' },
  { name: 'credits.sweep', pattern: '* * * * *' },
  { name: 'customers.sweep', pattern: '* * * * *' },
  { name: 'customers.retain', pattern: '20 3 * * *' },
  { name: 'finance.roll', pattern: '*/5 * * * *' },
  { name: 'ledger.book_due', pattern: '* * * * *' },
  { name: 'ledger.close_days', pattern: '10 * * * *' },
  { name: 'ledger.find_expiring', pattern: '*/10 * * * *' },
  { name: 'ledger.roll_standing', pattern: '*/5 * * * *' },
  { name: 'ledger.tell_crossings', pattern: '* * * * *' },
];
