import * as z from 'zod/mini';
import { type $ZodType, type output, safeParse } from 'zod/v4/core';
import { type ActReply } from '~/components/console/act-reply';

/** The fields that every dialog sends: the key that makes a repeated click one act, the reason's code and the words. */
export const actFields = <Reason extends string>(reasons: readonly Reason[]) => ({
  key: z.uuid(),
  reason: z.enum(reasons, { error: 'Choose a reason.' }),
  comment: z
    .string({ error: 'Say why, in a few words.' })
    .check(
      z.trim(),
      z.minLength(1, 'Say why, in a few words.'),
      z.maxLength(1000, 'Use at most 1,000 characters.'),
    ),
});

export type ParsedAct<Value> = { ok: true; value: Value } | { ok: false; reply: ActReply };

/** A dialog's form through its schema. An empty field is an absent one. */
export function parseAct<Schema extends $ZodType<unknown, Record<string, unknown>>>(
  form: FormData,
  schema: Schema,
): ParsedAct<output<Schema>> {
  const filled = Object.fromEntries([...form].filter(([, value]) => value !== ''));
  const result = safeParse(schema, filled);
  if (result.success) return { ok: true, value: result.data };
  const fields: Record<string, string[]> = {};
  for (const { path, message } of result.error.issues)
    (fields[path.map(String).join('.')] ??= []).push(message);
  return {
    ok: false,
    reply: { outcome: 'refused', message: 'Nothing was done: look at what is marked.', fields },
  };
}

/** Boxes of one name that were ticked, as one field of their values with commas between them. */
export function joinFields(form: FormData, name: string): FormData {
  form.set(name, form.getAll(name).map(String).join(','));
  return form;
}
