import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';

import { readBookTotals } from '~/modules/ledger/index.server';
import { BOOKS } from '~/modules/ledger/shared';
import { type Command, commands } from '~/modules/ledger/testing/commands';
import { newCast, openRealms } from '~/modules/ledger/testing/commands-cast';
import { checkAll, TIME_FOR_ALL } from '~/modules/ledger/testing/commands-check';
import { Run } from '~/modules/ledger/testing/commands-run';
import { DAWN, installTestClock } from '~/modules/ledger/testing/test-clock';
import { type Db } from '~/platform/db.server';
import { hours } from '~/platform/time';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { checkFinance } from './check-finance.server';
import { nextMonth, readRollForward } from './read-roll-forward.server';
import { rollFinance } from './roll-finance.server';
import { type CurrencyRoll, type RollForward, type Standing } from './shared';
import { readBook, standingBefore } from './testing/recount';

const database = useTestDatabase();

beforeAll(async () => {
  await installTestClock(database.db);
  await openRealms(database.db);
});

/** Random acts live in seconds; here a second is some four hours, so that they pass through months. */
const STRETCH = 15_000n;
const stretched = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stretched);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      (name === 'life' || name === 'by') && typeof inner === 'bigint' ? inner * STRETCH : stretched(inner),
    ]),
  );
};
const MONTHS = ['2027-01', '2027-02', '2027-03', '2027-04', '2027-05'] as const;
const startOf = (month: string) => new Date(`${month}-01T00:00:00Z`);
const shown = (roll: RollForward, which: 'opening' | 'closing'): Map<string | null, Standing> =>
  new Map(
    roll.currencies
      .map((one): [string | null, Standing] => [one.currency, one[which]])
      .filter(([, { credits, money, debt }]) => credits !== 0n || money !== 0n || debt !== 0n),
  );

const sum = (roll: CurrencyRoll, lines: RegExp, of: 'credits' | 'money' = 'credits') =>
  roll.movements.filter(({ line }) => lines.test(line)).reduce((total, one) => total + one[of], 0n);

/** Every month, its openings, closings and movements, against a count of every entry. */
async function expectMonths(db: Db): Promise<void> {
  for (const book of BOOKS) {
    const counted = await readBook(db, book);
    for (const month of MONTHS) {
      const roll = await readRollForward(db, { book, month });
      expect(shown(roll, 'opening'), `${book} opening ${month}`).toEqual(
        standingBefore(counted, startOf(month)),
      );
      expect(shown(roll, 'closing'), `${book} closing ${month}`).toEqual(
        standingBefore(counted, startOf(nextMonth(month))),
      );
      for (const one of roll.currencies) {
        expect(one.opening.credits + sum(one, /^(?!debt)/)).toBe(one.closing.credits);
        expect(one.opening.money + sum(one, /./, 'money')).toBe(one.closing.money);
        expect(one.opening.debt + sum(one, /^debt/)).toBe(one.closing.debt);
        if (one.currency === null) expect([one.opening.money, one.closing.money]).toEqual([0n, 0n]);
      }
    }
  }
}

/** The book's own accounts gained and lost what the lines of their name say. */
async function expectAccounts(db: Db): Promise<void> {
  for (const book of BOOKS) {
    const totals = new Map(
      (await readBookTotals(db, { book })).map(({ account, opening, moved }) => [account, opening + moved]),
    );
    const lines = await db.$queryRaw<{ line: string; credits: bigint }[]>`
      SELECT line::text AS line, credits_before AS credits FROM finance_lines(${book}::mode, 'infinity', 'infinity')`;
    const of = (names: RegExp) =>
      lines.filter(({ line }) => names.test(line)).reduce((all, { credits }) => all + credits, 0n);
    const account = (names: RegExp) =>
      [...totals].filter(([name]) => names.test(name)).reduce((all, [, amount]) => all + amount, 0n);
    expect(of(/^(sold|given|adjusted)/)).toBe(-account(/^issued/));
    expect(of(/^(spent|reversed)$/)).toBe(-account(/^spent$/));
    expect(of(/^expired$/)).toBe(-account(/^expired$/));
    expect(of(/^(revoked|returned|repaid)/)).toBe(-account(/^revoked/));
    expect(of(/^debt/)).toBe(-account(/^debt_issued$/));
    for (const { line } of lines) reached.add(line);
  }
}

/** Lines that something moved in, of all runs. */
const reached = new Set<string>();
/** What chance brings in any forty runs; `finance.db.test.ts` has every line. */
const REACHABLE = [
  ...['sold.pack', 'given.promo', 'given.manual', 'given.external', 'adjusted.up', 'adjusted.down'],
  ...['spent', 'reversed', 'expired', 'revoked.refund', 'revoked.dispute'],
  ...['repaid', 'debt.owed', 'debt.cancelled', 'debt.repaid'],
];

/** Rare among the others, and taking is refused where nothing is left: the end of every sequence. */
const ADJUSTED = (['subtract', 'add'] as const).map((direction): Command => ({
  ...{ act: 'adjust', who: { customer: 0, book: 'test' }, direction },
  ...{ amount: 1n, life: null, seq: 'none' },
}));

const RUNS = 40;
const plan = fc.record({
  sequence: commands('money back', 40).map((all) =>
    [...all, ...ADJUSTED].map((one) => stretched(one) as Command),
  ),
  /** How far the sums are rolled up, in hours from the beginning: the rest is read from the entries. */
  rolls: fc.array(fc.integer({ min: 1, max: 90 * 24 }), { minLength: 1, maxLength: 3 }),
});

it(
  'the roll-forward of any acts equals every entry of the ledger, in credits and in money, wherever it is rolled up to',
  async () => {
    const { db } = database;
    const file = 'app/modules/finance/random-finance.db.test.ts';
    const runs = await checkAll(
      { file, runs: RUNS, isRepeatable: true },
      plan,
      async ({ sequence, rolls }) => {
        const run = new Run(db, await newCast(db));
        await db.$executeRaw`DELETE FROM finance_total`;
        await db.$executeRaw`DELETE FROM finance_mark`;
        try {
          await run.setClock(run.now);
          for (const command of sequence) await run.do(command);
          const end = run.now;
          for (const roll of rolls.toSorted((a, b) => a - b)) {
            await run.setClock(DAWN + BigInt(hours(roll)) * 1000n);
            await rollFinance(db);
            await expectMonths(db);
          }
          await run.setClock(end);
          expect(await checkFinance(db, 'test')).toMatchObject({ outcome: 'equal' });
          await run.drain();
          await expectMonths(db);
          await expectAccounts(db);
          for (const book of BOOKS) expect(await checkFinance(db, book)).toMatchObject({ outcome: 'equal' });
        } catch (error) {
          await run.leave();
          throw error;
        }
      },
      ({ sequence, rolls }) =>
        `${JSON.stringify(rolls)}\n${sequence.map((one) => JSON.stringify(one, (_n, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v))).join('\n')}`,
    );
    if (runs === RUNS) expect([...reached]).toEqual(expect.arrayContaining(REACHABLE));
  },
  TIME_FOR_ALL,
);
