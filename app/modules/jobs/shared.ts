import * as z from 'zod/mini';

/** Every job there is: its name and the payload that it carries. Payloads hold ids, never what the ids name. */
export const JOB_PAYLOADS = {
  'mail.send': z.object({ mailId: z.string() }),
} as const;

export type JobName = keyof typeof JOB_PAYLOADS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOB_PAYLOADS)[Name]>;

/** One handler per job; none may be missing. A handler that throws is run again later. */
export type JobHandlers = { readonly [Name in JobName]: (payload: JobPayload<Name>) => Promise<void> };
