import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { adjust } from './adjust.server';
import { readEntries, readStatement, readStatementPage, type StatementPlace } from './read-lines.server';
import { listSpendableLots, readPaymentLots } from './read-lots.server';
import { reverse } from './reverse.server';
import { type LotKind, type TransferKind } from './shared';
import { spend } from './spend.server';
import { granted, grantOf, newCustomer, newPayment } from './testing/credits';

const database = useTestDatabase();

describe('the lots of a customer', () => {
  it('are listed in the order in which a spend takes from them, whatever sets one before another', async () => {
    const [soon, late] = [new Date('2190-01-01T00:00:00Z'), new Date('2191-01-01T00:00:00Z')];
    const lot = fc.record({
      amount: fc.bigInt(1n, 9n),
      expiresAt: fc.constantFrom(soon, late, null),
      lotKind: fc.constantFrom<LotKind>('manual', 'promo'),
      priority: fc.constantFrom(10, 50, 90),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(lot, { minLength: 2, maxLength: 8 }),
        fc.bigInt(1n, 72n),
        async (made, wanted) => {
          const customerId = await newCustomer(database.db);
          for (const terms of made) await granted(database.db, grantOf(customerId, terms));
          const listed = await listSpendableLots(database.db, { book: 'test', customerId, take: 10 });
          expect(listed).toHaveLength(made.length);
          const all = made.reduce((sum, { amount }) => sum + amount, 0n);
          const amount = wanted < all ? wanted : all;
          const outcome = await spend(database.db, {
            book: 'test',
            customerId,
            key: `spend:${customerId}`,
            amount,
            actor: 'test',
          });
          if (outcome.outcome !== 'spent') throw new Error(outcome.outcome);
          const taken = await readEntries(database.db, { transferId: outcome.transferId }, 10);
          let open = amount;
          const expected = listed.flatMap(({ id, left }) => {
            const part = left < open ? left : open;
            open -= part;
            return part === 0n ? [] : [[id, part]];
          });
          expect(taken.map((line) => [line.lot?.id, line.moved])).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

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
    await vi.waitFor(
      async () => {
        expect(await listSpendableLots(database.db, { book: 'test', customerId, take: 10 })).toEqual([]);
      },
      { timeout: seconds(20) },
    );
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

  it('ends between two acts, unless one is longer than a page', async () => {
    const customerId = await newCustomer(database.db);
    for (let n = 0; n < 6; n += 1) await granted(database.db, grantOf(customerId, { amount: 1n }));
    const spent = (amount: bigint) =>
      spend(database.db, { book: 'test', customerId, key: `${customerId}:${amount}`, amount, actor: 'test' });
    await spent(4n);
    await spent(2n);
    expect(await read(customerId, { from: 'newest' })).toEqual([[12n, 11n], 11n, undefined]);
    expect(await read(customerId, { from: 'older', seq: 11n })).toEqual([[10n, 9n, 8n], 8n, 10n]);
    expect(await read(customerId, { from: 'older', seq: 8n })).toEqual([[7n, 6n, 5n], 5n, 7n]);
    expect(await read(customerId, { from: 'newer', seq: 5n })).toEqual([[6n], 6n, 6n]);
    expect(await read(customerId, { from: 'newer', seq: 6n })).toEqual([[9n, 8n, 7n], 7n, 9n]);
    expect(await read(customerId, { from: 'newer', seq: 9n })).toEqual([[12n, 11n, 10n], 10n, undefined]);
  });

  it('says what was taken back and by what, what it was for, and neither who acted nor why staff did', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId));
    const input = { book: 'test', customerId, actor: 'api:demo' } as const;
    const spent = await spend(database.db, { ...input, key: 'spend:1', amount: 5n, reason: 'translation' });
    if (spent.outcome !== 'spent') throw new Error(spent.outcome);
    const taken = { ...input, key: 'reverse:1', transferId: spent.transferId };
    const reversed = await reverse(database.db, taken);
    if (reversed.outcome !== 'reversed') throw new Error(reversed.outcome);
    await inTransaction(database.db, 'adjust', (tx) =>
      adjust(tx, {
        ...input,
        key: 'adjust:1',
        direction: 'subtract',
        amount: 1n,
        expiresAt: null,
        reason: 'mistake',
      }),
    );
    const { lines } = await readStatementPage(database.db, {
      ...input,
      kinds: undefined,
      place: { from: 'newest' },
      take: 9,
    });
    expect(lines).toMatchObject([
      { kind: 'adjust', reason: null },
      { kind: 'reverse', reverses: { transferId: spent.transferId, seq: spent.seq } },
      { kind: 'spend', reason: 'translation', reversedBy: reversed.transferId },
      { kind: 'grant', reason: null, reverses: null, reversedBy: null },
    ]);
    expect(lines.some((line) => 'actor' in line)).toBe(false);
    const [adjusted] = await readStatement(database.db, { ...input, take: 1 });
    expect(adjusted).toMatchObject({ reason: 'mistake', actor: 'api:demo' });
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
