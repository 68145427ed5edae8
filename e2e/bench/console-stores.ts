import { chmod, mkdir, statfs } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

import { startPostgres, type PostgresServer } from '../../app/cli/embedded-postgres/start-postgres';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { rollFinance } from '../../app/modules/finance/index.server';
import { rollStanding } from '../../app/modules/ledger/index.server';
import { closeDb, createDb } from '../../app/platform/db.server';
import { buildStore } from './console-build';
import { ENTRIES_EACH, EVENTS_EACH } from './console-shape';

const BYTES_A_PAYMENT = 26_000;

const nameOf = (size: number) => `console_${size}`;
const urlOf = (server: PostgresServer, name: string) => server.url.replace(/[^/]+$/, name);

/**
 * A durable Postgres of this folder with a store of each size, as the present migrations leave it. A store that is not
 * there is built first.
 */
export async function startStores(folder: string, sizes: readonly number[]) {
  await mkdir(folder, { recursive: true });
  // Postgres may run as another user.
  await chmod(folder, 0o755);
  const options = { folder: path.join(folder, 'postgres'), firstPort: 3185 };
  let server = await startPostgres(options);
  const missing = await missingOf(server, sizes);
  if (missing.length > 0) {
    await server.stop();
    server = await startPostgres({ ...options, durable: false });
    for (const size of missing) await ensureRoom(folder, size).then(() => build(server, size));
    await server.stop();
    server = await startPostgres(options);
  }
  const urls = sizes.map((size) => urlOf(server, nameOf(size)));
  for (const url of urls) {
    await migrateDatabase(url);
    await rollUp(url);
  }
  return { server, urls };
}

/** What the worker's jobs sum up, to the minute. */
async function rollUp(url: string): Promise<void> {
  const db = createDb(url, 1);
  await rollFinance(db);
  await rollStanding(db);
  await closeDb(db);
}

async function missingOf(server: PostgresServer, sizes: readonly number[]): Promise<number[]> {
  const { rows } = await ask<{ name: string }>(server, 'SELECT datname AS name FROM pg_database');
  return sizes.filter((size) => !rows.some(({ name }) => name === nameOf(size)));
}

async function ask<Row extends pg.QueryResultRow>({ url }: PostgresServer, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query<Row>(sql);
  } finally {
    await client.end();
  }
}

async function ensureRoom(folder: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < size * BYTES_A_PAYMENT)
    throw new Error(`${size} payments take up to ${(size * BYTES_A_PAYMENT) / 1e9} GB in ${folder}.`);
}

/** It is built under another name: what bears the store's own name is whole. */
async function build(server: PostgresServer, size: number): Promise<void> {
  const unfinished = `${nameOf(size)}_unfinished`;
  await ask(server, `DROP DATABASE IF EXISTS ${unfinished}`);
  await ask(server, `CREATE DATABASE ${unfinished}`);
  const url = urlOf(server, unfinished);
  await migrateDatabase(url);
  const startedAt = performance.now();
  await buildStore(url, size);
  const builtAt = performance.now();
  await rollUp(url);
  await ask(server, `ALTER DATABASE ${unfinished} RENAME TO ${nameOf(size)}`);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(0)} s`;
  const counted = (each: number) => (size * each).toLocaleString('en-US');
  console.log(
    `${counted(1)} payments, ${counted(EVENTS_EACH)} events, about ${counted(ENTRIES_EACH)} entries built in ${seconds(startedAt, builtAt)}; ledger and finance rolled up in ${seconds(builtAt, performance.now())}`,
  );
}
