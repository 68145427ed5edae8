import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';

import { findFreePort } from '../../app/cli/free-port';
import { verifyLedger } from '../../app/modules/ledger/index.server';
import { closeDb, createDb } from '../../app/platform/db.server';
import { type Acts, openActs } from './ledger-acts';
import { openWallets, withLedger } from './ledger-ground';
import { type Message, sendFor } from './send-for';
import { median } from './statistics';
import { buildVariant, describeMachine, seedRealm, startWeb } from './variant';

/**
 * How many spends a second a product gets from one web process over HTTP, beside the same spends in SQL and through the
 * ledger's door in this process, and beside two routes of the same build that do nothing: one that reads such a request
 * and answers as much, and /healthz: `npx tsx e2e/bench/spends.ts`.
 *
 * Twenty clients, each with its next spend when the last is answered, each spend of one credit under a key of its own, on
 * wallets with three open lots. Runs take turns, so that what else the machine does weighs on all alike. Web, Postgres and
 * clients share the machine; Postgres is durable. At the end every spend is counted and every chain verified.
 */
const CLIENTS = 20;
const ROUNDS = 5;
const RUN_MS = 3_000;

/** Runs for a while and answers how often it was answered, and in how many milliseconds. */
type Run = () => Promise<{ ok: number; ms: number }>;

interface Lane {
  title: string;
  wallets: number | undefined;
  /** Whether each of its answers is a spend that must stand. */
  spends: boolean;
  run: Run;
  done: number;
  perSecond: number[];
}

/** A client of the API that may spend in the test book, by its key. */
async function seedClient(client: pg.Client): Promise<string> {
  const key = `ck_test_${randomBytes(20).toString('hex')}`;
  await client.query(
    `INSERT INTO api_client (id, book, name, scopes, return_origins) VALUES ('apc_bench', 'test', 'Bench', '{spends:write}', '{}')`,
  );
  await client.query(
    `INSERT INTO api_key (id, client, hash, hint) VALUES ('apk_bench', 'apc_bench', $1, 'ck_test_…')`,
    [createHash('sha256').update(key).digest('hex')],
  );
  return key;
}

const oneOf = (wallets: readonly string[]) => wallets[Math.floor(Math.random() * wallets.length)] ?? '';

const spendOf = (key: string, wallets: readonly string[]) => (): Message => ({
  body: Buffer.from(JSON.stringify({ customer: oneOf(wallets), amount: 1 })),
  headers: { authorization: `Bearer ${key}`, 'idempotency-key': randomUUID() },
});

const overHttp =
  (url: { port: number; path: string }, status: number, messages: () => Message): Run =>
  async () => {
    const { ok, failed, ms } = await sendFor({ url, messages, status, connections: CLIENTS, forMs: RUN_MS });
    if (failed > 0) throw new Error(`${url.path}: ${failed} requests were not answered ${status}.`);
    return { ok, ms };
  };

const inProcess =
  (act: Acts['spend'], wallets: readonly string[]): Run =>
  async () => {
    const startedAt = performance.now();
    let ok = 0;
    const goOn = async (client: number) => {
      while (performance.now() - startedAt < RUN_MS) {
        await act(client, oneOf(wallets));
        ok += 1;
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, client) => goOn(client)));
    return { ok, ms: performance.now() - startedAt };
  };

async function openLanes(client: pg.Client, acts: Acts, port: number): Promise<Lane[]> {
  const key = await seedClient(client);
  const lanes: Lane[] = [];
  const add = (title: string, wallets: number | undefined, run: Run) =>
    lanes.push({ title, wallets, spends: wallets !== undefined, run, done: 0, perSecond: [] });
  for (const count of [1_000, 1]) {
    const walletsOf = (name: string) => openWallets(client, `${name}${count}_`, count);
    const spend = spendOf(key, await walletsOf('http'));
    add('POST /api/v1/spends', count, overHttp({ port, path: '/api/v1/spends' }, 201, spend));
    add('spend, by SQL', count, inProcess(acts.spend, await walletsOf('sql')));
    add('spend, through the door', count, inProcess(acts.spendByDoor, await walletsOf('door')));
  }
  const message = spendOf(key, ['cst_http1_1']);
  add('POST, nothing done', undefined, overHttp({ port, path: '/bench/no-op' }, 201, message));
  add(
    'GET /healthz',
    undefined,
    overHttp({ port, path: '/healthz' }, 200, () => ({ headers: {} })),
  );
  return lanes;
}

async function take(lane: Lane): Promise<void> {
  const { ok, ms } = await lane.run();
  lane.done += ok;
  lane.perSecond.push((ok * 1000) / ms);
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');

function report(lanes: readonly Lane[]): void {
  const rate = (title: string, wallets?: number) =>
    median(lanes.find((lane) => lane.title === title && lane.wallets === wallets)?.perSecond ?? []);
  console.log(
    `${describeMachine()}, web, Postgres and the clients on it; medians of ${ROUNDS} runs of ${RUN_MS / 1000} s in turn\n`,
  );
  console.log(
    `| ${CLIENTS} clients | wallets | a second | of SQL | of POST, nothing done | runs |\n|---|--:|--:|--:|--:|---|`,
  );
  for (const { title, wallets, perSecond } of lanes) {
    const own = median(perSecond);
    const ofSql = wallets === undefined ? '' : (own / rate('spend, by SQL', wallets)).toFixed(2);
    const ofNothing = (own / rate('POST, nothing done')).toFixed(2);
    const on = wallets === undefined ? '' : whole(wallets);
    console.log(
      `| ${title} | ${on} | ${whole(own)} | ${ofSql} | ${ofNothing} | ${perSecond.map(whole).join(' ')} |`,
    );
  }
}

async function prove(client: pg.Client, databaseUrl: string, lanes: readonly Lane[]): Promise<void> {
  const answered = lanes.reduce((sum, { spends, done }) => sum + (spends ? done : 0), 0);
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM transfer WHERE kind = 'spend'`,
  );
  if (rows[0]?.n !== answered)
    throw new Error(`${answered} spends were answered, ${String(rows[0]?.n)} are stored.`);
  const db = createDb(databaseUrl);
  const faults = await verifyLedger(db);
  await closeDb(db);
  if (faults.length > 0) throw new Error(`The ledger has ${faults.length} faults: ${faults[0]?.fault ?? ''}`);
  console.log(`\n${whole(answered)} spends answered, each of them stored; every chain verified`);
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-spends-bench-'));
const copy = path.join(folder, 'app-copy');
try {
  await mkdir(copy);
  await buildVariant(copy);
  await withLedger(async (databaseUrl, client) => {
    await seedRealm(client, 'acct_bench');
    const port = await findFreePort(3175);
    const acts = await openActs(databaseUrl, CLIENTS);
    const lanes = await openLanes(client, acts, port);
    await client.query('VACUUM ANALYZE');
    // Nothing here asks Stripe or sends mail.
    const web = await startWeb({ folder: copy, databaseUrl, port, stripe: 'http://127.0.0.1:9' });
    try {
      for (const lane of lanes) await take(lane);
      // The first runs warm up.
      for (const lane of lanes) lane.perSecond.length = 0;
      for (let round = 0; round < ROUNDS; round += 1)
        for (const lane of [...lanes.slice(round), ...lanes.slice(0, round)]) await take(lane);
    } finally {
      web.kill('SIGTERM');
      await acts.close();
    }
    report(lanes);
    await prove(client, databaseUrl, lanes);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
