import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { hasEnded } from '../process-table';
import { choosePlace } from './place';
import { findPostgres, type PostgresServer, startPostgres } from './start-postgres';

const isRoot = process.getuid?.() === 0;

describe('the embedded Postgres', { timeout: 90_000 }, () => {
  let folder = '';
  let running: PostgresServer[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'credence-embedded-'));
    // Postgres' user must be able to pass, as in a checkout.
    await chmod(folder, 0o755);
    running = [];
  });
  afterEach(async () => {
    for (const server of running) await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (durable = false) => {
    const at = path.join(folder, 'postgres');
    const server = await startPostgres({ folder: at, durable });
    running.push(server);
    return server;
  };
  const pidFile = () => path.join(folder, 'postgres/data/postmaster.pid');
  const pidOf = async () => Number((await readFile(pidFile(), 'utf8')).split('\n')[0]);

  it('finds the same data on the same port at the second start', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    expect(second.url).toBe(first.url);
  });

  it('starts beside a postmaster.pid whose number belongs to another program now', async () => {
    await (await start()).stop();
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await writeFile(pidFile(), `${stranger.pid}\n${folder}/postgres/data\n1\n5432\n\n127.0.0.1\n\nready\n`);
      const server = await start();
      expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill();
    }
  });

  it('recovers what was committed after the server was killed', async () => {
    const first = await start(true);
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    const pid = await pidOf();
    process.kill(pid, 'SIGKILL');
    await first.died;
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
  });

  it('takes over a server whose starter is gone', async () => {
    const first = await start();
    const orphan = await pidOf();
    const second = await start();
    expect(await hasEnded(orphan, 0)).toBe(true);
    expect(await query(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await first.stop();
  });

  it('is found by a command while it runs, and not once it has stopped', async () => {
    const server = await start();
    expect(await findPostgres(path.join(folder, 'postgres'))).toBe(server.url);
    await server.stop();
    expect(await findPostgres(path.join(folder, 'postgres'))).toBeNull();
  });

  it('says which version made data that it cannot serve', async () => {
    await (await start()).stop();
    await writeFile(path.join(folder, 'postgres/data/PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/were made by Postgres 12 and this is Postgres \d+/);
  });

  // Only root starts Postgres as somebody else; any other user can enter what it owns.
  it.runIf(isRoot)(
    'keeps its data elsewhere, and says where, under a folder closed to its user',
    async () => {
      await chmod(folder, 0o700);
      const server = await start();
      const { folder: elsewhere } = await choosePlace(path.join(folder, 'postgres'));
      try {
        expect(elsewhere.startsWith(folder)).toBe(false);
        expect(server.notice).toContain(elsewhere);
        await query(server.url, 'CREATE TABLE kept AS SELECT 42 AS n');
        await server.stop();
        expect(await query((await start()).url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
      } finally {
        for (const each of running) await each.stop();
        await rm(elsewhere, { recursive: true, force: true });
      }
    },
  );
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // A killed server also ends the connection; the query reports it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
