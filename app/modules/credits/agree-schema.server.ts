import * as z from 'zod';

import { formatCredits } from '~/platform/money';

import { TOP_UP_INTENTS } from './shared';

const MOST_CREDITS = 1_000_000_000n;
/** Whole units of a currency; below Stripe's own limit of an amount. */
const MOST_MONEY = 900_000n;

const whole = (most: bigint, missing: string) =>
  z
    .string(missing)
    .trim()
    .regex(/^\d{1,12}$/, 'Write a whole number, digits only.')
    .transform(BigInt)
    .refine((number) => number > 0n && number <= most, `From 1 to ${formatCredits(most)}.`);

/** What the form sends. The sentence comes back as it was shown, so that nobody agrees to another one. */
export const agreeSchema = z.object({
  intent: z.literal(TOP_UP_INTENTS.agree),
  pack: z.string().regex(/^[\w-]{1,64}$/),
  currency: z.string().regex(/^[a-z]{3}$/),
  threshold: whole(MOST_CREDITS, 'Write below how many credits to buy.'),
  /** Whole units of the currency. */
  cap: whole(MOST_MONEY, 'Write how much a month may cost at most.'),
  card: z.enum(['saved', 'new']),
  words: z.string(),
  agreed: z.literal('yes', 'Tick the box: without your word nothing is bought.'),
});
