import * as z from 'zod';

const envelope = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: z.string(),
  api_version: z.string().nullish(),
  account: z.string().optional(),
  created: z.int(),
  livemode: z.boolean(),
  data: z.object({ object: z.object({ id: z.string().optional(), object: z.string().optional() }) }),
});

/** What is left of an event's payload: which event it was and which object it tells of, so that this can be read again. */
export const redactPayload = (payload: string): string =>
  JSON.stringify(envelope.parse(JSON.parse(payload)), null, 2);
