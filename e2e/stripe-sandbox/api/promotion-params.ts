import * as z from 'zod';
import { isCurrency } from '../engine/currencies';
import {
  bool,
  clearable,
  customerAccount,
  integer,
  list,
  metadata,
  metadataPatch,
  nullableText,
  oneOf,
  text,
} from './params';
import { currency } from './resources/prices';

const percentage = text().transform((value, ctx) => {
  const percent = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && percent > 0 && percent <= 100) return percent;
  ctx.addIssue({
    code: 'custom',
    message: 'Invalid percent_off: must be greater than 0 and at most 100',
    params: { stripeCode: 'parameter_invalid' },
  });
  return z.NEVER;
});

const inCurrencies = <T extends z.ZodType>(option: T) =>
  z.record(
    z.string().refine((code) => isCurrency(code.toLowerCase()), {
      error: ({ input }) => `Invalid currency: ${String(input)}`,
    }),
    option,
  );

const couponCurrencies = inCurrencies(z.strictObject({ amount_off: integer() }));

export const createCouponParams = z.strictObject({
  amount_off: integer().optional(),
  applies_to: z.strictObject({ products: list(text()) }).optional(),
  currency: currency.optional(),
  currency_options: couponCurrencies.optional(),
  duration: oneOf(['forever', 'once', 'repeating']).default('once'),
  duration_in_months: integer().optional(),
  id: text(500).optional(),
  max_redemptions: integer().optional(),
  metadata: metadata().default({}),
  name: nullableText(40),
  percent_off: percentage.optional(),
  redeem_by: integer().optional(),
});

export const updateCouponParams = z.strictObject({
  currency_options: couponCurrencies.optional(),
  metadata: metadataPatch().optional(),
  name: clearable(text(40)).optional(),
});

const restrictionCurrencies = inCurrencies(z.strictObject({ minimum_amount: integer() }));

const createShape = {
  active: bool().default(true),
  code: text(500).optional(),
  customer: text().optional(),
  customer_account: customerAccount,
  expires_at: integer().optional(),
  max_redemptions: integer().optional(),
  metadata: metadata().default({}),
  restrictions: z
    .strictObject({
      currency_options: restrictionCurrencies.optional(),
      first_time_transaction: bool().default(false),
      minimum_amount: integer().optional(),
      minimum_amount_currency: currency.optional(),
    })
    .optional(),
};

const promotion = z.strictObject({ type: oneOf(['coupon']), coupon: text() });

export const createPromotionParams = z.strictObject({ ...createShape, promotion });

/** Before clover the coupon stood at the top; header-less requests of the CLI still send it so. */
export const oldPromotionParams = z.strictObject({
  ...createShape,
  promotion: promotion.optional(),
  coupon: text().optional(),
});

export const updatePromotionParams = z.strictObject({
  active: bool().optional(),
  metadata: metadataPatch().optional(),
  restrictions: z.strictObject({ currency_options: restrictionCurrencies.optional() }).optional(),
});
