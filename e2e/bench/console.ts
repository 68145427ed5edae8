import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { closeDb, createDb, type Db, poolOf } from '../../app/platform/db.server';
import { LISTS } from './console-asked';
import { PAGES } from './console-asked-pages';
import { type Asked, type Store } from './console-pick';
import { startStores } from './console-stores';
import { median, percentile } from './statistics';
import { describeMachine } from './variant';

/**
 * What the console's pages take on the server in a store of a million payments, three million events and ten million
 * ledger entries, beside the same with ten thousand payments: `npx tsx e2e/bench/console.ts`, with `--payments 100000`
 * for less than a million, `--only timeline` for the pages with that word, and `--data <folder>` to build the stores
 * there once and measure them again by the same command.
 *
 * Both stores stand on one durable Postgres with its default settings. One client asks the one and the other in turn on
 * one connection each, the loaders' own functions, every time for another row. Blocks are pages of 8 kB that one call reads,
 * of memory or of disk: they tell the same on a busy machine.
 */
const SMALL = 10_000;
const WARM_UP = 5;
const CALLS = 40;
const GOAL_MS = 50;
const GOAL_RATIO = 1.5;

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '1000000' },
    data: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const large = Number(values.payments);
if (!Number.isInteger(large / SMALL)) throw new Error(`--payments is a multiple of ${SMALL}.`);

async function blocksRead(db: Db): Promise<number> {
  await poolOf(db).query('SELECT pg_stat_force_next_flush()');
  const { rows } = await poolOf(db).query<{ n: string }>(
    'SELECT blks_hit + blks_read AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(rows[0]?.n);
}

/** What each store takes for one page: the middle, what one call in twenty exceeds, and the blocks of a call. */
async function figuresOf(stores: readonly Store[], ask: Asked['ask']) {
  const times = stores.map((): number[] => []);
  const before = await Promise.all(stores.map(({ db }) => blocksRead(db)));
  // The first calls prepare statements and warm up.
  for (let call = -WARM_UP; call < CALLS; call += 1)
    for (const [n, store] of stores.entries()) {
      const startedAt = performance.now();
      await ask(store);
      if (call >= 0) times[n]?.push(performance.now() - startedAt);
    }
  const after = await Promise.all(stores.map(({ db }) => blocksRead(db)));
  return times.map((taken, n) => ({
    p50: median(taken),
    p95: percentile(taken, 0.95),
    blocks: ((after[n] ?? 0) - (before[n] ?? 0)) / (WARM_UP + CALLS),
  }));
}

async function measure(stores: readonly Store[]): Promise<void> {
  const [before, after] = stores.map(({ payments }) => payments.toLocaleString('en-US'));
  console.log(
    `${describeMachine()}; load ${os.loadavg()[0]?.toFixed(1)}; ${CALLS} calls each, ms on the server\n`,
  );
  console.log(
    `| page | ${before} payments: p50 | p95 | blocks | ${after}: p50 | p95 | blocks | ratio of p50 | goal |`,
  );
  console.log('|---|--:|--:|--:|--:|--:|--:|--:|---|');
  for (const { title, ask } of [...PAGES, ...LISTS].filter((one) => one.title.includes(values.only))) {
    const figures = await figuresOf(stores, ask);
    const ratio = (figures[1]?.p50 ?? 0) / (figures[0]?.p50 ?? 0);
    const goal = (figures[1]?.p95 ?? 0) <= GOAL_MS && ratio <= GOAL_RATIO ? 'met' : 'missed';
    const cells = figures.flatMap(({ p50, p95, blocks }) => [
      p50.toFixed(1),
      p95.toFixed(1),
      blocks.toFixed(0),
    ]);
    console.log(`| ${title} | ${[...cells, ratio.toFixed(1)].join(' | ')} | ${goal} |`);
  }
  console.log(`\nload ${os.loadavg()[0]?.toFixed(1)}`);
}

/** The store's own present: its last payment, however long ago it was built. */
async function openStore(url: string, payments: number): Promise<Store> {
  const db = createDb(url, 1);
  const last = await db.payment.findFirstOrThrow({ orderBy: { id: 'desc' }, select: { createdAt: true } });
  return { db, payments, now: last.createdAt };
}

const sizes = [SMALL, large];
const folder = values.data ?? (await mkdtemp(path.join(os.tmpdir(), 'credence-console-')));
try {
  const { server, urls } = await startStores(folder, sizes);
  try {
    const stores = await Promise.all(urls.map((url, n) => openStore(url, sizes[n] ?? 0)));
    await measure(stores);
    for (const { db } of stores) await closeDb(db);
  } finally {
    await server.stop();
  }
} finally {
  if (values.data === undefined) await rm(folder, { recursive: true, force: true });
}
