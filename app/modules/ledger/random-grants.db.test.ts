import fc from 'fast-check';
import { expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { readBalance } from './read-balance.server';
import { type Book, BOOKS, LOT_KINDS } from './shared';
import { grantNow, grantOf, newCustomer } from './testing/credits';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();

const RUNS = 200;

/** Keys are few, so that many grants meet one that stands; bodies are few, so that some are the same and some are not. */
const asked = fc.record({
  book: fc.constantFrom(...BOOKS),
  who: fc.integer({ min: 0, max: 1 }),
  key: fc.integer({ min: 0, max: 5 }),
  amount: fc.oneof(
    fc.constantFrom(1n, 2n),
    fc.bigInt({ min: 1n, max: 1_000_000_000_000n }),
    fc.constant(-1n),
    fc.constant(0n),
  ),
  lotKind: fc.constantFrom(...LOT_KINDS),
  expiresAt: fc.constantFrom(null, new Date('2035-01-01T00:00:00Z'), new Date('2040-01-01T00:00:00Z')),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

const bodyOf = ({ who, amount, lotKind, expiresAt }: Asked) =>
  `${who} ${amount} ${lotKind} ${expiresAt?.getTime()}`;

it('a balance is the sum of its entries and of its lots, whatever is granted by however many at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 12 }), async (grants) => {
      const customers = [await newCustomer(database.db), await newCustomer(database.db)];
      const unique = customers[0] ?? '';
      const answers = await Promise.all(
        grants.map(async (one) => {
          const { who, key, ...rest } = one;
          const input = grantOf(customers[who] ?? '', { ...rest, key: `${unique}:${key}` });
          const { outcome } = await grantNow(database.db, input).catch(() => ({ outcome: 'error' as const }));
          return { ...one, outcome };
        }),
      );

      // The oracle: per book and key one grant stands; all that say the same replay it, all others are refused.
      for (const book of BOOKS)
        for (const key of new Set(grants.map((one) => one.key))) {
          const same = answers.filter((one) => one.book === book && one.key === key && one.amount > 0n);
          const winners = same.filter((one) => one.outcome === 'granted');
          expect(winners).toHaveLength(same.length === 0 ? 0 : 1);
          for (const one of same.filter((other) => other !== winners[0]))
            expect(one.outcome).toBe(
              winners[0] && bodyOf(one) === bodyOf(winners[0]) ? 'replayed' : 'key_reused',
            );
        }
      for (const one of answers.filter((other) => other.amount <= 0n))
        expect(['error', 'key_reused']).toContain(one.outcome);

      for (const [who, customerId] of customers.entries())
        for (const book of BOOKS) {
          const standing = answers.filter(
            (one) => one.outcome === 'granted' && one.who === who && one.book === book,
          );
          const total = standing.reduce((sum, one) => sum + one.amount, 0n);
          expect(await booksOf(customerId, book)).toEqual({ wallet: total, entries: total, lots: total });
          expect(await readBalance(database.db, { book, customerId })).toMatchObject({
            available: total,
            seq: BigInt(standing.length),
          });
        }
    }),
    { numRuns: RUNS },
  );
  expect(await verifyLedger(database.db)).toEqual([]);
});

async function booksOf(customerId: string, book: Book): Promise<unknown> {
  const rows = await database.db.$queryRaw<unknown[]>`
    SELECT coalesce(sum(w.available), 0)::bigint AS wallet,
      coalesce(sum((SELECT sum(CASE WHEN e."to" = 'available' THEN e.amount ELSE -e.amount END) FROM entry e WHERE e.wallet = w.id)), 0)::bigint AS entries,
      coalesce(sum((SELECT sum(l.available) FROM lot l WHERE l.wallet = w.id)), 0)::bigint AS lots
    FROM wallet w WHERE w.customer = ${customerId} AND w.book = ${book}::mode`;
  return rows[0];
}
