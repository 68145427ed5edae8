import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { freeze, thaw } from './index.server';
import { type BalanceView } from './shared';
import { installTestClock } from './testing/test-clock';
import { clockAt, done, newWallet } from './testing/wallets';

const database = useTestDatabase();
const instant = (time: string) => new Date(`2027-01-01T${time}Z`);
const at = (time: string) => clockAt(database.db, `2027-01-01T${time}Z`);
beforeAll(() => installTestClock(database.db));
beforeEach(() => at('10:00:00'));

describe('a balance as of an earlier instant', () => {
  it('is what was answered then, for every minute of a life with expiries and holds that were booked late', async () => {
    const wallet = await newWallet(database.db);
    const answered: [time: string, balance: BalanceView][] = [];
    const acts: Record<string, () => Promise<unknown>> = {
      '10:01:00': () => wallet.lot(50n, { expiresAt: instant('10:10:30') }),
      '10:02:00': () => wallet.lot(100n),
      '10:03:00': () => wallet.hold(60n, { expiresIn: minutes(5) }),
      '10:05:00': () => wallet.spend(20n),
      '10:12:00': () => wallet.spend(1n),
      '10:13:00': () =>
        inTransaction(database.db, 'freeze', (tx) => freeze(tx, { ...wallet.asked(), cause: 'dp_1' })),
      '10:15:00': () =>
        inTransaction(database.db, 'thaw', (tx) => thaw(tx, { ...wallet.asked(), cause: 'dp_1' })),
      '10:16:00': async () => wallet.release(done(await wallet.hold(9n)).holdId),
    };
    for (let minute = 0; minute <= 18; minute += 1) {
      const time = `10:${String(minute).padStart(2, '0')}`;
      await at(`${time}:00`);
      await acts[`${time}:00`]?.();
      await at(`${time}:59`);
      answered.push([`${time}:59`, await wallet.balance()]);
    }
    expect(answered.map(([, { available, held }]) => [available, held])).toEqual([
      [0n, 0n],
      [50n, 0n],
      [150n, 0n],
      [90n, 60n],
      [90n, 60n],
      [70n, 60n],
      [70n, 60n],
      [70n, 60n],
      // The hold is over; nobody books it until twelve past.
      [130n, 0n],
      [130n, 0n],
      // Nor that the first lot is.
      [80n, 0n],
      [80n, 0n],
      ...Array.from({ length: 7 }, () => [79n, 0n]),
    ]);
    expect(answered.filter(([, { frozen }]) => frozen).map(([time]) => time)).toEqual([
      '10:13:59',
      '10:14:59',
    ]);
    for (const [time, balance] of answered)
      expect(await wallet.balance(instant(time)), time).toEqual(balance);
  });

  it('keeps back what a refund would have taken of a hold that was over by then', async () => {
    const wallet = await newWallet(database.db);
    const payment = await wallet.bought(100n);
    await wallet.hold(80n, { expiresIn: minutes(5) });
    await wallet.settle(payment, { refund: 30n, pending: 40n });
    await at('10:06:00');
    const then = await wallet.balance();
    expect(then).toMatchObject({ available: 30n, claimed: 40n, held: 0n });
    await at('10:10:00');
    await wallet.settle(payment, {});
    expect(await wallet.balance()).toMatchObject({ available: 100n, claimed: 0n });
    expect(await wallet.balance(instant('10:06:00'))).toEqual(then);
  });

  it('before the first entry is nothing', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(5n);
    expect(await wallet.balance(instant('09:00:00'))).toMatchObject({ available: 0n, seq: 0n });
  });
});

describe('a balance as of a later instant', () => {
  it('is what today’s lots and holds will leave then', async () => {
    const wallet = await newWallet(database.db);
    await wallet.lot(50n, { expiresAt: instant('10:30:00') });
    await wallet.lot(100n, { expiresAt: instant('12:00:00') });
    await wallet.hold(70n);
    const then = async (time: string) => {
      const { available, held } = await wallet.balance(instant(time));
      return [available, held];
    };
    expect(await then('10:20:00')).toEqual([80n, 70n]);
    // The first lot dies under its hold: what the hold gives back of it is gone.
    expect(await then('10:45:00')).toEqual([80n, 70n]);
    expect(await then('11:30:00')).toEqual([100n, 0n]);
    expect(await then('12:00:00')).toEqual([0n, 0n]);
  });
});
