import * as z from 'zod';
import { OFFLINE_CHANNELS, OFFLINE_REASONS } from '~/modules/offline/shared';
import { parseMinor } from '~/platform/amount-text';
import { actFields } from './act-form.server';

const count = (most: number, error: string) =>
  z
    .string({ error })
    .regex(/^\d{1,15}$/, error)
    .transform(BigInt)
    .refine((n) => n > 0n && n <= BigInt(most), error);

export const offlineForm = z
  .object({
    ...actFields(OFFLINE_REASONS),
    customer: z.string({ error: 'Choose whose payment it is.' }).regex(/^cst_\w{1,100}$/),
    /** A version of a pack, or `custom`. */
    sold: z.string({ error: 'Choose what was sold.' }).max(100),
    quantity: count(10_000, 'Write how many, from 1 to 10,000.').default(1n),
    credits: count(1e15, 'Write how many credits, above zero.').optional(),
    amount: z.string({ error: 'Write what was paid.' }).max(40),
    currency: z.string({ error: 'Choose a currency.' }).regex(/^[a-z]{3}$/, 'Choose a currency.'),
    channel: z.enum(OFFLINE_CHANNELS, { error: 'Choose where it was paid.' }),
    reference: z
      .string({ error: 'Write the reference that it has there.' })
      .trim()
      .regex(/^[\x20-\x7e]{1,140}$/, 'Use up to 140 plain letters, digits and signs.'),
  })
  .transform(({ amount, currency, ...rest }, context) => {
    const minor = parseMinor(amount, currency);
    if (minor !== undefined && minor > 0n) return { ...rest, currency, amount: minor };
    const message = `Write an amount above zero in ${currency.toUpperCase()}.`;
    context.addIssue({ code: 'custom', path: ['amount'], message });
    return z.NEVER;
  });
