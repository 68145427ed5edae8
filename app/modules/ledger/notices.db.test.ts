import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days, seconds } from '~/platform/time';

import { findExpiring } from './crossings.server';
import { hold } from './holds.server';
import { type NoticeSettings, readNotices, setNotices, tellCrossings } from './notices.server';
import { readBalance } from './read-balance.server';
import { spend } from './spend.server';
import { granted, grantOf } from './testing/credits';

const database = useTestDatabase();

const APP = 'https://credits.example.com';
const tell = () => tellCrossings(database.db, APP);
const set = (settings: Partial<NoticeSettings>, book: 'test' | 'live' = 'test') =>
  inTransaction(database.db, 'set notices', (tx) => setNotices(tx, book, settings));

/** A customer with an address, in a world where nothing waits to be told. */
async function newReader(): Promise<string> {
  const id = newId('cst');
  await database.db
    .$executeRaw`INSERT INTO customer (id, email, name) VALUES (${id}, ${`${id}@example.com`}, 'Robin')`;
  return id;
}

const spendOf = (customerId: string, amount: bigint) =>
  spend(database.db, { book: 'test', customerId, key: newId('req'), amount, actor: 'test' });

const mailsTo = async (customerId: string) =>
  database.db.mail.findMany({
    where: { recipient: `${customerId}@example.com` },
    select: { kind: true, subject: true, text: true },
    orderBy: { createdAt: 'asc' },
  });

const kindsTo = async (customerId: string) => (await mailsTo(customerId)).map(({ kind }) => kind);

const inDays = (n: number) => new Date(Date.now() + days(n));

beforeEach(async () => {
  await set({ lowBalance: 100n, expiryNoticeDays: 7 });
  await tell();
});

describe('a low balance', () => {
  it('is told once per fall: not again while it stays low, and again after it rose', async () => {
    const customerId = await newReader();
    await granted(database.db, grantOf(customerId, { amount: 150n }));
    await spendOf(customerId, 50n);
    await tell();
    expect(await mailsTo(customerId)).toEqual([]);
    await spendOf(customerId, 1n);
    await tell();
    await spendOf(customerId, 9n);
    await tell();
    await tell();
    expect(await mailsTo(customerId)).toEqual([
      {
        kind: 'ledger.low',
        subject: 'Fewer than 100 credits left',
        text: expect.stringContaining('you had 99 credits left'),
      },
    ]);
    await granted(database.db, grantOf(customerId, { amount: 10n }));
    await spendOf(customerId, 1n);
    await tell();
    expect(await kindsTo(customerId)).toEqual(['ledger.low', 'ledger.low']);
  });

  it('that rose only to below the threshold is no new fall', async () => {
    const customerId = await newReader();
    await granted(database.db, grantOf(customerId, { amount: 100n }));
    await spendOf(customerId, 60n);
    await granted(database.db, grantOf(customerId, { amount: 20n }));
    await spendOf(customerId, 20n);
    await tell();
    expect(await kindsTo(customerId)).toEqual(['ledger.low']);
  });

  it('that is nothing at all is told as that alone, whatever took the last credit', async () => {
    const customerId = await newReader();
    await granted(database.db, grantOf(customerId, { amount: 120n }));
    await hold(database.db, { book: 'test', customerId, key: newId('req'), amount: 120n, actor: 'test' });
    await tell();
    expect(await kindsTo(customerId)).toEqual(['ledger.depleted']);
    await granted(database.db, grantOf(customerId, { amount: 1n }));
    await spendOf(customerId, 1n);
    await tell();
    expect(await kindsTo(customerId)).toEqual(['ledger.depleted', 'ledger.depleted']);
  });
});

describe('credits that expire', () => {
  it('are told of once, when their days come near, and only while some are left', async () => {
    const customerId = await newReader();
    await granted(database.db, grantOf(customerId, { amount: 500n }));
    await granted(database.db, grantOf(customerId, { amount: 40n, expiresAt: inDays(6) }));
    await granted(database.db, grantOf(customerId, { amount: 30n, expiresAt: inDays(8) }));
    await Promise.all([findExpiring(database.db), findExpiring(database.db), findExpiring(database.db)]);
    await tell();
    await findExpiring(database.db);
    await tell();
    expect(await mailsTo(customerId)).toMatchObject([
      {
        kind: 'ledger.expiring',
        text: expect.stringContaining('you have 40 credits that can be spent until'),
      },
    ]);
    await set({ expiryNoticeDays: 9 });
    expect(await findExpiring(database.db)).toBe(1);
    await tell();
    expect(await kindsTo(customerId)).toEqual(['ledger.expiring', 'ledger.expiring']);
  });

  it('are not told of when they were spent, or are gone, before anyone could be told', async () => {
    const [spender, sleeper] = [await newReader(), await newReader()];
    await granted(database.db, grantOf(spender, { amount: 40n, expiresAt: inDays(6) }));
    await granted(database.db, grantOf(spender, { amount: 200n }));
    await granted(database.db, grantOf(sleeper, { amount: 40n, expiresAt: new Date(Date.now() + 800) }));
    expect(await findExpiring(database.db)).toBe(2);
    await spendOf(spender, 40n);
    await vi.waitFor(
      async () => {
        const { available } = await readBalance(database.db, { book: 'test', customerId: sleeper });
        expect(available).toBe(0n);
      },
      { timeout: seconds(20) },
    );
    expect(await tell()).toBe(2);
    expect([await mailsTo(spender), await mailsTo(sleeper)]).toEqual([[], []]);
  });
});

it('several workers at once tell each crossing once', async () => {
  const readers = await Promise.all(Array.from({ length: 12 }, newReader));
  for (const customerId of readers) {
    await granted(database.db, grantOf(customerId, { amount: 110n, expiresAt: inDays(2) }));
    await spendOf(customerId, 20n);
  }
  expect(await findExpiring(database.db)).toBe(12);
  const marked = await Promise.all([tell(), tell(), tell(), tell()]);
  expect(marked.reduce((sum, count) => sum + count, 0)).toBe(24);
  for (const customerId of readers)
    expect((await kindsTo(customerId)).sort()).toEqual(['ledger.expiring', 'ledger.low']);
});

it('a crash between the mail and its mark leaves both or neither', async () => {
  const customerId = await newReader();
  await granted(database.db, grantOf(customerId, { amount: 1n }));
  await spendOf(customerId, 1n);
  await database.db.$executeRaw`ALTER TABLE crossing ADD CONSTRAINT broken CHECK (told_at IS NULL) NOT VALID`;
  await expect(tell()).rejects.toThrow('broken');
  await database.db.$executeRaw`ALTER TABLE crossing DROP CONSTRAINT broken`;
  expect(await mailsTo(customerId)).toEqual([]);
  await tell();
  expect(await kindsTo(customerId)).toEqual(['ledger.depleted']);
});

describe('a book', () => {
  it('that tells nothing sends no mail, nor later for what was crossed meanwhile', async () => {
    const customerId = await newReader();
    await set({ lowBalance: null, expiryNoticeDays: null });
    await granted(database.db, grantOf(customerId, { amount: 150n, expiresAt: inDays(1) }));
    expect(await findExpiring(database.db)).toBe(0);
    await spendOf(customerId, 149n);
    await spendOf(customerId, 1n);
    await tell();
    await set({ lowBalance: 100n, expiryNoticeDays: 7 });
    await tell();
    expect(await mailsTo(customerId)).toEqual([]);
  });

  it('has settings of its own, one kept while the other is set', async () => {
    await set({ lowBalance: 5n }, 'live');
    await set({ expiryNoticeDays: 3 }, 'live');
    expect(await readNotices(database.db, 'live')).toEqual({ lowBalance: 5n, expiryNoticeDays: 3 });
    expect(await readNotices(database.db, 'test')).toEqual({ lowBalance: 100n, expiryNoticeDays: 7 });
    const customerId = await newReader();
    await granted(database.db, grantOf(customerId, { book: 'live', amount: 50n, expiresAt: inDays(5) }));
    expect(await findExpiring(database.db)).toBe(0);
  });
});

it('a customer without an address is not waited for', async () => {
  const customerId = newId('cst');
  await database.db
    .$executeRaw`INSERT INTO customer (id, external_id) VALUES (${customerId}, ${`of-${customerId}`})`;
  await granted(database.db, grantOf(customerId, { amount: 1n }));
  await spendOf(customerId, 1n);
  expect(await tell()).toBe(1);
  expect(await tell()).toBe(0);
});
