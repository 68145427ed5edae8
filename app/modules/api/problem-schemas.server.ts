import * as z from 'zod';
import 'zod-openapi';

import { HOLD_STATES } from '~/modules/ledger/shared';

import { type ProblemCode, PROBLEMS } from './shared';

/** Fields that a problem has beside those of every problem. */
const EXTRAS: Partial<Record<ProblemCode, z.ZodRawShape>> = {
  invalid_request: {
    errors: z
      .array(
        z.strictObject({
          at: z
            .string()
            .meta({ description: 'Where: `body.amount`, `query.customer`, `header.Idempotency-Key`.' }),
          message: z.string().meta({ description: 'What is wrong with it.' }),
        }),
      )
      .meta({ description: 'Each place that is not understood.' }),
  },
  insufficient_credits: {
    balance: z.int().min(0).meta({ description: 'What can be spent now.' }),
    shortfall: z.int().min(1).meta({ description: 'What is missing.' }),
  },
  missing_scope: { scope: z.string().meta({ description: 'What the client lacks.' }) },
  grant_limit_exceeded: {
    bound: z.enum(['per_act', 'actor_day', 'customer_day']).meta({
      description: 'Which limit: of one grant, or of 24 hours for this client or for this customer.',
    }),
    limit: z.int().min(0).meta({ description: 'Credits.' }),
    used: z.int().min(0).meta({ description: 'Credits that count against it already.' }),
  },
  hold_not_active: { state: z.enum(HOLD_STATES).meta({ description: 'How it ended.' }) },
  capture_exceeds_hold: {
    held: z.int().min(1).meta({ description: 'The most that can be captured. Credits.' }),
  },
  already_reversed: { reversal: z.string().meta({ description: 'The id of what took it back.' }) },
};

/** What the document calls it: `InvalidKeyProblem`. */
export const problemName = (code: ProblemCode) =>
  `${code.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}Problem`;

const schemas = new Map<ProblemCode, z.ZodObject>();

/** The body of a problem, as RFC 9457 and its code have it. */
export function problemSchema(code: ProblemCode): z.ZodObject {
  const known = schemas.get(code);
  if (known) return known;
  const { status, title, meaning } = PROBLEMS[code];
  const made = z
    .strictObject({
      type: z.url().meta({ description: 'Where it is explained.' }),
      title: z.literal(title).meta({ description: 'What it is, for people.' }),
      status: z.literal(status).meta({ description: 'The status of the answer.' }),
      code: z.literal(code).meta({ description: 'What to decide by.' }),
      detail: z.string().meta({ description: 'What happened to this very request.' }),
      request_id: z.string().meta({ description: 'As the header X-Request-Id says it.' }),
      ...EXTRAS[code],
    })
    .meta({ id: problemName(code), description: meaning });
  schemas.set(code, made);
  return made;
}
