import * as z from 'zod';
import 'zod-openapi';

import { HOLD_STATES } from '~/modules/ledger/shared';

import { type ProblemCode, PROBLEMS } from './shared';

/** Fields that a problem has beside those of every problem. */
const EXTRAS: Partial<Record<ProblemCode, z.ZodRawShape>> = {
  invalid_request: {
    errors: z.array(
      z.strictObject({
        at: z
          .string()
          .meta({ description: 'Where: `body.amount`, `query.customer`, `header.Idempotency-Key`.' }),
        message: z.string(),
      }),
    ),
  },
  insufficient_credits: {
    balance: z.int().min(0).meta({ description: 'What can be spent now.' }),
    shortfall: z.int().min(1).meta({ description: 'What is missing.' }),
  },
  missing_scope: { scope: z.string() },
  grant_limit_exceeded: {
    bound: z.enum(['per_act', 'actor_day', 'customer_day']),
    limit: z.int().min(0),
    used: z.int().min(0),
  },
  hold_not_active: { state: z.enum(HOLD_STATES) },
  capture_exceeds_hold: { held: z.int().min(1) },
  already_reversed: { reversal: z.string() },
};

const inPascalCase = (code: string) =>
  code.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

const schemas = new Map<ProblemCode, z.ZodObject>();

/** The body of a problem, as RFC 9457 and its code have it. */
export function problemSchema(code: ProblemCode): z.ZodObject {
  const known = schemas.get(code);
  if (known) return known;
  const { status, title, meaning } = PROBLEMS[code];
  const made = z
    .strictObject({
      type: z.url().meta({ description: 'Where it is explained.' }),
      title: z.literal(title),
      status: z.literal(status),
      code: z.literal(code),
      detail: z.string().meta({ description: 'What happened to this very request.' }),
      request_id: z.string(),
      ...EXTRAS[code],
    })
    .meta({ id: `${inPascalCase(code)}Problem`, description: meaning });
  schemas.set(code, made);
  return made;
}
