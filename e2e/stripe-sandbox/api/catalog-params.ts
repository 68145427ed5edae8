import type Stripe from 'stripe';
import * as z from 'zod';
import { isCurrency } from '../engine/currencies';
import type { CurrencyOption } from '../store/records';
import { integer, oneOf, text, unplayed } from './params';
import { invalid, notPlayed, missingParam } from './refusal';

export const taxBehavior = oneOf(['exclusive', 'inclusive', 'unspecified']);

/** `recurring` of a price, wherever a price is made. */
export const recurringParams = z.strictObject({
  interval: oneOf(['day', 'month', 'week', 'year']),
  interval_count: integer().default(1),
  meter: unplayed('metered prices'),
  trial_period_days: integer().optional(),
  usage_type: oneOf(['licensed', 'metered']).default('licensed'),
});

/** Three years. */
const MOST_INTERVALS = { day: 1095, week: 156, month: 36, year: 3 } as const;

export function recurringOf(
  params: z.output<typeof recurringParams> | undefined,
  param = 'recurring',
): Stripe.Price.Recurring | null {
  if (params === undefined) return null;
  if (params.usage_type === 'metered') throw notPlayed('metered prices', `${param}[usage_type]`);
  const { interval, interval_count: count } = params;
  if (count < 1) {
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: `${param}[interval_count]`,
    });
  }
  if (count > MOST_INTERVALS[interval]) {
    const message = `The maximum number of ${interval}s allowed is ${MOST_INTERVALS[interval]}.`;
    throw invalid(message, { param: `${param}[interval_count]` });
  }
  return {
    interval,
    interval_count: count,
    meter: null,
    trial_period_days: params.trial_period_days ?? null,
    usage_type: 'licensed',
  };
}

/** An amount that may be written as a decimal; whole smallest units only. undefined: neither was sent. */
export function unitAmountOf(
  params: { unit_amount?: number | undefined; unit_amount_decimal?: string | undefined },
  prefix = '',
): number | undefined {
  const named = (name: string): string => (prefix === '' ? name : `${prefix}[${name}]`);
  const { unit_amount: whole, unit_amount_decimal: decimal } = params;
  if (whole !== undefined && decimal !== undefined) {
    throw invalid('You may only specify one of these parameters: unit_amount, unit_amount_decimal.');
  }
  if (decimal !== undefined && !/^\d+(\.0+)?$/.test(decimal)) {
    throw notPlayed('prices in fractions of the smallest unit', named('unit_amount_decimal'));
  }
  const amount = decimal === undefined ? whole : Number(decimal);
  if (amount !== undefined && amount < 0) {
    throw invalid('Invalid non-negative integer', {
      code: 'parameter_invalid_integer',
      param: named('unit_amount'),
    });
  }
  return amount;
}

/** By currency, what a price costs in it. */
export const currencyOptionsParams = z.record(
  z.string(),
  z.strictObject({
    custom_unit_amount: unplayed('prices with custom_unit_amount'),
    tax_behavior: taxBehavior.default('unspecified'),
    tiers: unplayed('prices with tiers'),
    unit_amount: integer().optional(),
    unit_amount_decimal: text().optional(),
  }),
);

export function currencyOptions(
  params: z.output<typeof currencyOptionsParams> | undefined,
): Record<string, CurrencyOption> {
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([code, option]) => {
      const param = `currency_options[${code}]`;
      const currency = code.toLowerCase();
      if (!isCurrency(currency)) throw invalid(`Invalid currency: ${currency}`, { param });
      const unitAmount = unitAmountOf(option, param);
      if (unitAmount === undefined) {
        const missing = `${param}[unit_amount]`;
        throw missingParam(missing);
      }
      return [currency, { unitAmount, taxBehavior: option.tax_behavior }];
    }),
  );
}
