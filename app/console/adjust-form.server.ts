import * as z from 'zod/mini';
import { CUSTOMER_ACT } from '~/components/console/customer-acts';
import { ADJUSTMENT_REASONS, DIRECTIONS, FREEZE_REASONS, THAW_REASONS } from '~/modules/adjustments/shared';
import { days } from '~/platform/time';
import { actFields } from './act-form.server';

/** Whole credits as a person types them: `1,000`. Twelve digits are more than any book holds. */
const amountSchema = z.pipe(
  z.string({ error: 'Enter how many credits.' }).check(
    z.overwrite((text) => text.replaceAll(/[,\s]/g, '')),
    z.regex(/^[1-9]\d{0,11}$/, 'Enter a whole number of credits, above zero.'),
  ),
  z.transform((text: string) => BigInt(text)),
);

/** A UTC day; credits can be spent until it ends. */
const lastDaySchema = z.pipe(
  z.iso.date('Enter a day.').check(z.refine((day) => !day.startsWith('0000'), 'Enter a day.')),
  z.transform((day) => new Date(Date.parse(`${day}T00:00:00Z`) + days(1))),
);

const fields = {
  direction: z.enum(DIRECTIONS, { error: 'Choose what to do.' }),
  amount: amountSchema,
  /** Left out, added credits never expire. */
  lastDay: z.optional(lastDaySchema),
};

/** What is asked of the preview while a person types. */
export const previewForm = z.object({
  direction: fields.direction,
  amount: z.optional(amountSchema),
});

export const adjustForm = z.object({
  intent: z.literal(CUSTOMER_ACT.adjust),
  seq: z.pipe(
    z.string({ error: 'Wait for the preview.' }).check(z.regex(/^\d{1,18}$/)),
    z.transform((text: string) => BigInt(text)),
  ),
  ...fields,
  ...actFields(ADJUSTMENT_REASONS),
});
export const freezeForm = z.object({ intent: z.literal(CUSTOMER_ACT.freeze), ...actFields(FREEZE_REASONS) });
export const thawForm = z.object({
  intent: z.literal(CUSTOMER_ACT.thaw),
  cause: z.string().check(z.regex(/^\w{1,100}$/)),
  ...actFields(THAW_REASONS),
});
