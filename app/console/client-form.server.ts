import * as z from 'zod/mini';
import { SETTING_REASONS } from '~/components/console/setting-reasons';
import { API_SCOPES } from '~/modules/clients/shared';
import { actFields } from './act-form.server';

const act = actFields(SETTING_REASONS);
const client = z.string().check(z.regex(/^apc_\w+$/));
const list = (separator: RegExp) =>
  z.pipe(
    z.optional(z.string()),
    z.transform((text) => (text ?? '').split(separator).flatMap((part) => part.trim() || [])),
  );
const terms = {
  scopes: z.pipe(list(/,/), z.array(z.enum(API_SCOPES))),
  origins: z.pipe(list(/[\s,]+/), z.array(z.string()).check(z.maxLength(20, 'At most 20 origins.'))),
};
export const clientForm = z.discriminatedUnion('intent', [
  z.object({
    ...act,
    ...terms,
    intent: z.literal('create'),
    name: z.string({ error: 'Say which program asks.' }).check(z.trim(), z.minLength(1), z.maxLength(80)),
    book: z.enum(['test', 'live']),
  }),
  z.object({ ...act, ...terms, intent: z.literal('change'), client }),
  z.object({
    ...act,
    intent: z.literal('rotate'),
    client,
    overlap: z.coerce.number().check(z.minimum(0), z.maximum(720)),
  }),
  z.object({ ...act, intent: z.literal('revoke'), apiKey: z.string().check(z.regex(/^apk_\w+$/)) }),
  z.object({ ...act, intent: z.literal('close'), client }),
]);
export type ClientAct = z.infer<typeof clientForm>;
