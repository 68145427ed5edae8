import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { useTestDatabase } from '../../e2e/support/test-database';
import { grant } from '../modules/ledger/index.server';
import { inTransaction } from '../platform/db.server';
import { days, utcDay } from '../platform/time';
import { ledgerCommand } from './ledger-command';
import { projectRoot, tsxArgs } from './project';

const database = useTestDatabase();
const WALLETS = 6;
/** Of the entries: the days stay these when midnight passes meanwhile. */
const STARTED = new Date();
const [TODAY, YESTERDAY] = [utcDay(STARTED), utcDay(new Date(STARTED.getTime() - days(1)))];
let wallets: string[] = [];

/** Six wallets of one entry each, written a day ago; by the ledger's clock that day is over. */
beforeAll(async () => {
  const { db } = database;
  await db.$executeRaw`
    CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp() - interval ''1 day'''`;
  for (let n = 1; n <= WALLETS; n += 1) {
    await db.$executeRaw`INSERT INTO customer (id) VALUES (${`cst_${n}`})`;
    await inTransaction(db, 'grant', (tx) =>
      grant(tx, {
        book: n === WALLETS ? 'test' : 'live',
        customerId: `cst_${n}`,
        key: `test:${n}`,
        amount: 10n,
        lotKind: 'manual',
        expiresAt: null,
        actor: 'system',
        occurredAt: new Date('2026-11-20'),
      }),
    );
  }
  await db.$executeRaw`
    CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp() + interval ''1 hour'''`;
  const rows = await db.wallet.findMany({ orderBy: { id: 'asc' }, select: { id: true } });
  wallets = rows.map(({ id }) => id);
  await db.$executeRaw`ALTER FUNCTION ledger_verify RENAME TO ledger_verify_range`;
});

/** What every range does before it is verified. */
const beforeEachRange = (sql: string) =>
  database.db.$executeRawUnsafe(`
    CREATE OR REPLACE FUNCTION ledger_verify(p_from text, p_before text) RETURNS TABLE (wallet_id text, entry_seq bigint, fault text) LANGUAGE plpgsql AS $$
    BEGIN ${sql} RETURN QUERY SELECT * FROM ledger_verify_range(p_from, p_before); END $$`);

beforeEach(async () => {
  vi.stubEnv('DATABASE_URL', database.url);
  await beforeEachRange('');
  await database.db.$executeRaw`UPDATE wallet SET held = 0`;
});

async function run(...words: string[]): Promise<{ said: string; error: string }> {
  const said: string[] = [];
  const error = await ledgerCommand(words, (sentence) => said.push(sentence)).then(
    () => '',
    (reason: unknown) => (reason instanceof Error ? reason.message : String(reason)),
  );
  return { said: said.join('\n'), error };
}

const breakWallets = (...places: number[]) =>
  database.db.wallet.updateMany({
    where: { id: { in: places.map((place) => wallets[place] ?? '') } },
    data: { held: 1n },
  });
const faultOf = (place: number) => `Wallet ${wallets[place]}, entry 1: wallet differs from its last entry.`;

describe('ledger verify', () => {
  it('says in one sentence that all is intact', async () => {
    expect(await run('verify')).toEqual({ said: 'The ledger is intact. Wallets: 6, entries: 6.', error: '' });
    expect(await run('verify', '--batch', '4')).toEqual({
      said: 'The ledger is intact. Wallets: 6, entries: 6.',
      error: '',
    });
  });

  it.each(['1', '2', '5', '6', '500'])('names every broken wallet with ranges of %s', async (batch) => {
    await breakWallets(0, 2, 5);
    expect(await run('verify', '--batch', batch)).toEqual({
      said: '',
      error: [faultOf(0), faultOf(2), faultOf(5)].join('\n'),
    });
  });

  it('looks from one wallet to another, and at one book', async () => {
    await breakWallets(0, 1, 2, 3, 4, 5);
    const [, second = '', , fourth = ''] = wallets;
    expect((await run('verify', '--from', second, '--to', fourth, '--batch', '2')).error).toBe(
      [faultOf(1), faultOf(2), faultOf(3)].join('\n'),
    );
    expect((await run('verify', '--from', second, '--to', second)).error).toBe(faultOf(1));
    expect((await run('verify', '--book', 'test')).error).toBe(faultOf(5));
  });

  it.each([
    ['before the first wallet', 'wal_0'],
    ['between two', undefined],
    ['after the last', 'wal_zz'],
  ])('finds entries whose wallet is missing, %s', async (_place, given) => {
    const id = given ?? `${wallets[2]}5`;
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await client.query(
        `INSERT INTO entry SELECT $1, seq, transfer, "from", "to", lot, amount, available_after, held_after, claimed_after, debt_after,
           lot_available_after, lot_held_after, lot_claimed_after, recorded_at, hash FROM entry WHERE wallet = $2`,
        [id, wallets[2]],
      );
      const found = `Wallet ${id}, entry 1: wallet is missing.`;
      for (const batch of ['1', '3', '500'])
        expect((await run('verify', '--batch', batch)).error, batch).toContain(found);
      expect((await run('verify', '--book', 'test', '--batch', '2')).error).toContain(found);
    } finally {
      await client.query('ALTER TABLE entry DISABLE TRIGGER USER');
      await client.query('DELETE FROM entry WHERE wallet = $1', [id]);
      await client.query('ALTER TABLE entry ENABLE ALWAYS TRIGGER entry_append_only');
      await client.end();
    }
  });

  it('says how to go on when it fails, and what it found so far', async () => {
    await breakWallets(0);
    await beforeEachRange(`IF p_from = '${wallets[3]}' THEN RAISE 'the disk is gone'; END IF;`);
    const { said, error } = await run('verify', '--batch', '1', '--book', 'live');
    expect(error).toContain('the disk is gone');
    expect(said).toBe(
      `${faultOf(0)}\nFailed before the end. To go on: npm run credence -- ledger verify --from ${wallets[3]} --book live --batch 1`,
    );
  });

  it('goes on where it was interrupted', { timeout: 60_000 }, async () => {
    await breakWallets(1, 4);
    await beforeEachRange(
      `IF p_from = '${wallets[2]}' THEN PERFORM pg_advisory_xact_lock_shared(42); END IF;`,
    );
    const gate = new pg.Client({ connectionString: database.url });
    await gate.connect();
    try {
      await gate.query('SELECT pg_advisory_lock(42)');
      const child = spawn(
        process.execPath,
        [...tsxArgs('app/cli/credence.ts'), 'ledger', 'verify', '--batch', '1'],
        {
          cwd: projectRoot,
          env: { PATH: process.env.PATH, NODE_ENV: 'test', DATABASE_URL: database.url },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      const [out, exited] = [text(child.stdout), once(child, 'exit')];
      await vi.waitFor(
        async () => {
          const { rowCount } = await gate.query(
            `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
          );
          expect(rowCount).toBe(1);
        },
        { timeout: 50_000, interval: 50 },
      );
      const heard: string[] = [];
      const stopping = new Promise<void>((resolve) => {
        child.stderr.setEncoding('utf8').on('data', (words: string) => {
          heard.push(words);
          if (heard.join('').includes('Stopping after the wallets at hand.')) resolve();
        });
      });
      child.kill('SIGINT');
      await stopping;
      await gate.query('SELECT pg_advisory_unlock(42)');
      expect((await exited)[0]).toBe(1);
      expect(await out).toBe('');
      const command = `ledger verify --from ${wallets[3]} --batch 1`;
      expect(heard.join('')).toContain(
        `${faultOf(1)}\nStopped before the end. To go on: npm run credence -- ${command}\n`,
      );
      const [, ...words] = command.split(' ');
      expect((await run(...words)).error).toBe(faultOf(4));
    } finally {
      await gate.end();
    }
  });

  it.each([
    [['--batch', '0'], '--batch must be a number of wallets'],
    [['--book', 'both'], '--book must be one of test, live.'],
  ])('refuses %s', async (options, sentence) => {
    expect((await run('verify', ...options)).error).toContain(sentence);
  });
});

describe('ledger root', () => {
  const printedRoot = async () => {
    const { said } = await run('root', '--day', YESTERDAY);
    return /^([0-9a-f]{64}) {2}(.*)$/.exec(said) ?? [];
  };

  it('prints it with its counts, and tells the expected one from another', async () => {
    const [line = '', root = '', rest] = await printedRoot();
    expect(rest).toBe(`live ${YESTERDAY}, wallets: 5, entries: 5`);
    expect(await run('root', '--day', YESTERDAY, '--expect', root.toUpperCase())).toEqual({
      said: `${line}\nIt is the expected one: nothing up to that day has changed.`,
      error: '',
    });
    const other = '0'.repeat(64);
    expect((await run('root', '--day', YESTERDAY, '--expect', other)).error).toBe(
      `The root is not the expected one: the live ledger up to ${YESTERDAY} is not what it was when ${other} was taken.`,
    );
    expect((await run('root', '--day', YESTERDAY, '--book', 'test')).said).toContain(
      'wallets: 1, entries: 1',
    );
  });

  it.each([
    [['--day', '2999-01-01'], '2999-01-01 is not over in UTC: its root would still change.'],
    [['--day', '2026-02-30'], '--day must be a day, for example --day 2026-11-20.'],
    [[], '--day must be a day, for example --day 2026-11-20.'],
    [['--day', '2026-01-01', '--expect', 'abc'], '--expect must be a root: 64 hexadecimal digits.'],
  ])('refuses %s', async (options, sentence) => {
    expect((await run('root', ...options)).error).toBe(sentence);
  });
});

describe('ledger totals', () => {
  it('prints what each account held when the day began, what moved since and what it holds', async () => {
    const { said } = await run('totals', '--at', TODAY);
    expect(said.split('\n').map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ['available', '50', '0', '50'],
        ['issued.manual', '-50', '0', '-50'],
        ['all together', '0', '0', '0'],
      ]),
    );
    expect((await run('totals', '--book', 'test')).said).toMatch(/^available +10 +0 +10$/m);
    expect((await run('totals', '--at', '2026-01-01T00:00:00Z')).said).toMatch(/^available +0 +0 +0$/m);
    expect((await run('totals', '--at', 'yesterday')).error).toContain('--at must be a day or an instant');
  });

  it('that differ from the entries are named by verify, of the book that is asked for', async () => {
    await database.db.$executeRaw`SELECT ledger_roll_totals()`;
    await database.db.$executeRaw`
      UPDATE book_total SET amount = 49 WHERE book = 'live' AND account = 'available' AND day = ${YESTERDAY}::date`;
    const sentence = `Book totals differ: live, ${YESTERDAY}, available: 49 rolled up, 50 in the entries.`;
    expect((await run('verify')).error).toBe(sentence);
    expect((await run('verify', '--book', 'test')).error).toBe('');
    expect((await run('verify', '--to', wallets[5] ?? '')).error).toBe('');
  });
});

it('names the acts there are', async () => {
  expect((await run('verfy')).error).toBe(
    'Usage: ledger verify | ledger root | ledger totals | ledger notices',
  );
});
