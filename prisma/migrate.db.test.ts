import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';

import { createTestDatabase } from '../e2e/support/test-database';
import { applyMigrations, diffMigrations } from './migrate';

const NEWER = '29990101000000_newer_release';
const QUICK = { lock: 200, statement: 60_000, pauses: [300, 300, 300, 300, 300, 300] };

let folder = '';
let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(path.join(os.tmpdir(), 'credence-migrate-'));
  await cp(path.join(import.meta.dirname, 'migrations'), folder, { recursive: true });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

const paths = () => ({ schema: path.join(import.meta.dirname, 'schema.prisma'), migrations: folder });

async function addMigration(sql: string): Promise<void> {
  await mkdir(path.join(folder, NEWER));
  await writeFile(path.join(folder, NEWER, 'migration.sql'), sql);
}

async function onDatabase<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return work(client).finally(() => client.end());
}

const notesOf = (client: pg.Client) =>
  client
    .query<{ done: boolean }>(
      'SELECT finished_at IS NOT NULL AS done FROM _prisma_migrations WHERE migration_name = $1',
      [NEWER],
    )
    .then(({ rows }) => rows.map(({ done }) => done));

it('the migrations say what schema.prisma says', async () => {
  expect(await diffMigrations(inject('testServerUrl'))).toBeNull();
});

it('migrating a migrated database applies nothing', async () => {
  expect(await applyMigrations(database.url)).toEqual([]);
});

it('a second copy of this code in the process has the same engine', async () => {
  for (let copy = 0; copy < 2; copy += 1) {
    vi.resetModules();
    const { diffMigrations: diff } = await import('./migrate');
    expect(await diff(inject('testServerUrl'))).toBeNull();
  }
});

it('a migration that does not get its lock lets everyone pass, and is applied once it gets it', async () => {
  await addMigration(
    'ALTER TABLE payment ADD COLUMN newer text; ALTER TABLE customer ADD COLUMN newer text;',
  );
  await onDatabase(async (long) => {
    await long.query('BEGIN');
    await long.query('SELECT 1 FROM customer');
    const migrated = applyMigrations(database.url, paths(), QUICK);
    let longest = 0;
    await onDatabase(async (reader) => {
      for (const until = Date.now() + 900; Date.now() < until;) {
        const startedAt = Date.now();
        await reader.query('SELECT 1 FROM payment LIMIT 1');
        longest = Math.max(longest, Date.now() - startedAt);
      }
    });
    await long.query('COMMIT');
    expect(await migrated).toEqual([NEWER]);
    // Behind the lock that was waited for, and no longer.
    expect(longest).toBeGreaterThan(100);
    expect(longest).toBeLessThan(800);
    expect(await notesOf(long)).toEqual([true]);
  });
});

it('a lock that never comes ends it with the reason, and the next deploy begins anew', async () => {
  await addMigration('ALTER TABLE customer ADD COLUMN newer text;');
  await onDatabase(async (long) => {
    // The engine notes when it began by its own machine's clock, here an hour behind the database's.
    await long.query(
      `CREATE FUNCTION pg_temp.behind() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN NEW.started_at := NEW.started_at - interval '1 hour'; RETURN NEW; END $$`,
    );
    await long.query(
      'CREATE TRIGGER behind BEFORE INSERT ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION pg_temp.behind()',
    );
    await long.query('BEGIN');
    await long.query('SELECT 1 FROM customer');
    await expect(applyMigrations(database.url, paths(), { ...QUICK, pauses: [50] })).rejects.toThrow(
      /lock timeout/,
    );
    await long.query('COMMIT');
    expect(await notesOf(long)).toEqual([]);
    expect(await applyMigrations(database.url, paths(), QUICK)).toEqual([NEWER]);
  });
});

it('three deploys at once: one applies, and all return', async () => {
  await addMigration('ALTER TABLE customer ADD COLUMN newer text; SELECT pg_sleep(0.5);');
  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url, paths(), QUICK)));
  expect(applied.flat()).toEqual([NEWER]);
});
