import * as z from 'zod';
import { RESEND_INTENTS } from '~/components/console/event-acts';
import { jsonField } from './json-field.server';
import { RESEND_REASONS } from '~/modules/outbox/shared';
import { actFields } from './act-form.server';

const act = actFields(RESEND_REASONS);
const picked = z
  .array(z.strictObject({ endpoint: z.string(), id: z.string() }))
  .min(1)
  .max(100);
const since = z.iso.date('Choose a day.').transform((day) => new Date(`${day}T00:00:00Z`));
const endpoint = z.string({ error: 'Choose the endpoint.' });
export const resendForm = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal(RESEND_INTENTS.these), ...act, sendings: z.pipe(jsonField, picked) }),
  z.object({ intent: z.literal(RESEND_INTENTS.failed), ...act, endpoint, since }),
  z.object({ intent: z.literal(RESEND_INTENTS.missed), ...act, endpoint, since }),
]);
export type Asked = z.infer<typeof resendForm>;
