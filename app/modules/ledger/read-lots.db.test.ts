import { describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { readStatementPage, type StatementPlace } from './read-lines.server';
import { listSpendableLots, readPaymentLots } from './read-lots.server';
import { type TransferKind } from './shared';
import { granted, grantOf, newCustomer, newPayment } from './testing/credits';

const database = useTestDatabase();

describe('the lots of a customer', () => {
  it('come soonest to expire first, endless ones last, and no more than asked for', async () => {
    const customerId = await newCustomer(database.db);
    const [soon, late] = [new Date('2030-01-01T00:00:00Z'), new Date('2031-01-01T00:00:00Z')];
    await granted(database.db, grantOf(customerId, { amount: 1n }));
    await granted(database.db, grantOf(customerId, { amount: 2n, expiresAt: late }));
    await granted(database.db, grantOf(customerId, { amount: 3n, expiresAt: soon }));
    const read = (take: number) => listSpendableLots(database.db, { book: 'test', customerId, take });
    expect((await read(10)).map(({ left, granted: all, expiresAt }) => [left, all, expiresAt])).toEqual([
      [3n, 3n, soon],
      [2n, 2n, late],
      [1n, 1n, null],
    ]);
    expect((await read(2)).map(({ left }) => left)).toEqual([3n, 2n]);
  });

  it('are nobody else’s and of no other book', async () => {
    const [customerId, other] = [await newCustomer(database.db), await newCustomer(database.db)];
    await granted(database.db, grantOf(other));
    await granted(database.db, grantOf(customerId, { book: 'live' }));
    expect(await listSpendableLots(database.db, { book: 'test', customerId, take: 10 })).toEqual([]);
  });

  it('lose one that expires, and its payment then shows nothing left of it', async () => {
    const customerId = await newCustomer(database.db);
    const paymentId = await newPayment(database.db, { customerId, book: 'test', credits: 5n });
    const expiresAt = new Date(Date.now() + 400);
    const bought = {
      amount: 5n,
      expiresAt,
      paymentId,
      lotKind: 'pack',
      paidMinor: 1000n,
      currency: 'usd',
    } as const;
    await granted(database.db, grantOf(customerId, bought));
    await vi.waitFor(async () => {
      expect(await listSpendableLots(database.db, { book: 'test', customerId, take: 10 })).toEqual([]);
    });
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt.getTime());
    expect(await readPaymentLots(database.db, paymentId)).toMatchObject([
      { granted: 5n, left: 0n, expiresAt, paymentId },
    ]);
  });
});

describe('a page of a statement', () => {
  async function read(
    customerId: string,
    place: StatementPlace,
    kinds?: readonly TransferKind[],
  ): Promise<[seqs: bigint[], older: bigint | undefined, newer: bigint | undefined]> {
    const input = { book: 'test', customerId, kinds, place, take: 3 } as const;
    const { lines, older, newer } = await readStatementPage(database.db, input);
    return [lines.map(({ seq }) => seq), older, newer];
  }

  it('leads on to older lines and back to newer ones without a gap or a repeat while lines are added', async () => {
    const customerId = await newCustomer(database.db);
    for (let n = 1; n <= 7; n += 1) await granted(database.db, grantOf(customerId, { amount: BigInt(n) }));
    expect(await read(customerId, { from: 'newest' })).toEqual([[7n, 6n, 5n], 5n, undefined]);
    await granted(database.db, grantOf(customerId, { amount: 8n }));
    expect(await read(customerId, { from: 'older', seq: 5n })).toEqual([[4n, 3n, 2n], 2n, 4n]);
    expect(await read(customerId, { from: 'older', seq: 2n })).toEqual([[1n], undefined, 1n]);
    expect(await read(customerId, { from: 'newer', seq: 1n })).toEqual([[4n, 3n, 2n], 2n, 4n]);
    expect(await read(customerId, { from: 'newer', seq: 4n })).toEqual([[7n, 6n, 5n], 5n, 7n]);
    expect(await read(customerId, { from: 'newer', seq: 7n })).toEqual([[8n], 8n, undefined]);
  });

  it('of some kinds shows those alone', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId));
    expect(await read(customerId, { from: 'newest' }, ['grant', 'spend'])).toEqual([
      [1n],
      undefined,
      undefined,
    ]);
    expect(await read(customerId, { from: 'newest' }, ['spend'])).toEqual([[], undefined, undefined]);
  });
});
