import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { readBalance, spend, verifyLedger } from '../../app/modules/ledger/index.server';
import { readStatementPage } from '../../app/modules/ledger/read-lines.server';
import { closeDb, createDb, type Db } from '../../app/platform/db.server';
import { buildLedger, customerOf, type Growth, growthOf, walletOf } from './growth-build';
import { median } from './statistics';
import { describeMachine } from './variant';

/**
 * What the ledger takes for one customer when it has grown, beside the same with 10,000 entries:
 * `npx tsx e2e/bench/growth.ts`, with `--entries 1000000` for less than ten million.
 *
 * Both ledgers stand on one durable Postgres with its default settings. One client asks the one and the other in turn, so
 * that what else the machine does weighs on both alike: each time for another wallet, whose pages Postgres' cache of 128 MB
 * does not hold when the ledger is large, and then the same again, which leaves the work itself.
 */
const SMALL = 10_000;
const CALLS = 200;
const BYTES_AN_ENTRY = 2_000;

const { values } = parseArgs({ options: { entries: { type: 'string', default: '10000000' } } });
const large = Number(values.entries);
if (!Number.isInteger(large / SMALL)) throw new Error(`--entries is a multiple of ${SMALL}.`);

interface Ledger {
  db: Db;
  growth: Growth;
}

const below = (limit: number) => Math.floor(Math.random() * limit);
const page = { kinds: undefined, take: 50 } as const;

/** What is asked of a wallet, at an instant and from a line that lie somewhere in its history. */
interface Where {
  ledger: Ledger;
  wallet: number;
  at: Date;
  seq: bigint;
}

const of = ({ wallet }: Where) => ({ book: 'test', customerId: customerOf(wallet) }) as const;

const ASKED: readonly { title: string; busiest?: boolean; ask: (where: Where) => Promise<unknown> }[] = [
  { title: 'balance', ask: (where) => readBalance(where.ledger.db, of(where)) },
  {
    title: 'balance as of an instant',
    ask: (where) => readBalance(where.ledger.db, { ...of(where), at: where.at }),
  },
  {
    title: 'the same, busiest wallet',
    busiest: true,
    ask: (where) => readBalance(where.ledger.db, { ...of(where), at: where.at }),
  },
  {
    title: 'statement, newest page of 50',
    ask: (where) => readStatementPage(where.ledger.db, { ...page, ...of(where), place: { from: 'newest' } }),
  },
  {
    title: 'statement, a page deep in the busiest wallet',
    busiest: true,
    ask: (where) =>
      readStatementPage(where.ledger.db, { ...page, ...of(where), place: { from: 'older', seq: where.seq } }),
  },
  {
    title: 'spend',
    ask: (where) => spend(where.ledger.db, { ...of(where), key: randomUUID(), amount: 1n, actor: 'bench' }),
  },
  {
    title: 'verify one wallet',
    ask: async ({ ledger, wallet }) => {
      const id = walletOf(wallet);
      const faults = await verifyLedger(ledger.db, { from: id, to: id });
      if (faults.length > 0) throw new Error(`${id}: ${faults[0]?.fault ?? ''}`);
    },
  },
];

function somewhere(ledger: Ledger, busiest: boolean): Where {
  const { wallets, entriesEach, entriesOfBusiest } = ledger.growth;
  const entries = busiest ? entriesOfBusiest : entriesEach;
  return {
    ledger,
    wallet: busiest ? 0 : 1 + below(wallets),
    at: new Date(Date.UTC(2026, 0, 2 + below(178))),
    seq: BigInt(Math.ceil(entries / 10) + below(Math.floor(entries * 0.9))),
  };
}

interface Times {
  first: number[];
  again: number[];
}

async function timesOf(ledgers: readonly Ledger[], asked: (typeof ASKED)[number]): Promise<Times[]> {
  const times = ledgers.map((): Times => ({ first: [], again: [] }));
  const timed = async (where: Where, into: number[] | undefined) => {
    const startedAt = performance.now();
    await asked.ask(where);
    into?.push(performance.now() - startedAt);
  };
  // The first calls prepare statements and warm up.
  for (let call = -CALLS / 4; call < CALLS; call += 1)
    for (const [n, ledger] of ledgers.entries()) {
      const where = somewhere(ledger, asked.busiest ?? false);
      const into = call < 0 ? undefined : times[n];
      await timed(where, into?.first);
      await timed(where, into?.again);
    }
  return times;
}

async function measure(urls: readonly string[], sizes: readonly number[]): Promise<void> {
  const ledgers = urls.map((url, n): Ledger => ({ db: createDb(url, 1), growth: growthOf(sizes[n] ?? 0) }));
  const [before, after] = sizes.map((size) => size.toLocaleString('en-US'));
  console.log(`${describeMachine()}; medians of ${CALLS} calls in ms, one client, in turn\n`);
  console.log(
    `| one customer's | ${before} entries | ${after} | ratio | asked again: ${before} | ${after} | ratio |`,
  );
  console.log('|---|--:|--:|--:|--:|--:|--:|');
  for (const asked of ASKED) {
    const [small, grown] = await timesOf(ledgers, asked);
    const cells = (['first', 'again'] as const).flatMap((kind) => {
      const [least, most] = [median(small?.[kind] ?? []), median(grown?.[kind] ?? [])];
      return [least, most, most / least].map((value) => value.toFixed(2));
    });
    console.log(`| ${asked.title} | ${cells.join(' | ')} |`);
  }
  for (const { db } of ledgers) await closeDb(db);
}

const { bavail, bsize } = await statfs(os.tmpdir());
if (bavail * bsize < large * BYTES_AN_ENTRY)
  throw new Error(`${large} entries take up to ${(large * BYTES_AN_ENTRY) / 1e9} GB of ${os.tmpdir()}.`);
const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-growth-'));
const options = { folder: path.join(folder, 'postgres'), firstPort: 3175 };
const sizes = [SMALL, large];
let postgres = await startPostgres({ ...options, durable: false });
try {
  for (const size of sizes) {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`CREATE DATABASE grown_${size}`);
    await client.end();
    const url = postgres.url.replace(/[^/]+$/, `grown_${size}`);
    await migrateDatabase(url);
    const startedAt = performance.now();
    await buildLedger(url, growthOf(size));
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${size.toLocaleString('en-US')} entries built in ${seconds.toFixed(0)} s`);
  }
  await postgres.stop();
  postgres = await startPostgres(options);
  const { url } = postgres;
  await measure(
    sizes.map((size) => url.replace(/[^/]+$/, `grown_${size}`)),
    sizes,
  );
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
