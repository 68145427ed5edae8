import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { rollFinance } from '../../app/modules/finance/index.server';
import { closeDb, createDb } from '../../app/platform/db.server';
import { ASKED, type Store } from './console-asked';
import { buildStore, ENTRIES_EACH, EVENTS_EACH } from './console-build';
import { median, percentile } from './statistics';
import { describeMachine } from './variant';

/**
 * What the console's pages take on the server in a store of a million payments, three million events and ten million
 * ledger entries, beside the same with ten thousand payments: `npx tsx e2e/bench/console.ts`, with `--payments 100000`
 * for less than a million.
 *
 * Both stores stand on one durable Postgres with its default settings. One client asks the one and the other in turn on
 * one connection each, the loaders' own functions, every time for another row.
 */
const SMALL = 10_000;
const CALLS = 40;
const GOAL_MS = 50;
const GOAL_RATIO = 1.5;
const BYTES_A_PAYMENT = 22_000;

const { values } = parseArgs({ options: { payments: { type: 'string', default: '1000000' } } });
const large = Number(values.payments);
if (!Number.isInteger(large / SMALL)) throw new Error(`--payments is a multiple of ${SMALL}.`);

async function timesOf(stores: readonly Store[], ask: (typeof ASKED)[number]['ask']): Promise<number[][]> {
  const times = stores.map((): number[] => []);
  // The first calls prepare statements and warm up.
  for (let call = -5; call < CALLS; call += 1)
    for (const [n, store] of stores.entries()) {
      const startedAt = performance.now();
      await ask(store);
      if (call >= 0) times[n]?.push(performance.now() - startedAt);
    }
  return times;
}

async function measure(urls: readonly string[], sizes: readonly number[]): Promise<void> {
  const stores = urls.map((url, n): Store => ({ db: createDb(url, 1), payments: sizes[n] ?? 0 }));
  const [before, after] = sizes.map((size) => size.toLocaleString('en-US'));
  console.log(`${describeMachine()}; ${CALLS} calls each, ms on the server, one connection, in turn\n`);
  console.log(`| page | ${before} payments: p50 | p95 | ${after}: p50 | p95 | ratio of p50 | goal |`);
  console.log('|---|--:|--:|--:|--:|--:|---|');
  for (const { title, ask } of ASKED) {
    const [least = [], most = []] = await timesOf(stores, ask);
    const figures = [least, most].flatMap((times) => [median(times), percentile(times, 0.95)]);
    const ratio = median(most) / median(least);
    const goal = percentile(most, 0.95) <= GOAL_MS && ratio <= GOAL_RATIO ? 'met' : 'missed';
    console.log(
      `| ${title} | ${[...figures, ratio].map((value) => value.toFixed(1)).join(' | ')} | ${goal} |`,
    );
  }
  for (const { db } of stores) await closeDb(db);
}

async function build(url: string, size: number): Promise<void> {
  await migrateDatabase(url);
  const startedAt = performance.now();
  await buildStore(url, size);
  const builtAt = performance.now();
  const db = createDb(url, 1);
  await rollFinance(db);
  await closeDb(db);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(0)} s`;
  const entries = (size * ENTRIES_EACH).toLocaleString('en-US');
  console.log(
    `${size.toLocaleString('en-US')} payments, ${(size * EVENTS_EACH).toLocaleString('en-US')} events, about ${entries} entries built in ${seconds(startedAt, builtAt)}; finance rolled up in ${seconds(builtAt, performance.now())}`,
  );
}

const { bavail, bsize } = await statfs(os.tmpdir());
if (bavail * bsize < large * BYTES_A_PAYMENT)
  throw new Error(`${large} payments take up to ${(large * BYTES_A_PAYMENT) / 1e9} GB of ${os.tmpdir()}.`);
const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-console-'));
// Postgres may run as another user: what it can enter is what is removed in the end.
await chmod(folder, 0o755);
const options = { folder: path.join(folder, 'postgres'), firstPort: 3185 };
const sizes = [SMALL, large];
let postgres = await startPostgres({ ...options, durable: false });
try {
  for (const size of sizes) {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`CREATE DATABASE console_${size}`);
    await client.end();
    await build(postgres.url.replace(/[^/]+$/, `console_${size}`), size);
  }
  await postgres.stop();
  postgres = await startPostgres(options);
  const { url } = postgres;
  await measure(
    sizes.map((size) => url.replace(/[^/]+$/, `console_${size}`)),
    sizes,
  );
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
