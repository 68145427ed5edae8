import * as z from 'zod';
import 'zod-openapi';

import { parseInstant } from '~/platform/time';

/** What one request may move: far above any sale, and far below what JSON holds exactly. */
const MOST_CREDITS = 1_000_000_000_000;

const EXTERNAL = '[A-Za-z0-9._:@+|=~-]{1,128}';

export const customerRef = z
  .string()
  .regex(
    new RegExp(`^${EXTERNAL}$`),
    'Name a customer by our id (cst_…) or by your own: 1 to 128 letters, digits and . _ - : @ + | = ~',
  )
  .meta({
    description:
      'A customer: our id `cst_…`, or your own id of them, which is theirs from its first use on. 1 to 128 letters, digits and `. _ - : @ + | = ~`.',
    example: 'user_42',
  });

export const credits = z
  .int('Credits are a whole number.')
  .min(1, 'Credits are above zero.')
  .max(MOST_CREDITS, `At most ${MOST_CREDITS} credits at once.`)
  .meta({ description: 'Credits: a whole number above zero.', example: 3 });

export const reason = z
  .string()
  .min(1, 'Leave it out, or say something.')
  .max(200, 'At most 200 characters.')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Leave out line breaks, control characters and halves of characters.')
  .meta({
    description: 'What for, in words that the customer reads in their history.',
    example: 'Product photos, batch of 12',
  });

export const exampleOf = (prefix: string) => `${prefix}_0199f3c2a7b87d5e8f00a1b2c3d4e5f6`;

/** An id of ours in a path; what does not look like one names nothing. */
export const idOf = (prefix: string, what: string) =>
  z
    .string()
    .max(80, 'No id of ours is that long.')
    .regex(/^[A-Za-z0-9_]+$/, 'An id of ours has letters, digits and _.')
    .meta({
      description: `The id of ${what}, \`${prefix}_…\`.`,
      example: exampleOf(prefix),
    });

/** An instant to the microsecond, with its offset. */
export const instant = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, 'Write it as 2026-11-21T18:00:00Z.')
  .transform((text) => new Date(parseInstant(text) ?? text))
  .meta({ override: { type: 'string', format: 'date-time' } });
