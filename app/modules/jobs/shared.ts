import * as z from 'zod/mini';

/** Every job there is, and the payload that it carries: ids, never what the ids name. */
export interface JobPayloads {
  'mail.send': { mailId: string };
  'payments.mail': { paymentId: string; mail: 'credits_added' | 'in_review' | 'failed' };
  'payments.recheck': Record<string, never>;
  'stripe.sweep_calls': Record<string, never>;
  'webhooks.catch_up': Record<string, never>;
}

export type JobName = keyof JobPayloads;

const nothing = z.object({});

export const JOB_PAYLOADS: { readonly [Name in JobName]: z.ZodMiniType<JobPayloads[Name]> } = {
  'mail.send': z.object({ mailId: z.string() }),
  'payments.mail': z.object({
    paymentId: z.string(),
    mail: z.enum(['credits_added', 'in_review', 'failed']),
  }),
  'payments.recheck': nothing,
  'stripe.sweep_calls': nothing,
  'webhooks.catch_up': nothing,
};

/** A job that is added by itself. `pattern` is cron's, in UTC. */
export interface ScheduledJob {
  name: JobName;
  pattern: string;
}

/** One handler per job; none may be missing. A handler that throws is run again later. */
export type JobHandlers = { readonly [Name in JobName]: (payload: JobPayloads[Name]) => Promise<void> };
