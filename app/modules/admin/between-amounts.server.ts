import { Prisma } from '../../../prisma/generated/client';
import { minorOf, parseAmount } from '~/platform/amount-text';
import { readCurrencies } from './read-currencies.server';
import { type Reader } from './read-in-time.server';

const sql = Prisma.sql;

/** Amounts as people write them in whole units: "20", "19.99". */
interface AmountRange {
  atLeast: string | undefined;
  atMost: string | undefined;
}

/** Between two amounts in whole units, in each currency by its own smallest unit. */
export async function betweenAmounts(
  db: Reader,
  { atLeast, atMost }: AmountRange,
  realmIds: string[],
): Promise<Prisma.Sql[]> {
  const [low, high] = [parseAmount(atLeast ?? ''), parseAmount(atMost ?? '')];
  if (low === undefined && high === undefined) return [];
  const amount = sql`coalesce(p.amount_paid, p.amount_subtotal)`;
  const each = (await readCurrencies(db, realmIds)).flatMap((currency) => {
    const least = low === undefined ? 0n : minorOf(low, currency);
    const most = high === undefined ? undefined : minorOf(high, currency);
    if (least === undefined || (high !== undefined && most === undefined)) return [];
    const above = sql`p.currency = ${currency} AND ${amount} >= ${least}::bigint`;
    return [most === undefined ? above : sql`${above} AND ${amount} <= ${most}::bigint`];
  });
  return [each.length === 0 ? sql`false` : sql`(${Prisma.join(each, ' OR ')})`];
}
