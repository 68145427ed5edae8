import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { closeDb, createDb, inTransaction } from '~/platform/db.server';

import { spend, type SpendInput } from './spend.server';
import { done, newWallet, type TestWallet } from './testing/wallets';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();

/** Asked in one go: the first is under way before the others come, so those go together. */
const askAll = (wallet: TestWallet, asked: readonly Partial<SpendInput>[]) =>
  asked.map((change) => spend(database.db, { ...wallet.asked(), amount: 1n, ...change }));

/** How many spends each transaction wrote, in the order of their entries. */
async function written(wallet: TestWallet): Promise<number[]> {
  const rows = await database.db.$queryRaw<{ n: number }[]>`
    SELECT count(DISTINCT x.id)::int AS n FROM transfer x JOIN entry e ON e.transfer = x.id JOIN wallet w ON w.id = x.wallet
    WHERE w.customer = ${wallet.customerId} AND x.kind = 'spend' GROUP BY x.xmin::text ORDER BY min(e.seq)`;
  return rows.map(({ n }) => n);
}

describe('spends of one wallet', () => {
  it('that come while one is under way go together, at most 32, in the order in which they came', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(100n);
    const answers = await Promise.all(askAll(wallet, Array(40).fill({})));
    expect(answers.map((answer) => done(answer).available)).toEqual(
      Array.from({ length: 40 }, (_, n) => BigInt(99 - n)),
    );
    const seqs = answers.map((answer) => done(answer).seq);
    expect(seqs).toEqual(Array.from({ length: 40 }, (_, n) => BigInt(2 + n)));
    expect(await written(wallet)).toEqual([1, 32, 7]);
    expect(await verifyLedger(database.db)).toEqual([]);
  });

  it('have each their own outcome: one that asks for too much refuses itself alone', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(6n);
    await wallet.lot(4n);
    const amounts = [1n, 4n, 20n, 3n, 5n, 2n];
    const answers = await Promise.all(
      askAll(
        wallet,
        amounts.map((amount) => ({ amount })),
      ),
    );
    expect(answers).toMatchObject([
      { outcome: 'spent', amount: 1n, available: 9n },
      { outcome: 'spent', amount: 4n, available: 5n },
      { outcome: 'insufficient', available: 5n },
      { outcome: 'spent', amount: 3n, available: 2n },
      { outcome: 'insufficient', available: 2n },
      { outcome: 'spent', amount: 2n, available: 0n },
    ]);
    expect(await written(wallet)).toEqual([1, 3]);
  });

  it('that share a key are one spend, and another body under it is refused', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const { key } = wallet.asked();
    const [first, ...others] = await Promise.all(
      askAll(wallet, [{}, { key, amount: 3n }, { key, amount: 3n }, { key, amount: 4n }]),
    );
    expect(first?.outcome).toBe('spent');
    expect(others.map(({ outcome }) => outcome)).toEqual(['spent', 'replayed', 'key_reused']);
    expect(others[1]).toEqual({ ...others[0], outcome: 'replayed' });
    expect((await wallet.balance()).available).toBe(6n);
  });

  it('that share a key are one spend also where there is not enough for two', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(5n);
    const { key } = wallet.asked();
    const answers = await Promise.all(askAll(wallet, [{}, { key, amount: 3n }, { key, amount: 3n }]));
    expect(answers.map(({ outcome }) => outcome)).toEqual(['spent', 'spent', 'replayed']);
    expect((await wallet.balance()).available).toBe(1n);
  });

  it('keep every word of theirs apart', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const reasons = ['plain', 'NULL', '{a,"b"}', "back\\slash '", undefined, 'ünï🐘'];
    await Promise.all(
      askAll(
        wallet,
        reasons.map((reason) => (reason === undefined ? {} : { reason })),
      ),
    );
    const rows = await database.db.transfer.findMany({
      where: { kind: 'spend', wallet: { customerId: wallet.customerId } },
      orderBy: { recordedAt: 'asc' },
      select: { reason: true },
    });
    expect(rows.map(({ reason }) => reason ?? undefined)).toEqual(reasons);
  });

  it.each([
    ['the statement', { reason: 'a null byte \0' }],
    // Longer than an index can hold: found out when those before it in the call are written already.
    ['the act', { key: randomBytes(9_000).toString('hex') }],
  ])('do not pay for the one among them that %s fails on', async (_, faulty) => {
    const wallet = await newWallet(database.db);
    await wallet.lot(100n);
    const answers = await Promise.allSettled(askAll(wallet, [{}, {}, {}, faulty, {}, {}]));
    expect(answers.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'fulfilled'],
      'rejected',
      ...['fulfilled', 'fulfilled'],
    ]);
    expect((await wallet.balance()).available).toBe(95n);
    expect(await written(wallet)).toEqual([1, 1, 1, 1, 1]);
    expect(await verifyLedger(database.db)).toEqual([]);
  });

  it('are all told of a connection that is gone, at once, and the next one asks anew', async () => {
    let connections = 0;
    const closes = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => closes.listen(0, '127.0.0.1', resolve));
    const address = closes.address();
    if (address === null || typeof address === 'string') throw new Error('A TCP port was expected.');
    const gone = createDb(`postgresql://credence@127.0.0.1:${address.port}/credence`);
    const ask = () => spend(gone, { book: 'test', customerId: 'cst_1', key: 'k', amount: 1n, actor: 'test' });
    try {
      const answers = await Promise.allSettled([ask(), ask(), ask(), ask()]);
      expect(answers.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
      expect(connections).toBe(2);
      await expect(ask()).rejects.toThrow();
      expect(connections).toBe(3);
    } finally {
      await closeDb(gone);
      closes.close();
    }
  });

  it('hold up no other wallet, not even the same customer’s in the other book', async () => {
    const busy = await newWallet(database.db);
    await busy.lot(5n);
    const other = await newWallet(database.db);
    await other.lot(5n);
    const waiting = [...askAll(busy, [{}, {}])];
    await inTransaction(database.db, 'lock', async (tx) => {
      await tx.$queryRaw`SELECT FROM wallet WHERE customer = ${busy.customerId} FOR UPDATE`;
      waiting.push(...askAll(busy, [{}, {}]));
      expect((await other.spend(1n)).outcome).toBe('spent');
      const inLive = { ...busy.asked(), book: 'live', amount: 1n } as const;
      expect(await spend(database.db, inLive)).toEqual({ outcome: 'insufficient', available: 0n });
    });
    expect((await Promise.all(waiting)).map(({ outcome }) => outcome)).toEqual(Array(4).fill('spent'));
  });

  it('spend nothing of a lot that dies between two of them', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n, { expiresAt: new Date('2100-01-01T00:00:02.500Z') });
    await wallet.lot(10n);
    // A clock that goes a second further each time it is read.
    await database.db.$executeRaw`CREATE SEQUENCE ticks`;
    await database.db.$executeRaw`
      CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      $$ SELECT '2100-01-01T00:00:00Z'::timestamptz + nextval('ticks') * interval '1 second' $$`;
    const answers = await database.db.$queryRaw<{ available: bigint }[]>`
      SELECT available FROM ledger_spend('test', ${wallet.customerId}, ARRAY['a', 'b', 'c', 'd'], array_fill(sha256('x'), ARRAY[4]),
        ARRAY[1, 1, 1, 1]::bigint[], array_fill('test'::text, ARRAY[4]), array_fill(''::text, ARRAY[4]))`;
    expect(answers.map(({ available }) => available)).toEqual([19n, 18n, 9n, 8n]);
    expect((await wallet.story()).slice(2)).toEqual([
      'spend: available → spent 1',
      'spend: available → spent 1',
      'expire: available → expired 8',
      'spend: available → spent 1',
      'spend: available → spent 1',
    ]);
    expect(await verifyLedger(database.db)).toEqual([]);
  });
});
