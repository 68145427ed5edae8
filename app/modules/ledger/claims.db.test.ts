import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { bookDue } from './book-due.server';
import { installTestClock } from './testing/test-clock';
import { clockAt, done, newWallet } from './testing/wallets';
import { verifyLedger } from './verify-ledger.server';

const database = useTestDatabase();
beforeAll(() => installTestClock(database.db));
beforeEach(() => clockAt(database.db, '2027-01-01T10:00:00Z'));
const at = (time: string) => clockAt(database.db, `2027-01-01T${time}Z`);

describe('a refund', () => {
  it('that is pending holds credits back, takes them when the money is gone, and gives them back when it failed', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    expect(await wallet.settle(payment, { pending: 40n })).toMatchObject({ claimed: 40n, revoked: 0n });
    expect(await wallet.balance()).toMatchObject({ available: 60n, claimed: 40n });
    expect(await wallet.settle(payment, { refund: 40n })).toMatchObject({ claimed: 0n, revoked: 40n });
    expect(await wallet.settle(payment, {})).toMatchObject({ claimed: 0n, revoked: 0n });
    expect(await wallet.story()).toEqual([
      'grant: issued.manual → available 100',
      'claim: available → claimed 40',
      'claim: claimed → revoked.refund 40',
      'claim: revoked.refund → available 40',
    ]);
  });

  it('told again, or of levels that change nothing, moves nothing', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    const first = await wallet.settle(payment, { refund: 30n });
    expect(first.transferId).not.toBeNull();
    expect(await wallet.settle(payment, { refund: 30n })).toEqual({ ...first, transferId: null });
    expect(await wallet.story()).toHaveLength(2);
  });

  it('of more than was granted takes what was granted, of less than nothing is an error', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    await expect(wallet.settle(payment, { refund: -1n })).rejects.toThrow('below zero');
    expect(await wallet.settle(payment, { refund: 500n, pending: 9n })).toMatchObject({
      revoked: 100n,
      claimed: 0n,
      shortfall: 0n,
    });
  });

  it('takes what is left, and what is spent is a shortfall that the house absorbs', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    const other = await wallet.bought(50n);
    await wallet.spend(80n);
    expect(await wallet.settle(payment, { refund: 100n })).toMatchObject({
      revoked: 20n,
      shortfall: 80n,
      owed: 0n,
    });
    expect(await wallet.balance()).toMatchObject({ available: 50n, debt: 0n });
    expect(await wallet.settle(other, { refund: 50n })).toMatchObject({ revoked: 50n, shortfall: 0n });
  });

  it('that came before the grant takes its share as the credits come', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.sold(100n);
    expect(await wallet.settle(payment, { refund: 70n })).toMatchObject({ transferId: null, revoked: 0n });
    await wallet.lot(100n, { paymentId: payment });
    expect(await wallet.balance()).toMatchObject({ available: 30n });
    await expect(wallet.lot(100n, { paymentId: payment })).rejects.toThrow('transfer_grants_once');
  });

  it('of everything while a hold is open takes what the hold gives back', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    const { holdId } = done(await wallet.hold(60n));
    expect(await wallet.settle(payment, { refund: 100n, owing: 100n })).toMatchObject({
      revoked: 40n,
      shortfall: 60n,
      owed: 0n,
    });
    expect(done(await wallet.release(holdId))).toMatchObject({ available: 0n, held: 0n, debt: 0n });
    expect(await wallet.settle(payment, { refund: 100n, owing: 100n })).toMatchObject({
      revoked: 100n,
      shortfall: 0n,
    });
  });

  it('while a hold is open is owed once the hold is captured, and only what it spent', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    const { holdId } = done(await wallet.hold(60n));
    await wallet.settle(payment, { refund: 100n, owing: 100n });
    expect(done(await wallet.capture(holdId, 25n))).toMatchObject({ available: 0n, held: 0n, debt: 25n });
  });

  it('while a hold is open takes what the hold gives back when it is over, whenever that is booked', async () => {
    for (const isSwept of [true, false]) {
      await at('10:00:00');
      const wallet = await newWallet(database.db);
      const payment = await wallet.bought(100n, { expiresAt: new Date('2027-01-01T11:30:00Z') });
      await wallet.hold(60n);
      await wallet.settle(payment, { pending: 70n });
      await at('11:15:00');
      expect(await wallet.balance()).toMatchObject({ available: 30n, claimed: 70n, held: 0n });
      if (isSwept) await bookDue(database.db);
      await at('11:45:00');
      expect(await wallet.balance()).toMatchObject({ available: 0n, claimed: 70n, held: 0n });
      // The refund failed: what was held back for it comes as a lot with the time that was left.
      await wallet.settle(payment, {});
      expect((await wallet.balance()).available, isSwept ? 'swept' : 'booked late').toBe(70n);
    }
  });

  it('of credits that expired meanwhile is no shortfall, and one that fails gives back what it took', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n, { expiresAt: new Date('2027-01-01T10:30:00Z') });
    await wallet.settle(payment, { refund: 40n });
    await at('10:40:00');
    expect(await wallet.settle(payment, { refund: 100n })).toMatchObject({ revoked: 40n, shortfall: 0n });
    await wallet.settle(payment, {});
    expect(await wallet.balance()).toMatchObject({ available: 40n });
    await at('11:10:00.001');
    expect(await wallet.balance()).toMatchObject({ available: 0n });
  });
});

describe('a dispute', () => {
  it('won after a refund of a part leaves the refund’s share taken: forty gone, sixty back, then the rest', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    await wallet.settle(payment, { refund: 40n });
    await wallet.settle(payment, { refund: 40n, pending: 60n });
    await wallet.settle(payment, { refund: 40n, dispute: 60n, owing: 60n });
    expect(await wallet.balance()).toMatchObject({ available: 0n, claimed: 0n });
    await wallet.settle(payment, { refund: 40n });
    expect(await wallet.balance()).toMatchObject({ available: 60n });
    await wallet.settle(payment, { refund: 100n });
    expect((await wallet.story()).slice(1)).toEqual([
      'claim: available → revoked.refund 40',
      'claim: available → claimed 60',
      'claim: claimed → revoked.dispute 60',
      'claim: revoked.dispute → available 60',
      'claim: available → revoked.refund 60',
    ]);
  });

  it('of spent credits is debt; the next purchase stands in full and pays it in a line of its own', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    await wallet.spend(100n);
    expect(await wallet.settle(payment, { dispute: 100n, owing: 100n })).toMatchObject({
      shortfall: 100n,
      owed: 100n,
    });
    await wallet.bought(60n);
    expect(await wallet.balance()).toMatchObject({ available: 0n, debt: 40n });
    await wallet.bought(60n);
    expect(await wallet.balance()).toMatchObject({ available: 20n, debt: 0n });
    expect((await wallet.story()).slice(2)).toEqual([
      'claim: debt_issued → debt 100',
      'grant: issued.manual → available 60',
      'repay: available → revoked.dispute 60',
      'repay: debt → debt_issued 60',
      'grant: issued.manual → available 60',
      'repay: available → revoked.dispute 40',
      'repay: debt → debt_issued 40',
    ]);
  });

  it('won after its debt was repaid cancels what is open and returns what was paid', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    await wallet.spend(100n);
    await wallet.settle(payment, { dispute: 100n, owing: 100n });
    await wallet.bought(70n);
    expect(await wallet.settle(payment, {})).toMatchObject({ shortfall: 0n, owed: 0n });
    expect(await wallet.balance()).toMatchObject({ available: 70n, debt: 0n });
  });

  it('won returns what a refunded purchase had paid for it to that refund', async () => {
    const wallet = await newWallet(database.db);
    const first = await wallet.bought(100n);
    await wallet.spend(100n);
    await wallet.settle(first, { dispute: 100n, owing: 100n });
    const second = await wallet.bought(100n);
    expect(await wallet.settle(second, { refund: 100n })).toMatchObject({ revoked: 0n, shortfall: 100n });
    await wallet.settle(first, {});
    expect(await wallet.balance()).toMatchObject({ available: 0n, debt: 0n });
    expect(await wallet.settle(second, { refund: 100n })).toMatchObject({ revoked: 100n, shortfall: 0n });
  });

  it('that takes a reversed spend’s credits takes them as they come back', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    const spent = done(await wallet.spend(100n));
    await wallet.settle(payment, { dispute: 100n, owing: 100n });
    expect(done(await wallet.reverse(spent.transferId))).toMatchObject({ available: 0n, debt: 0n });
    expect(await wallet.settle(payment, { dispute: 100n, owing: 100n })).toMatchObject({
      revoked: 100n,
      shortfall: 0n,
      owed: 0n,
    });
  });
});

it('a promotion repays debt too, an adjustment does not', async () => {
  const wallet = await newWallet(database.db);
  const payment = await wallet.bought(10n);
  await wallet.spend(10n);
  await wallet.settle(payment, { refund: 10n, owing: 10n });
  await wallet.adjust('add', 4n);
  expect(await wallet.balance()).toMatchObject({ available: 4n, debt: 10n });
  await wallet.lot(3n, { lotKind: 'promo' });
  expect(await wallet.balance()).toMatchObject({ available: 4n, debt: 7n });
});

it('levels that ten tell at once in any order end where the last of them says', async () => {
  const wallet = await newWallet(database.db);
  const payment = await wallet.bought(100n);
  await wallet.spend(30n);
  const levels = Array.from({ length: 10 }, (_, n) => ({
    refund: BigInt(n * 10),
    pending: BigInt(100 - n * 10),
    owing: 100n,
  }));
  await Promise.all(levels.map((level) => wallet.settle(payment, level)));
  expect(await wallet.settle(payment, { refund: 50n })).toMatchObject({
    revoked: 50n,
    claimed: 0n,
    shortfall: 0n,
    owed: 0n,
  });
  expect(await wallet.balance()).toMatchObject({ available: 20n, claimed: 0n, debt: 0n });
});

it('all of it verifies', async () => {
  expect(await verifyLedger(database.db)).toEqual([]);
});
