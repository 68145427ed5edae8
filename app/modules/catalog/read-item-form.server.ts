import type * as z from 'zod';

import { parseMinor } from '~/platform/amount-text';

import { itemSchema } from './item-schema.server';
import { type ItemInput } from './put-item.server';

/** What a person typed of an item; what is empty is left out. */
export interface TypedItem {
  code: string;
  kind: 'pack' | 'plan';
  interval?: string | undefined;
  name?: string | undefined;
  description?: string | undefined;
  credits?: string | undefined;
  expiresDays?: string | undefined;
  trialDays?: string | undefined;
  trialCredits?: string | undefined;
  rollover?: string | undefined;
  position?: string | undefined;
  /** A currency and an amount a line. */
  prices?: string | undefined;
}

export type ReadItemOutcome =
  | { outcome: 'read'; item: ItemInput }
  /** By the field that was typed. */
  | { outcome: 'wrong'; fields: Record<string, string[]> };

const PLACES: Readonly<Record<string, string>> = {
  'plan.trial.days': 'trialDays',
  'plan.trial.credits': 'trialCredits',
  'plan.rolloverPeriods': 'rollover',
};

/** Reads what was typed by the schema that everything of the catalogue is written by. */
export function readItemForm(typed: TypedItem): ReadItemOutcome {
  const prices = pricesOf(typed.prices ?? '');
  if (typeof prices === 'string') return { outcome: 'wrong', fields: { prices: [prices] } };
  const { code, kind, name = '', description = '' } = typed;
  const trialDays = wholeOf(typed.trialDays);
  const read = itemSchema.safeParse({
    ...{ code, kind, name, description, prices, position: wholeOf(typed.position) },
    credits: creditsOf(typed.credits),
    expiresDays: kind === 'plan' ? null : (wholeOf(typed.expiresDays) ?? null),
    ...(kind === 'plan' && {
      plan: {
        interval: typed.interval,
        ...(trialDays !== undefined && {
          trial: { days: trialDays, credits: creditsOf(typed.trialCredits) },
        }),
        rolloverPeriods: wholeOf(typed.rollover) ?? 0,
      },
    }),
  });
  if (read.success) return { outcome: 'read', item: asInput(read.data) };
  const fields: Record<string, string[]> = {};
  for (const { path, message } of read.error.issues) {
    const place = path.map(String).join('.');
    (fields[PLACES[place] ?? place.split('.')[0] ?? 'name'] ??= []).push(message);
  }
  return { outcome: 'wrong', fields };
}

function asInput({ plan, ...item }: z.infer<typeof itemSchema>): ItemInput {
  if (plan === undefined) return item;
  const { interval, trial, rolloverPeriods } = plan;
  return {
    ...item,
    plan: {
      interval,
      ...(trial && {
        trial: { days: trial.days, ...(trial.credits !== undefined && { credits: trial.credits }) },
      }),
      ...(rolloverPeriods !== undefined && { rolloverPeriods }),
    },
  };
}

/** Not a number where there is something else: the schema says so. */
const wholeOf = (text: string | undefined): number | undefined =>
  text === undefined || text.trim() === '' ? undefined : Number(text.replaceAll(',', ''));
const creditsOf = (text: string | undefined): bigint | undefined => {
  const digits = text?.trim().replaceAll(',', '') ?? '';
  return /^\d{1,15}$/.test(digits) ? BigInt(digits) : digits === '' ? undefined : -1n;
};

/** Prices by currency, or what is wrong with them. */
function pricesOf(text: string): Record<string, bigint> | string {
  const prices: Record<string, bigint> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const currency = /^([a-z]{3})\s/i.exec(line)?.[1]?.toLowerCase();
    if (currency === undefined) return `“${line}” names no currency first: write USD 20.00.`;
    if (prices[currency] !== undefined) return `${currency.toUpperCase()} stands there twice.`;
    const amount = parseMinor(line, currency);
    if (amount === undefined) return `“${line}” is no amount in ${currency.toUpperCase()}.`;
    prices[currency] = amount;
  }
  return prices;
}
