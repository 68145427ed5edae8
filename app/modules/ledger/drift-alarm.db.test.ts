import { beforeEach, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { sqlState } from '~/platform/db-errors.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';

import { adjust } from './adjust.server';
import { bookDue } from './book-due.server';
import { hold } from './holds.server';
import { spend } from './spend.server';
import { granted, grantOf, newCustomer } from './testing/credits';

const database = useTestDatabase();

// why: the log is the alarm's first half, and has no other reader in a test.
const spyOnLog = () => vi.spyOn(log, 'error');
let errors: ReturnType<typeof spyOnLog>;
beforeEach(() => {
  errors = spyOnLog();
});

/** A wallet that says 100 while its lot holds 40. */
async function drifted(): Promise<{ customerId: string; walletId: string }> {
  const customerId = await newCustomer(database.db);
  const { walletId } = await granted(database.db, grantOf(customerId));
  await database.db.$executeRaw`UPDATE lot SET available = 40, moved = 60 WHERE wallet = ${walletId}`;
  return { customerId, walletId };
}

const asked = (customerId: string) => ({
  book: 'test' as const,
  customerId,
  key: `test:${newId('req')}`,
  actor: 'api:one',
  amount: 60n,
});

const keptOf = (walletId: string) =>
  database.db.ledgerDrift.findMany({ where: { walletId }, select: { fault: true, times: true } });
const alarmsOf = (walletId: string) =>
  errors.mock.calls.filter(
    ([event, fields]) => event === 'ledger drift' && JSON.stringify(fields).includes(walletId),
  );

it('a spend that meets drift ends with the error, writes nothing, is logged each time and kept as one drift', async () => {
  const { customerId, walletId } = await drifted();
  for (let time = 1; time <= 2; time += 1) {
    const error: unknown = await spend(database.db, asked(customerId)).catch((reason: unknown) => reason);
    expect(sqlState(error)).toBe('CR001');
    expect(alarmsOf(walletId)).toHaveLength(time);
  }
  expect(alarmsOf(walletId)[0]?.[1]).toEqual({
    walletId,
    fault: 'its lots hold 20 credits fewer than it says',
  });
  expect(await keptOf(walletId)).toEqual([
    { fault: 'its lots hold 20 credits fewer than it says', times: 2 },
  ]);
  expect(await database.db.transfer.count({ where: { walletId } })).toBe(1);
  expect(await database.db.wallet.findUniqueOrThrow({ where: { id: walletId } })).toMatchObject({
    available: 100n,
    seq: 1n,
  });
});

it('of spends that go together only those that meet the drift fail, and each sounds the alarm once', async () => {
  const { customerId, walletId } = await drifted();
  const answers = await Promise.allSettled(
    [60n, 30n, 60n, 60n].map((amount) => spend(database.db, { ...asked(customerId), amount })),
  );
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected']);
  expect(alarmsOf(walletId)).toHaveLength(3);
});

it('an act in the caller’s transaction sounds it too, and the drift is kept though that transaction is rolled back', async () => {
  const { customerId, walletId } = await drifted();
  const act = inTransaction(database.db, 'correct', (tx) =>
    adjust(tx, { ...asked(customerId), direction: 'subtract', expiresAt: null, reason: 'mistake' }),
  );
  expect(sqlState(await act.catch((reason: unknown) => reason))).toBe('CR001');
  expect(await keptOf(walletId)).toMatchObject([{ times: 1 }]);
  expect(alarmsOf(walletId)).toHaveLength(1);
});

it('when it cannot be kept, the caller has the error of the act', async () => {
  const { customerId, walletId } = await drifted();
  await database.db.$executeRaw`ALTER TABLE ledger_drift RENAME TO drift_gone`;
  try {
    const error: unknown = await hold(database.db, asked(customerId)).catch((reason: unknown) => reason);
    expect(sqlState(error)).toBe('CR001');
  } finally {
    await database.db.$executeRaw`ALTER TABLE drift_gone RENAME TO ledger_drift`;
  }
  expect(errors.mock.calls.map(([event]) => event)).toEqual(['ledger drift', 'ledger drift not kept']);
  expect(await keptOf(walletId)).toEqual([]);
});

it('an error that is no drift sounds nothing', async () => {
  const customerId = await newCustomer(database.db);
  await granted(database.db, grantOf(customerId));
  await expect(spend(database.db, { ...asked(customerId), amount: 2n ** 70n })).rejects.toThrow();
  await bookDue(database.db);
  expect(errors).not.toHaveBeenCalled();
});

it('a wallet at odds sounds the alarm when what is due is booked, and keeps no other one waiting', async () => {
  const due = { expiresAt: new Date('2020-01-01T00:00:00Z') };
  const wallets = await Promise.all(Array.from({ length: 3 }, () => newCustomer(database.db)));
  const ids: string[] = [];
  for (const customerId of wallets) {
    const { walletId } = await granted(database.db, grantOf(customerId, due));
    ids.push(walletId);
  }
  const broken = ids.sort()[0] ?? '';
  // Its key is taken: what expires would expire a second time.
  await database.db.$executeRaw`
    INSERT INTO transfer (id, book, key, body_hash, kind, wallet, amount, actor, occurred_at, recorded_at)
    SELECT 'txf_forged', 'test', 'expire:' || l.id, '', 'expire', l.wallet, 1, 'someone', now(), now() FROM lot l WHERE l.wallet = ${broken}`;
  expect(await bookDue(database.db)).toBe(2);
  expect(alarmsOf(broken)).toHaveLength(1);
  const left = await database.db.wallet.findMany({ where: { id: { in: ids }, available: { gt: 0n } } });
  expect(left.map(({ id }) => id)).toEqual([broken]);
});
