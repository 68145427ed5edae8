import * as z from 'zod';

import { readBookTotals } from '~/modules/ledger/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Db, inSnapshot, type Tx } from '~/platform/db.server';

import { DEBT_LINES, type FinanceDifference, type FinanceVerdict } from './shared';

/**
 * Counts this instant anew, once from the ledger's accounts and once from what every lot has left, and holds both against
 * the roll-forward. It reads every open lot.
 */
export function checkFinance(db: Db, book: Book): Promise<FinanceVerdict> {
  return inSnapshot(db, 'check finance', async (tx) => {
    const rolled = await readRolled(tx, book);
    const lots = await readLots(tx, book);
    const accounts = new Map(
      (await readBookTotals(tx, { book })).map(({ account, opening, moved }) => [account, opening + moved]),
    );
    const of = (account: 'available' | 'held' | 'claimed' | 'debt') => accounts.get(account) ?? 0n;
    const whole = rolled.reduce(
      (sum, { credits, debt }) => ({ credits: sum.credits + credits, debt: sum.debt + debt }),
      { credits: 0n, debt: 0n },
    );
    const held = of('available') + of('held') + of('claimed');
    const differences: FinanceDifference[] = [
      { what: 'credits', currency: undefined, rolled: whole.credits, counted: held },
      { what: 'debt', currency: undefined, rolled: whole.debt, counted: of('debt') },
    ];
    for (const currency of new Set([...rolled, ...lots].map((one) => one.currency))) {
      const [mine, theirs] = [rolled, lots].map((all) => all.find((one) => one.currency === currency));
      for (const what of ['credits', 'money'] as const)
        differences.push({
          what,
          currency: currency === '' ? null : currency,
          rolled: mine?.[what] ?? 0n,
          counted: theirs?.[what] ?? 0n,
        });
    }
    const real = differences.filter((one) => one.rolled !== one.counted);
    return real.length === 0 ? { outcome: 'equal', ...whole } : { outcome: 'differs', differences: real };
  });
}

const standing = z.array(z.object({ currency: z.string(), credits: z.bigint(), money: z.bigint() }));
const rolledRows = z.array(
  z.object({ currency: z.string(), credits: z.bigint(), debt: z.bigint(), money: z.bigint() }),
);

/** All lines to this instant: nothing is recorded after the last of days. */
async function readRolled(tx: Tx, book: Book) {
  return rolledRows.parse(
    await tx.$queryRaw`
      SELECT currency,
        coalesce(sum(credits_before) FILTER (WHERE NOT line = ANY (${[...DEBT_LINES]}::finance_line[])), 0)::bigint AS credits,
        coalesce(sum(credits_before) FILTER (WHERE line = ANY (${[...DEBT_LINES]}::finance_line[])), 0)::bigint AS debt,
        sum(money_before)::bigint AS money
      FROM finance_lines(${book}::mode, 'infinity', 'infinity') GROUP BY currency`,
  );
}

async function readLots(tx: Tx, book: Book) {
  return standing.parse(
    await tx.$queryRaw`SELECT currency, credits, money FROM finance_standing(${book}::mode)`,
  );
}
