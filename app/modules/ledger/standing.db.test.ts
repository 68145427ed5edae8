import { beforeAll, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { hours, minutes } from '~/platform/time';

import { hold } from './holds.server';
import { type Book } from './shared';
import { spend } from './spend.server';
import { readStanding, rollStanding } from './standing.server';
import { granted, grantOf, newCustomer } from './testing/credits';
import { installTestClock } from './testing/test-clock';

const database = useTestDatabase();
const pass = (ms: number) =>
  database.db.$executeRaw`UPDATE test_clock SET at = at + ${ms}::float8 * interval '1 millisecond'`;

beforeAll(() => installTestClock(database.db));

const act = (customerId: string, book: Book, amount: bigint) => ({
  ...{ book, customerId, amount, key: `test:${newId('req')}`, actor: 'api:one' },
});

/** Credits come, go and are held in both books. */
async function live(): Promise<void> {
  const { db } = database;
  for (const book of ['test', 'live'] as const) {
    const customerId = await newCustomer(db);
    await granted(db, grantOf(customerId, { book }));
    await spend(db, act(customerId, book, 30n));
    await inTransaction(db, 'hold', (tx) => hold(tx, { ...act(customerId, book, 5n), expiresIn: hours(1) }));
  }
}

/** Row by row: what every wallet says of itself. */
async function count(book: Book) {
  const { _sum } = await database.db.wallet.aggregate({
    where: { bookId: book },
    _sum: { available: true, held: true, claimed: true, debt: true },
  });
  return {
    available: _sum.available ?? 0n,
    held: _sum.held ?? 0n,
    claimed: _sum.claimed ?? 0n,
    debt: _sum.debt ?? 0n,
  };
}

async function expectTrue(): Promise<void> {
  for (const book of ['test', 'live'] as const)
    expect(await readStanding(database.db, book)).toEqual(await count(book));
}

const rolledTo = async () => (await database.db.bookStanding.findFirst())?.until;

describe('what the wallets of a book have together', () => {
  it('is nothing in a ledger without entries, rolled up or not', async () => {
    await rollStanding(database.db);
    expect(await rolledTo()).toBeUndefined();
    await expectTrue();
  });

  it('is the sum of all wallets before anything is rolled up, after it, and of what comes later', async () => {
    await live();
    await expectTrue();
    await pass(hours(80));
    await live();
    await pass(minutes(6));
    await rollStanding(database.db);
    await expectTrue();
    const first = await rolledTo();
    await live();
    await expectTrue();
    await pass(minutes(6));
    await rollStanding(database.db);
    expect((await rolledTo())?.getTime()).toBeGreaterThan(first?.getTime() ?? Infinity);
    await expectTrue();
  });

  it('is rolled up once by two at once', async () => {
    await live();
    await pass(hours(30));
    await Promise.all([rollStanding(database.db), rollStanding(database.db)]);
    await expectTrue();
  });
});
