import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { closeDb, createDb, type Db, inTransaction } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { freeze, grant, spend, thaw } from './index.server';
import { granted, grantOf } from './testing/credits';
import { done, newWallet } from './testing/wallets';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();
const outcomes = (answers: readonly { outcome: string }[]) => answers.map((answer) => answer.outcome).sort();

describe('a spend', () => {
  let other: Db;
  beforeAll(() => {
    other = createDb(database.url, 2);
  });
  afterAll(() => closeDb(other));

  it('of ten from lots of six and six stands once when two ask at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const wallet = await newWallet(database.db);
      await wallet.lot(6n);
      await wallet.lot(6n);
      // Clients of their own: within one, spends of a wallet go together.
      const ask = (db: Db) => spend(db, { ...wallet.asked(), amount: 10n });
      expect(outcomes(await Promise.all([ask(database.db), ask(other)]))).toEqual(['insufficient', 'spent']);
      expect([await wallet.lots(), (await wallet.balance()).available]).toEqual([[2n], 2n]);
    }
  });

  it('is all or nothing under any number of clients, each on a connection of its own', async () => {
    const wallet = await newWallet(database.db);
    for (const amount of [70n, 20n, 10n]) await wallet.lot(amount);
    // Sixty separate calls meet at the wallet: none of them goes together with another.
    const asked = Array.from(
      { length: 60 },
      () =>
        database.db.$queryRaw<{ outcome: string }[]>`
        SELECT outcome FROM ledger_spend('test', ${wallet.customerId}, ARRAY[${wallet.asked().key}], ARRAY[sha256('x')], ARRAY[3]::bigint[], ARRAY['test'], ARRAY[''])`,
    );
    const answers = outcomes((await Promise.all(asked)).flat());
    expect(answers.filter((outcome) => outcome === 'spent')).toHaveLength(33);
    expect((await wallet.balance()).available).toBe(1n);
  });

  it('loses no purchase that lands in its middle', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(1_000n);
    const acts = Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? wallet.spend(7n) : wallet.lot(11n)));
    await Promise.all(acts);
    expect((await wallet.balance()).available).toBe(1_000n - 20n * 7n + 20n * 11n);
  });

  it('takes lots by priority, then the first to expire, then promotional ones, then the oldest', async () => {
    const wallet = await newWallet(database.db);
    const soon = new Date('2030-01-01T00:00:00Z');
    const lots = [
      await wallet.lot(1n, { lotKind: 'pack' }),
      await wallet.lot(1n, { lotKind: 'promo' }),
      await wallet.lot(1n, { lotKind: 'pack', expiresAt: soon }),
      await wallet.lot(1n, { lotKind: 'promo', expiresAt: soon }),
      await wallet.lot(1n, { lotKind: 'pack' }),
      await wallet.lot(1n, { lotKind: 'pack', priority: 10 }),
    ];
    const taken: string[] = [];
    for (let n = 0; n < lots.length; n += 1) {
      const { transferId } = done(await wallet.spend(1n));
      const entry = await database.db.entry.findFirstOrThrow({
        where: { transferId },
        select: { lotId: true },
      });
      taken.push(entry.lotId ?? '');
    }
    expect(taken.map((lot) => lots.indexOf(lot))).toEqual([5, 3, 2, 1, 0, 4]);
  });

  it('with a known key is answered as it was, whatever happened since; with another body it is refused', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(50n);
    const input = { ...wallet.asked(), amount: 20n, reason: 'an image' };
    const first = done(await spend(database.db, input));
    await wallet.spend(30n);
    await wallet.lot(500n);
    expect(await spend(database.db, input)).toEqual({ ...first, outcome: 'replayed' });
    expect(first.available).toBe(30n);
    for (const change of [
      { amount: 21n },
      { reason: 'a video' },
      { customerId: (await newWallet(database.db)).customerId },
    ])
      expect(await spend(database.db, { ...input, ...change })).toEqual({ outcome: 'key_reused' });
    expect(await spend(database.db, { ...input, actor: 'another process' })).toMatchObject({
      outcome: 'replayed',
    });
    expect((await wallet.balance()).available).toBe(500n);
  });

  it('that was refused leaves its key free, and twins in flight get one answer', async () => {
    const wallet = await newWallet(database.db);
    const input = { ...wallet.asked(), amount: 5n };
    expect(await spend(database.db, input)).toEqual({ outcome: 'insufficient', available: 0n });
    await wallet.lot(8n);
    const twins = await Promise.all([spend(database.db, input), spend(database.db, input)]);
    expect(outcomes(twins)).toEqual(['replayed', 'spent']);
    expect(new Set(twins.map((twin) => done(twin).transferId)).size).toBe(1);
    expect((await wallet.balance()).available).toBe(3n);
  });

  it.each([0n, -5n])('of %s is an error before anything is asked', async (amount) => {
    const wallet = await newWallet(database.db);
    expect(() => wallet.spend(amount)).toThrow(RangeError);
    await wallet.lot(1n);
    await expect(
      database.db.$queryRaw`
        SELECT outcome FROM ledger_spend('test', ${wallet.customerId}, ARRAY['k'], ARRAY[sha256('x')], ARRAY[${amount}::bigint], ARRAY['test'], ARRAY[''])`,
    ).rejects.toThrow('more than zero');
  });

  it('whose key another wallet takes while it is under way is refused, and takes nothing', async () => {
    const [wallet, taker] = [await newWallet(database.db), await newWallet(database.db)];
    await wallet.lot(5n);
    const { key } = wallet.asked();
    const asked = await inTransaction(database.db, 'takes the key', async (tx) => {
      await grant(tx, grantOf(taker.customerId, { key }));
      const spends = Promise.all([
        wallet.spend(1n),
        spend(database.db, { ...wallet.asked(), key, amount: 1n }),
      ]);
      await vi.waitFor(
        async () => {
          const waiting = await database.db.$queryRaw<unknown[]>`
          SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
          expect(waiting).toHaveLength(1);
        },
        { timeout: seconds(20) },
      );
      return { spends };
    });
    expect((await asked.spends).map(({ outcome }) => outcome)).toEqual(['spent', 'key_reused']);
    expect((await wallet.balance()).available).toBe(4n);
  });

  it('never takes credits of the other book', async () => {
    const live = await newWallet(database.db, 'live');
    await granted(database.db, grantOf(live.customerId, { book: 'test', amount: 1_000n }));
    await live.lot(1n);
    expect(await live.spend(2n)).toEqual({ outcome: 'insufficient', available: 1n });
    expect(await live.hold(2n)).toEqual({ outcome: 'insufficient', available: 1n });
    expect(await live.adjust('subtract', 2n)).toEqual({ outcome: 'insufficient', available: 1n });
  });

  it('is refused while a wallet is frozen for any cause, and so is a hold; all else goes on', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const held = await wallet.hold(2n);
    const set = (act: typeof freeze | typeof thaw, cause: string) =>
      inTransaction(
        database.db,
        'freeze',
        async (tx) => (await act(tx, { ...wallet.asked(), cause })).outcome,
      );
    expect(await set(freeze, 'dp_1')).toBe('frozen');
    expect(await set(freeze, 'dp_1')).toBe('unchanged');
    await set(freeze, 'dp_2');
    expect(await wallet.spend(1n)).toEqual({ outcome: 'frozen' });
    expect(await wallet.hold(1n)).toEqual({ outcome: 'frozen' });
    expect(await wallet.balance()).toMatchObject({ available: 8n, frozen: true });
    if (held.outcome !== 'held') throw new Error(held.outcome);
    expect((await wallet.capture(held.holdId, 1n)).outcome).toBe('captured');
    await wallet.lot(5n);
    expect(await set(thaw, 'dp_1')).toBe('thawed');
    expect(await wallet.spend(1n)).toEqual({ outcome: 'frozen' });
    await set(thaw, 'dp_2');
    expect(await set(thaw, 'dp_2')).toBe('unchanged');
    expect(done(await wallet.spend(14n)).available).toBe(0n);
  });
});

describe('a wallet whose lots were tampered with', () => {
  it('refuses to spend what is not there, and writes nothing', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const undo = new Error('undo');
    await inTransaction(database.db, 'tamper', async (tx) => {
      await tx.$executeRaw`UPDATE lot SET available = 4 WHERE wallet = (SELECT id FROM wallet WHERE customer = ${wallet.customerId})`;
      await expect(
        tx.$queryRaw`SELECT outcome FROM ledger_hold('test', ${wallet.customerId}, 'k', sha256('x'), 8, '1 hour', 'test', NULL)`,
      ).rejects.toThrow('its lots hold 4 credits fewer than it says');
      throw undo;
    }).catch((error: unknown) => {
      if (error !== undo) throw error;
    });
    expect((await wallet.balance()).available).toBe(10n);
  });
});

describe('an adjustment', () => {
  it('adds a lot of its own or takes from the lots in burn order, once per key', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(5n, { expiresAt: new Date('2030-01-01') });
    const add = { key: 'adjust:req_1', amount: 7n } as const;
    expect(done(await wallet.adjust('add', add.amount, add)).available).toBe(12n);
    expect(await wallet.adjust('add', add.amount, add)).toMatchObject({
      outcome: 'replayed',
      available: 12n,
    });
    expect(await wallet.adjust('subtract', add.amount, add)).toEqual({ outcome: 'key_reused' });
    expect(done(await wallet.adjust('subtract', 6n)).available).toBe(6n);
    expect(await wallet.adjust('subtract', 7n)).toEqual({ outcome: 'insufficient', available: 6n });
    expect(await wallet.story()).toEqual([
      'grant: issued.manual → available 5',
      'adjust: issued.manual → available 7',
      'adjust: available → issued.manual 5',
      'adjust: available → issued.manual 1',
    ]);
  });

  it('of a balance that has moved since it was seen is refused', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(5n);
    const { seq } = await wallet.balance();
    await wallet.spend(1n);
    expect(await wallet.adjust('add', 1n, { expectedSeq: seq })).toEqual({
      outcome: 'changed',
      seq: seq + 1n,
    });
    expect(done(await wallet.adjust('add', 1n, { expectedSeq: seq + 1n })).available).toBe(5n);
  });
});

it('all of it verifies', async () => {
  expect(await verifyLedger(database.db)).toEqual([]);
});
