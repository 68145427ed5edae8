import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { days, minutes } from '~/platform/time';

import { bookDue } from './book-due.server';
import { capture } from './holds.server';
import { installTestClock } from './testing/test-clock';
import { clockAt, done, newWallet, type TestWallet } from './testing/wallets';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();
beforeAll(() => installTestClock(database.db));
beforeEach(() => clockAt(database.db, '2027-01-01T10:00:00Z'));

async function held(wallet: TestWallet, amount: bigint, expiresIn?: number): Promise<string> {
  return done(await wallet.hold(amount, expiresIn === undefined ? {} : { expiresIn })).holdId;
}
const at = (time: string) => clockAt(database.db, `2027-01-01T${time}Z`);

describe('a hold', () => {
  it('sets credits aside, and what is captured of it is spent while the rest comes back', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(6n, { expiresAt: new Date('2030-01-01') });
    await wallet.lot(6n);
    const answer = done(await wallet.hold(9n));
    expect(answer).toMatchObject({ available: 3n, held: 9n, expiresAt: new Date('2027-01-01T11:00:00Z') });
    expect(await wallet.spend(4n)).toEqual({ outcome: 'insufficient', available: 3n });
    expect(done(await wallet.capture(answer.holdId, 7n))).toMatchObject({
      amount: 7n,
      available: 5n,
      held: 0n,
    });
    expect(await wallet.lots()).toEqual([5n]);
    expect(await wallet.story()).toEqual([
      'grant: issued.manual → available 6',
      'grant: issued.manual → available 6',
      'hold: available → held 6',
      'hold: available → held 3',
      'capture: held → spent 6',
      'capture: held → spent 1',
      'capture: held → available 2',
    ]);
  });

  it('ends once: of capture and release at the same moment one stands, and a known key replays', async () => {
    for (let round = 0; round < 10; round += 1) {
      const wallet = await newWallet(database.db);
      await wallet.lot(10n);
      const holdId = await held(wallet, 4n);
      const ends = await Promise.all([
        wallet.capture(holdId, 4n),
        wallet.release(holdId),
        wallet.capture(holdId, 1n),
      ]);
      expect(ends.filter((end) => end.outcome === 'not_active')).toHaveLength(2);
      const { held: left, available } = await wallet.balance();
      const spent = ends[0].outcome === 'captured' ? 4n : ends[2].outcome === 'captured' ? 1n : 0n;
      expect([left, available]).toEqual([0n, 10n - spent]);
    }
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const input = { ...wallet.asked(), holdId: await held(wallet, 4n), amount: 3n };
    const first = done(await capture(database.db, input));
    expect(await capture(database.db, input)).toEqual({ ...first, outcome: 'replayed' });
    expect(await capture(database.db, { ...input, amount: 2n })).toEqual({ outcome: 'key_reused' });
  });

  it('gives no more than it holds, and is nobody else’s', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const holdId = await held(wallet, 4n);
    expect(await wallet.capture(holdId, 5n)).toEqual({ outcome: 'too_much', held: 4n });
    expect(await capture(database.db, { ...wallet.asked(), book: 'live', holdId, amount: 1n })).toEqual({
      outcome: 'not_found',
    });
    expect(await wallet.release('hld_unknown')).toEqual({ outcome: 'not_found' });
    expect(await wallet.balance()).toMatchObject({ available: 6n, held: 4n });
  });

  it.each([0, -1, days(7) + 1, Number.NaN])('for %s ms is an error', async (expiresIn) => {
    const wallet = await newWallet(database.db);
    await expect(wallet.hold(1n, { expiresIn })).rejects.toThrow(RangeError);
  });

  it('protects its credits past their lot’s expiry: they can still be captured, and what is released then expires', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n, { expiresAt: new Date('2027-01-01T10:30:00Z') });
    const [kept, freed] = [await held(wallet, 4n), await held(wallet, 5n)];
    await at('10:45:00');
    expect(await wallet.balance()).toMatchObject({ available: 0n, held: 9n });
    expect(done(await wallet.capture(kept, 3n))).toMatchObject({ available: 0n, held: 5n });
    expect(done(await wallet.release(freed))).toMatchObject({ available: 0n, held: 0n });
    expect((await wallet.story()).slice(3)).toEqual([
      'expire: available → expired 1',
      'capture: held → spent 3',
      'capture: held → expired 1',
      'release: held → expired 5',
    ]);
  });

  it('is over at its own instant, booked or not: its credits can be spent from then on', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(10n);
    const holdId = await held(wallet, 4n, minutes(10));
    await at('10:09:59.999');
    expect(await wallet.spend(7n)).toEqual({ outcome: 'insufficient', available: 6n });
    // The lot came first: the hold was recorded a microsecond after it.
    await at('10:10:00.001');
    expect(await wallet.balance()).toMatchObject({ available: 10n, held: 0n, seq: 2n });
    expect(await wallet.capture(holdId, 1n)).toEqual({ outcome: 'not_active', state: 'expired' });
    expect(done(await wallet.spend(10n)).available).toBe(0n);
  });
});

describe('an expiry', () => {
  it('is exact without anybody’s help: credits are spendable until their instant and never after', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(5n, { expiresAt: new Date('2027-01-01T10:30:00Z') });
    await wallet.lot(1n);
    await at('10:29:59.999');
    expect(done(await wallet.spend(1n)).available).toBe(5n);
    await at('10:30:00');
    expect(await wallet.balance()).toMatchObject({ available: 1n, seq: 3n });
    expect(await wallet.spend(2n)).toEqual({ outcome: 'insufficient', available: 1n });
    const lines = await database.db.transfer.findMany({
      where: { kind: 'expire', wallet: { customerId: wallet.customerId } },
    });
    expect(lines).toMatchObject([
      { amount: 4n, occurredAt: new Date('2027-01-01T10:30:00Z'), actor: 'ledger' },
    ]);
  });

  it('is booked once by however many sweepers, and changes no balance', async () => {
    const wallets = await Promise.all(Array.from({ length: 120 }, () => newWallet(database.db)));
    for (const wallet of wallets) await wallet.lot(3n, { expiresAt: new Date('2027-01-01T10:30:00Z') });
    await held(wallets[0] ?? (await newWallet(database.db)), 2n, minutes(20));
    await at('10:40:00');
    const before = await Promise.all(wallets.map((wallet) => wallet.balance()));
    await Promise.all([bookDue(database.db), bookDue(database.db), bookDue(database.db)]);
    await bookDue(database.db);
    const after = await Promise.all(wallets.map((wallet) => wallet.balance()));
    expect(after.map((one) => ({ ...one, seq: 0n }))).toEqual(before.map((one) => ({ ...one, seq: 0n })));
    expect(
      await database.db.transfer.count({
        where: {
          kind: 'expire',
          key: { startsWith: 'expire:' },
          recordedAt: { gte: new Date('2027-01-01T10:40:00Z') },
        },
      }),
    ).toBeGreaterThanOrEqual(120);
    expect(await bookDue(database.db)).toBe(0);
  });
});

describe('a reversal', () => {
  it('brings credits back to the lots they came from, once', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(6n, { expiresAt: new Date('2030-01-01') });
    await wallet.lot(6n);
    const spent = done(await wallet.spend(10n));
    const reversal = done(await wallet.reverse(spent.transferId));
    expect([reversal.available, await wallet.lots()]).toEqual([12n, [6n, 6n]]);
    expect(await wallet.reverse(spent.transferId)).toEqual({
      outcome: 'already_reversed',
      transferId: reversal.transferId,
    });
    expect(await wallet.reverse(reversal.transferId)).toEqual({ outcome: 'not_reversible' });
    expect(await wallet.reverse('txf_unknown')).toEqual({ outcome: 'not_found' });
  });

  it('of credits whose lot has died brings a lot with the time that was left', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(6n, { expiresAt: new Date('2027-01-01T10:30:00Z'), lotKind: 'promo' });
    const spent = done(await wallet.spend(4n));
    await at('12:00:00');
    expect(done(await wallet.reverse(spent.transferId)).available).toBe(4n);
    const child = await database.db.lot.findFirstOrThrow({
      where: { wallet: { customerId: wallet.customerId }, open: true },
    });
    expect(child).toMatchObject({
      kind: 'promo',
      granted: 4n,
      expiresAt: new Date('2027-01-01T12:29:59.999Z'),
    });
    await at('12:30:00.001');
    expect((await wallet.balance()).available).toBe(0n);
  });

  it('of a capture gives back what it spent, with the time that was left when it was held', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(6n, { expiresAt: new Date('2027-01-01T10:30:00Z') });
    const holdId = await held(wallet, 6n);
    await at('10:50:00');
    const captured = done(await wallet.capture(holdId, 5n));
    expect(done(await wallet.reverse(captured.transferId)).available).toBe(5n);
    await at('11:20:00.001');
    expect((await wallet.balance()).available).toBe(0n);
  });

  it('of a thousand spends asked three times at once happens a thousand times', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(1_000n);
    const answers: string[] = [];
    // Forty at a time keep their three callers waiting for one another without outwaiting the pool.
    for (let n = 0; n < 1_000; n += 40) {
      const spends = await Promise.all(Array.from({ length: 40 }, () => wallet.spend(1n)));
      const asked = spends.flatMap((one) =>
        Array.from({ length: 3 }, () => wallet.reverse(done(one).transferId)),
      );
      answers.push(...(await Promise.all(asked)).map((answer) => answer.outcome));
    }
    expect(answers.filter((outcome) => outcome === 'reversed')).toHaveLength(1_000);
    expect(answers.filter((outcome) => outcome === 'already_reversed')).toHaveLength(2_000);
    expect((await wallet.balance()).available).toBe(1_000n);
  });
});

it('all of it verifies', async () => {
  expect(await verifyLedger(database.db)).toEqual([]);
});
