import { parse, type Submission } from '@conform-to/react';
import { type $ZodType, type output, safeParse } from 'zod/v4/core';

/**
 * A sent form through its schema, in browser and server alike. An empty field is an absent one. Conform's own bridge
 * does the same and turns text into other types as well; that takes the whole of Zod into the browser, 16 kB more.
 */
export function parseForm<Schema extends $ZodType<unknown, Record<string, unknown>>>(
  form: FormData,
  schema: Schema,
): Submission<output<Schema>, string[]> {
  return parse<output<Schema>, string[]>(form, {
    resolve: (payload) => {
      const filled = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== ''));
      const result = safeParse(schema, filled);
      return result.success ? { value: result.data } : { error: errorsOf(result.error.issues) };
    },
  });
}

function errorsOf(issues: readonly { path: PropertyKey[]; message: string }[]): Record<string, string[]> {
  const errors: Record<string, string[]> = {};
  for (const { path, message } of issues) (errors[path.map(String).join('.')] ??= []).push(message);
  return errors;
}
