import { csvLine } from '~/platform/csv.server';
import { toDecimal } from '~/platform/money';

import { type CurrencyRoll, FINANCE_LINE_LABEL, isEarning, type RollForward } from './shared';

const COLUMNS = [
  'book',
  'month',
  'currency',
  'line',
  'name',
  'credits',
  'debt',
  'deferred',
  'earned',
] as const;

const isDebt = (line: string) => line.startsWith('debt.');

function* rows({ book, month }: RollForward, roll: CurrencyRoll): Generator<string> {
  const { currency, opening, closing } = roll;
  const money = (minor: bigint) => (currency === null ? undefined : { decimal: toDecimal(minor, currency) });
  const head = [book, month, currency] as const;
  yield csvLine([
    ...head,
    'opening',
    'Opening',
    opening.credits,
    opening.debt,
    money(opening.money),
    undefined,
  ]);
  for (const { line, credits, money: moved } of roll.movements)
    yield csvLine([
      ...head,
      line,
      FINANCE_LINE_LABEL[line],
      isDebt(line) ? 0n : credits,
      isDebt(line) ? credits : 0n,
      money(moved),
      isEarning(line) ? money(-moved) : undefined,
    ]);
  yield csvLine([
    ...head,
    'closing',
    'Closing',
    closing.credits,
    closing.debt,
    money(closing.money),
    undefined,
  ]);
}

/** A month as CSV: per currency an opening, each line and a closing, which is their sum in every column. */
export function exportRollForward(roll: RollForward): string {
  return csvLine(COLUMNS) + roll.currencies.flatMap((one) => [...rows(roll, one)]).join('');
}
