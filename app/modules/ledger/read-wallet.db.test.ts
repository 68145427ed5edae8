import { expect, it } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';

import { readWallet } from './read-wallet.server';
import { newCustomer } from './testing/credits';
import { TestWallet } from './testing/wallets';

const database = useTestDatabase();

it('a wallet is read as it stood at one instant, whatever is booked meanwhile', async () => {
  const { db } = database;
  const wallet = new TestWallet(db, await newCustomer(db), 'test');
  await wallet.lot(5n);
  const page = { kinds: undefined, place: { from: 'newest' as const }, lines: 5, lots: 1_000 };
  let isBusy = true;
  const book = async () => {
    for (let n = 0; n < 150; n += 1) await wallet.lot(1n);
  };
  const booking = book().finally(() => {
    isBusy = false;
  });
  const seen = new Set<bigint>();
  while (isBusy) {
    const { balance, statement, lots } = await readWallet(db, { ...wallet.asked(), ...page });
    const [newest] = statement.lines;
    const listed = lots.reduce((sum, { left }) => sum + left, 0n);
    expect([newest?.seq, newest?.availableAfter, listed]).toEqual([
      balance.seq,
      balance.available,
      balance.available,
    ]);
    seen.add(balance.seq);
  }
  await booking;
  expect(seen.size).toBeGreaterThan(10);
});
