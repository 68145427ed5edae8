import { createHash } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { days, minutes } from '~/platform/time';

import { closeDays } from './close-days.server';
import { readDayRoot } from './day-root.server';
import { type Book } from './shared';
import { spend } from './spend.server';
import { granted, grantOf, newCustomer } from './testing/credits';
import { installTestClock, setTestClock } from './testing/test-clock';

const database = useTestDatabase();
const ADMINS = ['one@example.com', 'two@example.com'];
const pass = (ms: number) =>
  database.db.$executeRaw`UPDATE test_clock SET at = at + ${ms}::float8 * interval '1 millisecond'`;
const customers: string[] = [];

function spent(customerId: string, amount: bigint) {
  return spend(database.db, {
    book: 'test',
    customerId,
    amount,
    key: `test:${newId('req')}`,
    actor: 'api:one',
  });
}

async function rootOf(day: string, book: Book = 'test') {
  const answer = await readDayRoot(database.db, { book, day });
  if (answer.outcome !== 'read') throw new Error(answer.outcome);
  return answer;
}

/** Three wallets of the test book on 1 January, one of which spends on the 2nd; then it is the 3rd. */
beforeAll(async () => {
  const { db } = database;
  for (const email of ADMINS)
    await db.$executeRaw`
      INSERT INTO "user" (id, email, name, role, password_hash) VALUES (${newId('usr')}, ${email}, 'Staff', 'admin', '')`;
  await installTestClock(db);
  // Behind the database's own clock, as every day that is over is.
  await setTestClock(db, BigInt(Date.UTC(2026, 0, 1)) * 1000n);
  for (let n = 1; n <= 3; n += 1) {
    const customerId = await newCustomer(db);
    customers.push(customerId);
    await granted(db, grantOf(customerId));
  }
  await pass(days(1));
  await spent(customers[1] ?? '', 30n);
  await pass(days(1) + minutes(5));
});

describe('the root of a day', () => {
  it('is the digest of id and last hash of each wallet in the order of ids, as of the day’s end', async () => {
    const lines = async (until: string) => {
      const rows = await database.db.$queryRaw<{ line: string }[]>`
        SELECT DISTINCT ON (wallet) wallet || ' ' || encode(hash, 'hex') || chr(10) AS line
        FROM entry WHERE recorded_at < ${until}::timestamptz ORDER BY wallet, seq DESC`;
      return rows.map(({ line }) => line).join('');
    };
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(await rootOf('2026-01-01')).toEqual({
      outcome: 'read',
      book: 'test',
      day: '2026-01-01',
      root: digest(`credence day root v1 test 2026-01-01\n${await lines('2026-01-02Z')}`),
      wallets: 3,
      entries: 3n,
    });
    expect(await rootOf('2026-01-02')).toMatchObject({
      root: digest(`credence day root v1 test 2026-01-02\n${await lines('2026-01-03Z')}`),
      wallets: 3,
      entries: 4n,
    });
    expect(await rootOf('2025-12-31')).toMatchObject({ wallets: 0, entries: 0n });
    expect(await rootOf('2026-01-02', 'live')).toMatchObject({ wallets: 0 });
  });

  it('stays what it was when later days bring more', async () => {
    const before = await rootOf('2026-01-02');
    await spent(customers[0] ?? '', 1n);
    await granted(database.db, grantOf(await newCustomer(database.db)));
    expect(await rootOf('2026-01-02')).toEqual(before);
  });

  it('is refused for a day that is not over', async () => {
    expect(await readDayRoot(database.db, { book: 'test', day: '2026-01-03' })).toEqual({
      outcome: 'not_over',
    });
  });
});

describe('the days are closed', () => {
  // why: what a day left behind is a line of the log and a mail to each admin.
  const spyOnLog = () => ({ info: vi.spyOn(log, 'info'), error: vi.spyOn(log, 'error') });
  let lines: ReturnType<typeof spyOnLog>;
  beforeEach(() => {
    lines = spyOnLog();
  });
  const closed = () =>
    lines.info.mock.calls.filter(([event]) => event === 'ledger day closed').map(([, fields]) => fields);
  const mails = (kind: string) =>
    database.db.mail.findMany({ where: { kind }, orderBy: [{ recipient: 'asc' }, { createdAt: 'asc' }] });

  it('once, also by two workers at the same moment: one row and one line, and one mail to each admin', async () => {
    await Promise.all([closeDays(database.db), closeDays(database.db)]);
    await closeDays(database.db);
    const { root } = await rootOf('2026-01-02');
    expect(closed()).toEqual([
      { book: 'test', day: '2026-01-02', root, wallets: 3, entries: '4', faults: 0 },
    ]);
    const sent = await mails('ledger.day');
    expect(sent.map(({ recipient }) => recipient)).toEqual(ADMINS);
    for (const { subject, text } of sent) {
      expect(subject).toBe('Ledger test, 2026-01-02: intact');
      expect(text).toContain(`ledger root --book test --day 2026-01-02 --expect ${root}`);
    }
    expect(lines.error).not.toHaveBeenCalled();
    expect(await database.db.bookTotal.count({ where: { day: new Date('2026-01-02') } })).toBe(28);
  });

  it('also those that were missed, each with its own root', async () => {
    await pass(days(2));
    await closeDays(database.db);
    expect(closed()).toMatchObject([{ day: '2026-01-03' }, { day: '2026-01-04' }]);
  });

  it('with what verify found: an error and a drift for each broken wallet, kept once', async () => {
    const broken = await database.db.wallet.findFirstOrThrow({ where: { customerId: customers[2] ?? '' } });
    await database.db.$executeRaw`UPDATE wallet SET held = 1 WHERE id = ${broken.id}`;
    await database.db
      .$executeRaw`UPDATE book_total SET amount = amount + 1 WHERE book = 'test' AND account = 'spent' AND day = '2026-01-02'`;
    await pass(days(1));
    await closeDays(database.db);
    await pass(days(1));
    await closeDays(database.db);
    expect(closed()).toMatchObject([
      { day: '2026-01-05', faults: 2 },
      { day: '2026-01-06', faults: 2 },
    ]);
    expect(lines.error).toHaveBeenCalledWith('ledger drift', {
      walletId: broken.id,
      fault: 'entry 1: wallet differs from its last entry',
    });
    const drifts = await database.db.ledgerDrift.findMany({ orderBy: { walletId: 'asc' }, take: 5 });
    expect(drifts.map(({ subject, times }) => [subject, times])).toEqual([
      [broken.id, 2],
      ['1 totals of days differ from their entries', 2],
    ]);
    expect((await mails('ledger.day')).map(({ subject }) => subject)).toContain(
      'Ledger test, 2026-01-05: 2 faults',
    );
  });
});
