import { describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { seconds } from '~/platform/time';

import { readBalance } from './read-balance.server';
import { readPaymentEntries, readStatement } from './read-lines.server';
import { granted, grantOf, newCustomer } from './testing/credits';

const database = useTestDatabase();

/** The balance at an instant, to the microsecond: `at` is SQL. */
async function availableAt(customerId: string, at: string): Promise<bigint | undefined> {
  const rows = await database.db.$queryRawUnsafe<{ available: bigint }[]>(
    `SELECT available FROM ledger_balance('test', '${customerId}', ${at})`,
  );
  return rows[0]?.available;
}

describe('a balance', () => {
  it('is zero for a customer who never had credits', async () => {
    const customerId = await newCustomer(database.db);
    expect(await readBalance(database.db, { book: 'test', customerId })).toEqual({
      available: 0n,
      held: 0n,
      claimed: 0n,
      debt: 0n,
      seq: 0n,
      frozen: false,
    });
    expect(await readStatement(database.db, { book: 'test', customerId, take: 10 })).toEqual([]);
    expect(await readPaymentEntries(database.db, 'pay_none')).toEqual([]);
  });

  it('loses a lot at the very instant of its expiry, to the microsecond', async () => {
    const customerId = await newCustomer(database.db);
    const expiresAt = new Date('2030-01-01T00:00:00Z');
    await granted(database.db, grantOf(customerId, { amount: 5n, expiresAt }));
    await granted(database.db, grantOf(customerId, { amount: 2n }));
    const expiry = `'2030-01-01T00:00:00Z'::timestamptz`;
    expect(await availableAt(customerId, `${expiry} - interval '1 microsecond'`)).toBe(7n);
    expect(await availableAt(customerId, expiry)).toBe(2n);
    expect(await availableAt(customerId, `'infinity'`)).toBe(0n);
  });

  it('loses an expired lot although nothing has booked the expiry yet', async () => {
    const customerId = await newCustomer(database.db);
    const expiresAt = new Date(Date.now() + 400);
    await granted(database.db, grantOf(customerId, { amount: 2n }));
    await granted(database.db, grantOf(customerId, { amount: 5n, expiresAt }));
    await vi.waitFor(
      async () => {
        const balance = await readBalance(database.db, { book: 'test', customerId });
        expect(balance).toMatchObject({ available: 2n, seq: 2n });
      },
      { timeout: seconds(20) },
    );
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
  });

  it('never holds a lot that had expired before it came', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId, { expiresAt: new Date('2020-01-01T00:00:00Z') }));
    expect(await readBalance(database.db, { book: 'test', customerId })).toMatchObject({ available: 0n });
  });

  it('knows the next expiry, so that none is missed', async () => {
    const customerId = await newCustomer(database.db);
    const [soon, late] = [new Date('2030-01-01T00:00:00Z'), new Date('2031-01-01T00:00:00Z')];
    await granted(database.db, grantOf(customerId, { expiresAt: late }));
    await granted(database.db, grantOf(customerId, { expiresAt: soon }));
    await granted(database.db, grantOf(customerId));
    const wallet = await database.db.wallet.findFirst({ where: { customerId }, select: { dueAt: true } });
    expect(wallet?.dueAt).toEqual(soon);
  });
});

describe('a statement', () => {
  it('pages from the newest line to the first without a gap or a repeat while lines are added', async () => {
    const customerId = await newCustomer(database.db);
    for (let n = 1; n <= 7; n += 1) await granted(database.db, grantOf(customerId, { amount: BigInt(n) }));
    const read = (before?: { seq: bigint }) =>
      readStatement(database.db, { book: 'test', customerId, take: 3, ...(before ? { before } : {}) });
    const first = await read();
    await granted(database.db, grantOf(customerId, { amount: 8n }));
    const second = await read(first.at(-1));
    const third = await read(second.at(-1));
    expect([...first, ...second, ...third].map((line) => line.seq)).toEqual([7n, 6n, 5n, 4n, 3n, 2n, 1n]);
    expect(third.at(-1)).toMatchObject({
      amount: 1n,
      availableAfter: 1n,
      lot: { kind: 'manual', expiresAt: null },
    });
    for (const [index, line] of first.entries()) {
      const older = first[index + 1];
      if (older) expect(line.availableAfter - line.amount).toBe(older.availableAfter);
    }
  });
});
