import * as z from 'zod/mini';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { actFields } from './act-form.server';

const act = actFields(SETTING_REASONS);
const endpoint = z.string().check(z.regex(/^whe_\w+$/));
const terms = {
  url: z.string({ error: 'Enter the address.' }).check(z.maxLength(2000)),
  description: z._default(z.string().check(z.maxLength(200)), ''),
  everything: z.optional(z.string()),
  types: z.pipe(
    z.optional(z.string()),
    z.transform((text) => (text === undefined ? [] : text.split(','))),
  ),
};
export const endpointForm = z.discriminatedUnion('intent', [
  z.object({ ...act, ...terms, intent: z.literal('add'), book: z.enum(['test', 'live']) }),
  z.object({ ...act, ...terms, intent: z.literal('change'), endpoint }),
  z.object({
    ...act,
    intent: z.literal('rotate'),
    endpoint,
    overlap: z.coerce.number().check(z.minimum(0), z.maximum(720)),
  }),
  z.object({ ...act, intent: z.enum(['on', 'off', 'remove', 'ping']), endpoint }),
]);
export type EndpointAct = z.infer<typeof endpointForm>;
