import * as z from 'zod/mini';

import { seconds } from '~/platform/time';

/** A worker that said nothing for so long counts as dead. It speaks every ten seconds. In milliseconds. */
export const HEARTBEAT_GRACE = seconds(45);

/** Every job there is, and the payload that it carries: ids, never what the ids name. */
export interface JobPayloads {
  'alerts.evaluate': Record<string, never>;
  'alerts.send': { noticeId: string };
  'approvals.expire': Record<string, never>;
  'approvals.mail': { approvalId: string; mail: 'asked' | 'closed' };
  'credits.mail': { ruleId: string; n: number };
  'credits.mail_cap': { ruleId: string; month: string };
  'credits.review': { customerId: string };
  'credits.sweep': Record<string, never>;
  'customers.delete': { deletionId: string };
  'customers.retain': Record<string, never>;
  'customers.sweep': Record<string, never>;
  'finance.roll': Record<string, never>;
  'ledger.book_due': Record<string, never>;
  'ledger.close_days': Record<string, never>;
  'ledger.find_expiring': Record<string, never>;
  'ledger.roll_standing': Record<string, never>;
  'ledger.tell_crossings': Record<string, never>;
  'mail.send': { mailId: string };
  'outbox.send': { sendingId: string };
  'outbox.sweep': Record<string, never>;
  'payments.mail': { paymentId: string; mail: 'credits_added' | 'in_review' | 'failed' };
  'payments.recheck': Record<string, never>;
  'payments.thaw': Record<string, never>;
  'reconciliation.hourly': Record<string, never>;
  'reconciliation.nightly': Record<string, never>;
  'reconciliation.resume': Record<string, never>;
  'refunds.mail': { refundId: string };
  'stripe.sweep_calls': Record<string, never>;
  'subscriptions.mail': {
    subscriptionId: string;
    invoiceId: string;
    mail: 'payment_failed' | 'action_required';
  };
  'subscriptions.mail_end': { subscriptionId: string; mail: 'ended' | 'trial_ending' };
  'webhooks.catch_up': Record<string, never>;
  'webhooks.replay': { replayId: string };
  'webhooks.sweep_replays': Record<string, never>;
}

export type JobName = keyof JobPayloads;

const nothing = z.object({});

export const JOB_PAYLOADS: { readonly [Name in JobName]: z.ZodMiniType<JobPayloads[Name]> } = {
  'alerts.evaluate': nothing,
  'alerts.send': z.object({ noticeId: z.string() }),
  'approvals.expire': nothing,
  'approvals.mail': z.object({ approvalId: z.string(), mail: z.enum(['asked', 'closed']) }),
  'credits.mail': z.object({ ruleId: z.string(), n: z.int() }),
  'credits.mail_cap': z.object({ ruleId: z.string(), month: z.string() }),
  'credits.review': z.object({ customerId: z.string() }),
  'credits.sweep': nothing,
  'customers.delete': z.object({ deletionId: z.string() }),
  'customers.retain': nothing,
  'customers.sweep': nothing,
  'finance.roll': nothing,
  'ledger.book_due': nothing,
  'ledger.close_days': nothing,
  'ledger.find_expiring': nothing,
  'ledger.roll_standing': nothing,
  'ledger.tell_crossings': nothing,
  'mail.send': z.object({ mailId: z.string() }),
  'outbox.send': z.object({ sendingId: z.string() }),
  'outbox.sweep': nothing,
  'payments.mail': z.object({
    paymentId: z.string(),
    mail: z.enum(['credits_added', 'in_review', 'failed']),
  }),
  'payments.recheck': nothing,
  'payments.thaw': nothing,
  'reconciliation.hourly': nothing,
  'reconciliation.nightly': nothing,
  'reconciliation.resume': nothing,
  'refunds.mail': z.object({ refundId: z.string() }),
  'stripe.sweep_calls': nothing,
  'subscriptions.mail': z.object({
    subscriptionId: z.string(),
    invoiceId: z.string(),
    mail: z.enum(['payment_failed', 'action_required']),
  }),
  'subscriptions.mail_end': z.object({ subscriptionId: z.string(), mail: z.enum(['ended', 'trial_ending']) }),
  'webhooks.catch_up': nothing,
  'webhooks.replay': z.object({ replayId: z.string() }),
  'webhooks.sweep_replays': nothing,
};

/** A job that is added by itself. `pattern` is cron's, in UTC. */
export interface ScheduledJob {
  name: JobName;
  pattern: string;
}

/** One handler per job; none may be missing. A handler that throws is run again later. */
export type JobHandlers = { readonly [Name in JobName]: (payload: JobPayloads[Name]) => Promise<void> };
