import * as z from 'zod';

const MOST_CREDITS = 1_000_000_000_000n;
/** What Stripe takes for one charge, in the smallest unit of most currencies. */
const MOST_MONEY = 99_999_999n;

const days = z.int('Enter whole days.').min(1, 'Enter 1 day or more.').max(36_500, 'That is too long.');

/** What an item of the catalogue is, whoever writes it: the seed, the console, a test. */
export const itemSchema = z
  .object({
    code: z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9_-]{0,63}$/,
        'Use small letters, digits, - and _, and begin with one of the first two.',
      ),
    kind: z.enum(['pack', 'plan']),
    position: z.int('Enter a whole number.').min(0, 'Enter 0 or more.').max(10_000, 'That is too far down.'),
    name: z.string().trim().min(1, 'Enter a name.').max(80, 'Use at most 80 characters.'),
    description: z.string().max(500, 'Use at most 500 characters.'),
    credits: z.bigint().min(1n, 'Enter 1 credit or more.').max(MOST_CREDITS, 'That is too much.'),
    expiresDays: days.nullable(),
    plan: z
      .object({
        interval: z.enum(['month', 'year']),
        trial: z.object({ days, credits: z.bigint().min(1n).max(MOST_CREDITS).optional() }).optional(),
        rolloverPeriods: z
          .int('Enter a whole number.')
          .min(0, 'Enter 0 or more.')
          .max(36, 'At most 36.')
          .optional(),
      })
      .optional(),
    prices: z
      .record(
        z.string().regex(/^[a-z]{3}$/, 'Name currencies by three letters.'),
        z
          .bigint()
          .min(1n, 'A price is above zero.')
          .max(MOST_MONEY, 'That is more than Stripe takes at once.'),
      )
      .refine((prices) => Object.keys(prices).length > 0, 'Name at least one price.'),
  })
  .refine(({ kind, plan }) => (kind === 'plan') === (plan !== undefined), {
    path: ['plan'],
    message: 'A plan has an interval, a pack has none.',
  });
