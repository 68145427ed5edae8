import { describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { closeDb, createDb, type Db, inTransaction } from '~/platform/db.server';
import { minutes, seconds } from '~/platform/time';

import { grant } from './grant.server';
import { readBalance } from './read-balance.server';
import { readPaymentEntries, readStatement } from './read-lines.server';
import { granted, grantNow, grantOf, newCustomer, newPayment } from './testing/credits';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();

const available = async (customerId: string, book: 'test' | 'live' = 'test') =>
  (await readBalance(database.db, { book, customerId })).available;

/** The database's time at which a statement was seen to wait for a row lock. */
async function untilSomeoneWaits(db: Db): Promise<Date> {
  return vi.waitFor(
    async () => {
      const rows = await db.$queryRaw<{ at: Date }[]>`
      SELECT clock_timestamp() AS at FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' LIMIT 1`;
      const row = rows[0];
      if (!row) throw new Error('nobody waits');
      return row.at;
    },
    { timeout: seconds(20) },
  );
}

describe('a grant', () => {
  it('moves what it gives from issued to available, and all accounts of a book sum to zero', async () => {
    const customerId = await newCustomer(database.db);
    const answer = await granted(database.db, grantOf(customerId, { amount: 40n, lotKind: 'promo' }));
    expect(answer).toMatchObject({ outcome: 'granted', available: 40n });
    await granted(database.db, grantOf(customerId, { amount: 2n, lotKind: 'pack' }));
    const lines = await readStatement(database.db, { book: 'test', customerId, take: 10 });
    expect(lines.map(({ from, to, amount, availableAfter }) => [from, to, amount, availableAfter])).toEqual([
      ['issued.pack', 'available', 2n, 42n],
      ['issued.promo', 'available', 40n, 40n],
    ]);
    const sums = await database.db.$queryRaw`
      SELECT sum(amount)::bigint AS total FROM (
        SELECT "to" AS account, amount FROM entry UNION ALL SELECT "from", -amount FROM entry) moved`;
    expect(sums).toEqual([{ total: 0n }]);
  });

  it('is answered with what stands when the same key comes with the same body', async () => {
    const customerId = await newCustomer(database.db);
    const input = grantOf(customerId);
    const first = await granted(database.db, input);
    await granted(database.db, grantOf(customerId));
    const again = await grantNow(database.db, {
      ...input,
      actor: 'return:cs_1',
      occurredAt: new Date('2026-11-22T00:00:00Z'),
    });
    expect(again).toEqual({ ...first, outcome: 'replayed' });
    expect(await available(customerId)).toBe(200n);
  });

  it.each([
    ['amount', { amount: 101n }],
    ['kind', { lotKind: 'promo' as const }],
    ['expiry', { expiresAt: new Date('2027-01-01T00:00:00Z') }],
    ['price', { paidMinor: 5n, currency: 'usd' }],
  ])('is refused when its key comes with another %s', async (_name, change) => {
    const customerId = await newCustomer(database.db);
    const input = grantOf(customerId);
    await granted(database.db, input);
    expect(await grantNow(database.db, { ...input, ...change })).toEqual({ outcome: 'key_reused' });
    expect(await available(customerId)).toBe(100n);
  });

  it('is refused when its key stands for another customer', async () => {
    const [first, second] = [await newCustomer(database.db), await newCustomer(database.db)];
    const input = grantOf(first);
    await granted(database.db, input);
    expect(await grantNow(database.db, { ...input, customerId: second })).toEqual({ outcome: 'key_reused' });
    expect(await available(second)).toBe(0n);
  });

  it('is refused by the database for another wallet even if the two bodies hash alike', async () => {
    const customers = [await newCustomer(database.db), await newCustomer(database.db)];
    const ask = (customerId: string | undefined) => database.db.$queryRaw`
      SELECT outcome FROM ledger_grant('test', ${customerId}, 'hashes alike', sha256('body'), 5, 'manual', 50::smallint, false,
        NULL, NULL, NULL, NULL, 'system', NULL, now())`;
    expect(await ask(customers[0])).toEqual([{ outcome: 'granted' }]);
    expect(await ask(customers[1])).toEqual([{ outcome: 'key_reused' }]);
    expect(await ask(customers[0])).toEqual([{ outcome: 'replayed' }]);
  });

  it('happens once when a hundred ask for it at the same moment', async () => {
    const customerId = await newCustomer(database.db);
    const input = grantOf(customerId);
    const answers = await Promise.all(Array.from({ length: 100 }, () => grantNow(database.db, input)));
    const outcomes = answers.map((answer) => answer.outcome).sort();
    expect(outcomes).toEqual(['granted', ...Array.from({ length: 99 }, () => 'replayed')]);
    expect(new Set(answers.map((answer) => ('transferId' in answer ? answer.transferId : '')))).toHaveLength(
      1,
    );
    expect(await database.db.transfer.count({ where: { key: input.key } })).toBe(1);
    expect(await available(customerId)).toBe(100n);
  });

  it('adds up exactly when a hundred different ones reach a new wallet at the same moment', async () => {
    const customerId = await newCustomer(database.db);
    const amounts = Array.from({ length: 100 }, (_, index) => BigInt(index + 1));
    await Promise.all(amounts.map((amount) => granted(database.db, grantOf(customerId, { amount }))));
    expect(await available(customerId)).toBe(5050n);
    const lines = await readStatement(database.db, { book: 'test', customerId, take: 200 });
    expect(lines.map((line) => line.seq)).toEqual(amounts.toReversed());
    expect(await database.db.wallet.count({ where: { customerId } })).toBe(1);
    const walletId = lines[0]?.walletId ?? '';
    expect(await verifyLedger(database.db, { from: walletId, to: walletId })).toEqual([]);
  });

  it('goes to one of two customers who race for one key, never to both', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [first, second] = [await newCustomer(database.db), await newCustomer(database.db)];
      const input = grantOf(first);
      const answers = await Promise.all([
        grantNow(database.db, input),
        grantNow(database.db, { ...input, customerId: second }),
      ]);
      expect(answers.map((answer) => answer.outcome).sort()).toEqual(['granted', 'key_reused']);
      expect((await available(first)) + (await available(second))).toBe(100n);
    }
  });

  it('leaves nothing when its transaction is rolled back', async () => {
    const customerId = await newCustomer(database.db);
    const input = grantOf(customerId);
    await expect(
      inTransaction(database.db, 'undone', async (tx) => {
        expect(await grant(tx, input)).toMatchObject({ outcome: 'granted' });
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await database.db.wallet.count({ where: { customerId } })).toBe(0);
    expect(await database.db.transfer.count({ where: { key: input.key } })).toBe(0);
    expect(await grantNow(database.db, input)).toMatchObject({ outcome: 'granted', available: 100n });
  });

  it('is recorded when it had the wallet, not when its transaction began and waited', async () => {
    const customerId = await newCustomer(database.db);
    const { walletId } = await granted(database.db, grantOf(customerId));
    const other = createDb(database.url, 2);
    let seenWaiting: Date | undefined;
    try {
      await inTransaction(database.db, 'waits', async (waiter) => {
        await waiter.$queryRaw`SELECT now()`;
        const waited = await inTransaction(other, 'holds the wallet', async (holder) => {
          await grant(holder, grantOf(customerId));
          const waits = grant(waiter, grantOf(customerId));
          seenWaiting = await untilSomeoneWaits(other);
          return { waits };
        });
        await waited.waits;
      });
    } finally {
      await closeDb(other);
    }
    const rows = await database.db.$queryRaw`
      SELECT count(*)::int AS entries, bool_and(e.recorded_at > p.recorded_at) AS rises,
        max(e.recorded_at) > ${seenWaiting}::timestamptz AS after
      FROM entry e JOIN entry p ON p.wallet = e.wallet AND p.seq = e.seq - 1 WHERE e.wallet = ${walletId}`;
    expect(rows).toEqual([{ entries: 2, rises: true, after: true }]);
  });

  it('is recorded after the last entry even when the clock was put back', async () => {
    const customerId = await newCustomer(database.db);
    const { walletId } = await granted(database.db, grantOf(customerId));
    const ahead = new Date(Date.now() + minutes(10));
    await database.db.$executeRaw`UPDATE wallet SET last_at = ${ahead} WHERE id = ${walletId}`;
    await granted(database.db, grantOf(customerId));
    const rows = await database.db.$queryRaw`
      SELECT recorded_at = ${ahead}::timestamptz + interval '1 microsecond' AS "follows" FROM entry WHERE wallet = ${walletId} AND seq = 2`;
    expect(rows).toEqual([{ follows: true }]);
  });

  it.each([0n, -1n])('of %s credits is an error', async (amount) => {
    const customerId = await newCustomer(database.db);
    await expect(grantNow(database.db, grantOf(customerId, { amount }))).rejects.toThrow(RangeError);
    expect(await available(customerId)).toBe(0n);
  });

  it('beyond what a balance can count is an error and leaves the balance as it was', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId, { amount: 9_223_372_036_854_775_807n }));
    await expect(grantNow(database.db, grantOf(customerId, { amount: 1n }))).rejects.toThrow();
    expect(await available(customerId)).toBe(9_223_372_036_854_775_807n);
  });

  it('to a customer that does not exist is an error', async () => {
    await expect(grantNow(database.db, grantOf('cst_nobody'))).rejects.toThrow();
  });
});

describe('the grant of a payment', () => {
  it('is on the payment, with its lot and price', async () => {
    const customerId = await newCustomer(database.db);
    const paymentId = await newPayment(database.db, { customerId, book: 'test', credits: 500n });
    const input = grantOf(customerId, {
      key: `grant:${paymentId}`,
      amount: 500n,
      lotKind: 'pack',
      paymentId,
      paidMinor: 1000n,
      currency: 'usd',
      expiresAt: new Date('2027-11-21T12:00:00Z'),
      actor: 'event:evt_1',
    });
    const answer = await granted(database.db, input);
    await granted(database.db, grantOf(customerId));
    expect(await readPaymentEntries(database.db, paymentId)).toMatchObject([
      {
        walletId: answer.walletId,
        transferId: answer.transferId,
        seq: 1n,
        kind: 'grant',
        from: 'issued.pack',
        to: 'available',
        moved: 500n,
        amount: 500n,
        availableAfter: 500n,
        lot: { id: answer.lotId, kind: 'pack', expiresAt: new Date('2027-11-21T12:00:00Z') },
        paymentId,
        actor: 'event:evt_1',
        occurredAt: input.occurredAt,
      },
    ]);
    expect(await database.db.lot.findUnique({ where: { id: answer.lotId } })).toMatchObject({
      paymentId,
      paidMinor: 1000n,
      currency: 'usd',
      priority: 50,
      promo: false,
    });
  });

  it('happens once per payment under whatever key', async () => {
    const customerId = await newCustomer(database.db);
    const paymentId = await newPayment(database.db, { customerId, book: 'test', credits: 100n });
    await granted(database.db, grantOf(customerId, { paymentId }));
    await expect(grantNow(database.db, grantOf(customerId, { paymentId }))).rejects.toThrow();
    expect(await available(customerId)).toBe(100n);
  });

  it.each([
    ['to another customer', { customerId: 'other' }],
    ['in the other book', { book: 'live' as const }],
    ['of more than was sold', { amount: 101n }],
  ])('is an error %s', async (_name, change) => {
    const customerId = await newCustomer(database.db);
    const other = await newCustomer(database.db);
    const paymentId = await newPayment(database.db, { customerId, book: 'test', credits: 100n });
    const input = grantOf(customerId, { paymentId, ...change });
    if ('customerId' in change) input.customerId = other;
    await expect(grantNow(database.db, input)).rejects.toThrow('does not entitle');
    expect(await available(customerId)).toBe(0n);
    expect(await available(other)).toBe(0n);
  });
});

describe('the two books', () => {
  it('keep test credits out of live: one customer has a wallet in each', async () => {
    const customerId = await newCustomer(database.db);
    const key = `both:${customerId}`;
    const inTest = await granted(database.db, grantOf(customerId, { book: 'test', key, amount: 7n }));
    expect(await available(customerId, 'live')).toBe(0n);
    const inLive = await granted(database.db, grantOf(customerId, { book: 'live', key, amount: 3n }));
    expect(inLive.walletId).not.toBe(inTest.walletId);
    expect([await available(customerId, 'test'), await available(customerId, 'live')]).toEqual([7n, 3n]);
    expect(await readStatement(database.db, { book: 'live', customerId, take: 10 })).toHaveLength(1);
  });
});
