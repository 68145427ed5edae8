import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days, hours } from '~/platform/time';

import { type AccountTotal, readBookTotals, rollBookTotals, verifyBookTotals } from './book-totals.server';
import { type Book } from './shared';
import { spend } from './spend.server';
import { granted, grantOf, newCustomer } from './testing/credits';
import { afterTampering } from './testing/tamper';
import { installTestClock } from './testing/test-clock';

const database = useTestDatabase();
const pass = (ms: number) =>
  database.db.$executeRaw`UPDATE test_clock SET at = at + ${ms}::float8 * interval '1 millisecond'`;

/** Three days: 1 January, nothing on the 2nd, the 3rd until noon. */
beforeAll(async () => {
  await installTestClock(database.db);
  const customerId = await newCustomer(database.db);
  await granted(database.db, grantOf(customerId));
  await granted(database.db, grantOf(customerId, { book: 'live', amount: 7n }));
  await spent(customerId, 30n);
  await pass(days(2) + hours(12));
  await spent(customerId, 5n);
});

function spent(customerId: string, amount: bigint) {
  return spend(database.db, {
    book: 'test',
    customerId,
    amount,
    key: `test:${newId('req')}`,
    actor: 'api:one',
  });
}

const rolledDays = (db: Db = database.db) =>
  db.bookTotal.findMany({ distinct: ['day'], orderBy: { day: 'asc' } });

/** Only the accounts that hold or moved anything. */
async function held(book: Book, at?: string): Promise<Record<string, [opening: bigint, moved: bigint]>> {
  const all = await readBookTotals(database.db, { book, at });
  expect(sum(all)).toBe(0n);
  return Object.fromEntries(
    all
      .filter(({ opening, moved }) => opening !== 0n || moved !== 0n)
      .map((one) => [one.account, [one.opening, one.moved]]),
  );
}
const sum = (all: readonly AccountTotal[]) =>
  all.reduce((total, { opening, moved }) => total + opening + moved, 0n);

const NOW = { available: [70n, -5n], 'issued.manual': [-100n, 0n], spent: [30n, 5n] };
const FIRST = { available: [0n, 70n], 'issued.manual': [0n, -100n], spent: [0n, 30n] };

async function expectTotals(): Promise<void> {
  expect(await held('test')).toEqual(NOW);
  expect(await held('live')).toEqual({ available: [7n, 0n], 'issued.manual': [-7n, 0n] });
  expect(await held('test', '2027-01-01T23:59:59.999999Z')).toEqual(FIRST);
  expect(await held('test', '2027-01-02T00:00:00.000000Z')).toEqual({
    available: [70n, 0n],
    'issued.manual': [-100n, 0n],
    spent: [30n, 0n],
  });
  expect(await held('test', '2026-12-31T23:59:59.999999Z')).toEqual({});
}

describe('totals of a book', () => {
  it('are the same before and after days are rolled up, at any instant, and always sum to zero', async () => {
    expect(await rolledDays()).toEqual([]);
    await expectTotals();
    expect(await rollBookTotals(database.db)).toBe(2);
    expect((await rolledDays()).map(({ day }) => day.toISOString().slice(0, 10))).toEqual([
      '2027-01-01',
      '2027-01-02',
    ]);
    await expectTotals();
  });

  it('are rolled up once, also by eight at the same moment, and a missed day is made up for', async () => {
    const before = await database.db.bookTotal.count();
    expect(await rollBookTotals(database.db)).toBe(0);
    await pass(days(3));
    await Promise.all(Array.from({ length: 8 }, () => rollBookTotals(database.db)));
    expect(await rolledDays()).toHaveLength(5);
    expect(await database.db.bookTotal.count()).toBe((before / 2) * 5);
    expect(await verifyBookTotals(database.db)).toEqual([]);
  });
});

describe('a day is rolled up when it is over', () => {
  beforeEach(() => rollBookTotals(database.db));

  it('five minutes after its end, not before', async () => {
    await database.db
      .$executeRaw`UPDATE test_clock SET at = date_trunc('day', at) + interval '1 day 4 minutes 59 seconds'`;
    expect(await rollBookTotals(database.db)).toBe(0);
    await pass(1000);
    expect(await rollBookTotals(database.db)).toBe(1);
  });

  it('not while a transaction that wrote before its end is still open', async () => {
    const customerId = await newCustomer(database.db);
    await inTransaction(database.db, 'late', async (tx) => {
      await tx.$executeRaw`UPDATE customer SET name = 'Late' WHERE id = ${customerId}`;
      await pass(days(2));
      expect(await rollBookTotals(database.db)).toBe(0);
    });
    expect(await rollBookTotals(database.db)).toBe(2);
  });
});

it('a total that was altered, taken away or added is named', async () => {
  const one = `book = 'test' AND account = 'spent' AND day = '2027-01-01'`;
  const fault = { book: 'test', day: '2027-01-01', account: 'spent', counted: 30n };
  const after = (sql: string) => afterTampering(database.db, [sql], (tx) => verifyBookTotals(tx));
  expect(await after(`UPDATE book_total SET amount = 31 WHERE ${one}`)).toEqual([{ ...fault, rolled: 31n }]);
  expect(await after(`DELETE FROM book_total WHERE ${one}`)).toEqual([{ ...fault, rolled: 0n }]);
  expect(await after(`INSERT INTO book_total VALUES ('test', 'spent', '2026-01-01', 4)`)).toEqual([
    { ...fault, day: '2026-01-01', rolled: 4n, counted: 0n },
  ]);
  expect(await after(`UPDATE entry SET amount = 29 WHERE "to" = 'spent' AND amount = 30`)).toMatchObject([
    { account: 'available' },
    { account: 'spent', rolled: 30n, counted: 29n },
  ]);
  expect(await database.db.$transaction((tx) => verifyBookTotals(tx, 'live'))).toEqual([]);
});
