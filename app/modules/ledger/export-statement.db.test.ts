import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { useTestDatabase } from '../../../e2e/support/test-database';
import { inTransaction } from '~/platform/db.server';

import { adjust } from './adjust.server';
import { sendStatement, type StatementFileInput } from './export-statement.server';
import { hold } from './holds.server';
import { spend } from './spend.server';
import { granted, grantOf, newCustomer } from './testing/credits';

const database = useTestDatabase();

const NAMES =
  'entry,recorded_at,occurred_at,kind,from,to,amount,available_change,available_after,held_after,claimed_after,debt_after,lot,lot_kind,lot_expires_at,payment,hold,transfer,reverses,reason';

function ask(customerId: string, query = '', change: Partial<StatementFileInput> = {}): Promise<Response> {
  const request = new Request(`http://localhost/history.csv${query}`);
  const input = { book: 'test', customerId, reader: 'customer', format: 'csv', ...change } as const;
  return sendStatement(database.db, request, input);
}

type Row = Record<string, string | undefined>;

/** A file whose cells hold neither commas nor quotes. */
async function readCsv(customerId: string, query = '', change: Partial<StatementFileInput> = {}) {
  const text = await (await ask(customerId, query, change)).text();
  const [names = '', ...lines] = text.split('\r\n').slice(0, -1);
  const rows = lines.map((line): Row => {
    const cells = line.split(',');
    return Object.fromEntries(names.split(',').map((name, n) => [name, cells[n]]));
  });
  return { names, balance: rows[0] ?? {}, entries: rows.slice(1) };
}

const statement = z.object({
  as_of: z.string(),
  wallet: z.string().nullable(),
  balance: z.object({
    available: z.string(),
    held: z.string(),
    claimed: z.string(),
    debt: z.string(),
    frozen: z.boolean(),
  }),
  entries: z.array(z.record(z.string(), z.string().nullable())),
});

async function readJson(customerId: string, query = '', change: Partial<StatementFileInput> = {}) {
  const response = await ask(customerId, query, { ...change, format: 'json' });
  return statement.parse(await response.json());
}

const spendOf = (customerId: string, amount: bigint, reason?: string) =>
  spend(database.db, {
    book: 'test',
    customerId,
    key: `test:${crypto.randomUUID()}`,
    amount,
    actor: 'api:demo',
    ...(reason === undefined ? {} : { reason }),
  });

describe('a statement as a file', () => {
  it('holds every entry once, newest first, beyond any page, and each follows from the one before it', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId, { amount: 5000n }));
    await Promise.all(Array.from({ length: 1050 }, () => spendOf(customerId, 2n)));
    const { names, balance, entries } = await readCsv(customerId);
    expect(names).toBe(NAMES);
    expect(balance).toMatchObject({ kind: 'balance', available_after: '2900', held_after: '0', entry: '' });
    expect(entries.map(({ entry }) => Number(entry))).toEqual(
      Array.from({ length: 1051 }, (_, n) => 1051 - n),
    );
    for (const [n, { available_after, available_change, amount }] of entries.entries()) {
      const older = entries[n + 1]?.['available_after'] ?? '0';
      expect(Number(available_after)).toBe(Number(older) + Number(available_change));
      expect(Math.abs(Number(available_change))).toBe(Number(amount));
    }
    const json = await readJson(customerId);
    expect(json.entries.map((entry) => Object.values(entry).map((cell) => cell ?? ''))).toEqual(
      entries.map((entry) => Object.values(entry)),
    );
    expect(Object.keys(json.entries[0] ?? {}).join(',')).toBe(NAMES);
  });

  it('as of an instant ends with what was recorded by then, to the microsecond, and has the balances of then', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId, { amount: 100n }));
    await spendOf(customerId, 10n);
    await hold(database.db, {
      book: 'test',
      customerId,
      key: `test:${customerId}`,
      amount: 30n,
      actor: 'api:demo',
    });
    await spendOf(customerId, 5n);
    const { entries: all } = await readJson(customerId);
    const at = all[1]?.['recorded_at'] ?? '';
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const then = await readJson(customerId, `?at=${at}`);
    expect(then).toMatchObject({
      as_of: at,
      balance: { available: '60', held: '30' },
      entries: all.slice(1),
    });
    const justBefore = `${at.slice(0, -7)}${String(Number(at.slice(-7, -1)) - 1).padStart(6, '0')}Z`;
    expect(await readJson(customerId, `?at=${justBefore}`)).toMatchObject({
      balance: { available: '90', held: '0' },
      entries: all.slice(2),
    });
    const { balance, entries } = await readCsv(customerId, `?at=${at}`);
    expect(balance).toMatchObject({ recorded_at: at, available_after: '60', held_after: '30' });
    expect(entries).toHaveLength(3);
  });

  it('as of an instant to come has what today’s lots and holds leave by then', async () => {
    const customerId = await newCustomer(database.db);
    await granted(
      database.db,
      grantOf(customerId, { amount: 7n, expiresAt: new Date('2190-01-01T00:00:00Z') }),
    );
    await granted(database.db, grantOf(customerId, { amount: 2n }));
    expect(await readJson(customerId, '?at=2189-12-31T23:59:59.999999Z')).toMatchObject({
      balance: { available: '9' },
    });
    const later = await readJson(customerId, '?at=2190-01-01T00:00:00Z');
    expect(later).toMatchObject({ balance: { available: '2' } });
    expect(later.entries).toHaveLength(2);
  });

  it('is one state of the wallet: what is added while it is read is not in it', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId, { amount: 5n }));
    const response = await ask(customerId);
    await spendOf(customerId, 5n);
    const text = await response.text();
    expect(text.split('\r\n')).toHaveLength(4);
    expect(text).toContain(',balance,,,,,5,0,0,0,');
  });

  it('makes no reason a formula, and leaves the minus of a number alone', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(customerId, { amount: 5n }));
    await spendOf(customerId, 5n, '=HYPERLINK("http://evil")');
    const text = await (await ask(customerId)).text();
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(text).toContain(',available,spent,5,-5,0,');
    expect((await readJson(customerId)).entries[0]).toMatchObject({ reason: '=HYPERLINK("http://evil")' });
  });

  it('tells a customer neither who acted nor why staff did; staff read both', async () => {
    const customerId = await newCustomer(database.db);
    await inTransaction(database.db, 'adjust', (tx) =>
      adjust(tx, {
        ...{ book: 'test', customerId, key: `adjust:${customerId}`, direction: 'add', amount: 5n },
        ...{ expiresAt: null, actor: 'user:usr_1', reason: 'goodwill' },
      }),
    );
    await spendOf(customerId, 1n, 'translation');
    const own = await (await ask(customerId)).text();
    expect(own).toContain(',translation');
    expect(own).not.toMatch(/goodwill|usr_1|api:demo|test:/);
    const { names } = await readCsv(customerId, '', { reader: 'staff' });
    expect(names).toBe(`${NAMES},key,actor`);
    expect((await readJson(customerId, '', { reader: 'staff' })).entries).toMatchObject([
      { reason: 'translation', actor: 'api:demo' },
      { reason: 'goodwill', actor: 'user:usr_1', key: `adjust:${customerId}` },
    ]);
  });

  it('of a customer without credits, or of another book, is empty', async () => {
    const customerId = await newCustomer(database.db);
    await granted(database.db, grantOf(await newCustomer(database.db)));
    await granted(database.db, grantOf(customerId, { book: 'live' }));
    const { names, balance, entries } = await readCsv(customerId);
    expect([names, entries]).toEqual([NAMES, []]);
    expect(balance).toMatchObject({ available_after: '0', debt_after: '0' });
    expect(await readJson(customerId)).toMatchObject({ wallet: null, entries: [] });
  });
});

describe('a request for a statement', () => {
  it('is refused with a clear sentence when at is no instant, and for a customer who is not there', async () => {
    const customerId = await newCustomer(database.db);
    for (const at of ['', 'yesterday', '2026-02-30T00:00:00Z', '2026-11-21T18:00:00']) {
      const response = await ask(customerId, `?at=${at}`);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('2026-11-21T18:00:00Z');
    }
    expect((await ask('cst_none')).status).toBe(404);
  });

  it('is answered with a file that says what it is and is kept by no cache', async () => {
    const customerId = await newCustomer(database.db);
    const { headers } = await ask(customerId, '?at=2026-11-21T18:00:00Z', { format: 'json' });
    expect(Object.fromEntries(headers)).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="credits-test-as-of-2026-11-21T180000.json"',
    });
  });
});
