import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db, type Tx } from '~/platform/db.server';

import {
  CREDIT_LINES,
  type CurrencyRoll,
  DEBT_LINES,
  type FinanceLine,
  type Movement,
  type RollForward,
  type Standing,
} from './shared';

/** In the order of the enum in the database, which is that of the page. */
const ALL_LINES = [...CREDIT_LINES, ...DEBT_LINES] as const;

const lines = z.array(
  z.object({
    currency: z.string(),
    line: z.enum(ALL_LINES),
    credits_before: z.bigint(),
    money_before: z.bigint(),
    credits: z.bigint(),
    money: z.bigint(),
  }),
);

const isDebt = (line: FinanceLine) => DEBT_LINES.some((debt) => debt === line);

/** The month after one, as its first day. */
export function nextMonth(month: string): string {
  const [year = 0, n = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, n, 1)).toISOString().slice(0, 7);
}

/**
 * What the ledger recorded in a month of UTC days, per currency of the price that the credits carry. A month that is over
 * never changes: what is booked late belongs to the month in which it was recorded.
 */
export async function readRollForward(
  db: Db | Tx,
  { book, month }: { book: Book; month: string },
): Promise<RollForward> {
  const rows = lines.parse(
    await db.$queryRaw`
      SELECT currency, line::text AS line, credits_before, money_before, credits, money
      FROM finance_lines(${book}::mode, ${`${month}-01`}::date, ${`${nextMonth(month)}-01`}::date)`,
  );
  const byCurrency = new Map<string, CurrencyRoll>();
  for (const { currency, line, credits_before, money_before, credits, money } of rows) {
    const roll = byCurrency.get(currency) ?? emptyRoll(currency);
    byCurrency.set(currency, roll);
    add(roll.opening, { line, credits: credits_before, money: money_before });
    add(roll.closing, { line, credits: credits_before + credits, money: money_before + money });
    if (credits !== 0n || money !== 0n) roll.movements.push({ line, credits, money });
  }
  return { book, month, currencies: [...byCurrency.values()] };
}

function emptyRoll(currency: string): CurrencyRoll {
  return {
    currency: currency === '' ? null : currency,
    opening: { credits: 0n, money: 0n, debt: 0n },
    movements: [],
    closing: { credits: 0n, money: 0n, debt: 0n },
  };
}

function add(standing: Standing, { line, credits, money }: Movement): void {
  if (isDebt(line)) standing.debt += credits;
  else standing.credits += credits;
  standing.money += money;
}
