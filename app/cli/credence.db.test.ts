import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../../e2e/support/test-database';
import { findFreePort } from './free-port';
import { projectRoot, tsxArgs } from './project';
import { takeStartLock } from './start-lock';
import pg from 'pg';

async function queryRows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the command line', { timeout: 90_000 }, () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'credence-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function credence(args: string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [...tsxArgs('app/cli/credence.ts'), ...args], {
      cwd: projectRoot,
      env: { PATH: process.env.PATH, NODE_ENV: 'test', CREDENCE_DATA_DIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve) => child.once('exit', resolve)),
    ]);
    return { out, err, code };
  }

  it('names an unknown command and shows the known ones', async () => {
    const { err, code } = await credence(['strat']);
    expect(code).toBe(1);
    expect(err).toContain('Unknown command: strat');
    expect(err).toContain('user create');
  });

  it('names an unknown option', async () => {
    const { err, code } = await credence(['start', '--prot=3']);
    expect(code).toBe(1);
    expect(err).toContain("'--prot'");
  });

  it('names each bad variable, its fault and an example before anything starts', async () => {
    const { out, err, code } = await credence(['start'], {
      APP_URL: 'credits.example.com',
      DATABASE_URL: 'mysql://x@y/z',
      PORT: String(await findFreePort(3_110)),
    });
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toEqual([
      'DATABASE_URL must be a Postgres URL, for example postgresql://user:password@localhost:5432/credence',
      'APP_URL must be an http or https URL, for example https://credits.example.com',
    ]);
    expect(out).toBe('');
  });

  it('starts no sandbox in production: a missing Stripe key is named before anything starts', async () => {
    const { out, err, code } = await credence(['start'], {
      CREDENCE_MODE: 'production',
      SMTP_URL: 'smtps://mail.acme.test',
      PORT: String(await findFreePort(3_110)),
    });
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/^STRIPE_SECRET_KEY must be set to a secret key, for example sk_test_/),
      expect.stringMatching(/^STRIPE_WEBHOOK_SECRETS must be set to the signing secret/),
    ]);
    expect(out).toBe('');
  });

  it('says in one sentence that the port it was given is taken', async () => {
    const port = await findFreePort(3_110);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      const { err, code } = await credence(['start'], { PORT: String(port) });
      expect(code).toBe(1);
      expect(err.trim()).toBe(
        `Port ${port} on 127.0.0.1 is taken: stop what listens there, or set PORT to another one.`,
      );
    } finally {
      server.close();
    }
  });

  it('says in one sentence that another start runs on the folder, and where it answers', async () => {
    const lock = takeStartLock(folder);
    lock.note('http://localhost:3000');
    try {
      const { err, code } = await credence(['start']);
      expect(code).toBe(1);
      expect(err.trim()).toBe(
        `Credence already runs on ${folder} (process ${process.pid} and answers at http://localhost:3000): ` +
          'stop it first, or set CREDENCE_DATA_DIR to another folder.',
      );
    } finally {
      lock.release();
    }
  });

  it('takes over the lock of a start that died, also when its number runs something else now', async () => {
    const file = path.join(folder, 'start.lock');
    await writeFile(file, JSON.stringify({ pid: process.pid, command: 'another program', url: null }));
    const lock = takeStartLock(folder);
    expect(() => takeStartLock(folder)).toThrow('already runs');
    lock.release();
    takeStartLock(folder).release();
  });

  it('makes a staff account once, with a password shown once', async () => {
    const database = await createTestDatabase();
    try {
      const env = { DATABASE_URL: database.url };
      const args = ['user', 'create', '--email', 'ops@example.com', '--role', 'admin'];
      const made = await credence(args, env);
      expect(made.err).toBe('');
      expect(made.out).toMatch(
        /^Made usr_\w+: ops@example\.com, admin\.\nPassword, shown this once: \S{16}\n$/,
      );
      const again = await credence(args, env);
      expect(again.code).toBe(1);
      expect(again.err.trim()).toBe('An account with ops@example.com exists already; it was not changed.');
      const audit = await queryRows(database.url, 'SELECT actor, act, body FROM audit');
      expect(audit).toEqual([{ actor: 'cli', act: 'user.created', body: { after: { role: 'admin' } } }]);
      expect(await credence(['verify'], env)).toMatchObject({
        code: 0,
        out: 'Ledger and audit are intact.\n',
      });
    } finally {
      await database.drop();
    }
  });

  it.each([
    ['CREDENCE_MODE says so', { CREDENCE_MODE: 'production' }, 'production'],
    ['a real Stripe account is named', { STRIPE_SECRET_KEY: 'sk_test_0123456789' }, 'production'],
    ['it runs as a test', { CREDENCE_MODE: 'test' }, 'test'],
    ['the container refuses it', { CREDENCE_MODE: 'demo', CREDENCE_DEMO: 'refused' }, 'demo'],
  ])('seeds nothing outside demo mode: %s', async (_name, env, mode) => {
    const database = await createTestDatabase();
    try {
      const { out, err, code } = await credence(['seed'], { ...env, DATABASE_URL: database.url });
      expect(code).toBe(1);
      expect(out).toBe('');
      expect(err.trim()).toBe(
        `The demo's accounts and packs exist in demo mode only, and this is ${mode}: set CREDENCE_MODE=demo to have them, and in a container CREDENCE_DEMO=allowed.`,
      );
      expect(await queryRows(database.url, 'SELECT 1 FROM "user"')).toEqual([]);
    } finally {
      await database.drop();
    }
  });

  it('sets what a book tells its customers of, and the audit says so', async () => {
    const database = await createTestDatabase();
    try {
      const env = { DATABASE_URL: database.url };
      const notices = (...words: string[]) => credence(['ledger', 'notices', ...words], env);
      expect(await notices('--book', 'live', '--low', '100', '--expiring', '7')).toEqual({
        ...{ code: 0, err: '' },
        out: 'Book live: customers are told when their credits fall below 100 and when they run out, and 7 days before credits expire.\n',
      });
      expect(await notices('--book', 'live', '--low', 'off')).toMatchObject({ code: 0 });
      expect(
        await queryRows(database.url, 'SELECT id, low_balance, expiry_notice_days FROM book ORDER BY id'),
      ).toEqual([
        { id: 'test', low_balance: null, expiry_notice_days: null },
        { id: 'live', low_balance: null, expiry_notice_days: 7 },
      ]);
      expect(
        await queryRows(
          database.url,
          `SELECT subject, body->'before' AS before, body->'after' AS after FROM audit WHERE act = 'ledger.notices_set' ORDER BY seq DESC LIMIT 1`,
        ),
      ).toEqual([
        {
          subject: 'book:live',
          before: { lowBalance: '100', expiryNoticeDays: 7 },
          after: { lowBalance: null, expiryNoticeDays: 7 },
        },
      ]);
      const refused = await notices('--book', 'live', '--low', '0');
      expect(refused).toMatchObject({
        code: 1,
        err: expect.stringContaining('--low must be a whole number of credits above zero, or off.'),
      });
    } finally {
      await database.drop();
    }
  });

  it('seeds the demo once, however often it is asked to', async () => {
    const database = await createTestDatabase();
    try {
      const env = { DATABASE_URL: database.url };
      for (let time = 1; time <= 2; time += 1)
        expect((await credence(['seed'], env)).out).toBe('The demo accounts and packs stand.\n');
      expect(await queryRows(database.url, 'SELECT 1 FROM "user"')).toHaveLength(5);
    } finally {
      await database.drop();
    }
  });

  it('brings a migrated database no further', async () => {
    const database = await createTestDatabase();
    try {
      const { out, code } = await credence(['migrate'], { DATABASE_URL: database.url });
      expect({ out, code }).toEqual({ out: 'The database is up to date.\n', code: 0 });
    } finally {
      await database.drop();
    }
  });
});
