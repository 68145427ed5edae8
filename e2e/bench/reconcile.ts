import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { findFreePort } from '../../app/cli/free-port';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { putCatalogItem } from '../../app/modules/catalog/index.server';
import { reconcile } from '../../app/modules/reconciliation/index.server';
import { listObjects, type StripeSettings } from '../../app/modules/stripe/index.server';
import { closeDb, createDb, type Db, inTransaction, poolOf } from '../../app/platform/db.server';
import { days, toUnix } from '../../app/platform/time';
import { DEMO_PACKS } from '../../prisma/demo';
import { reconcilerOf } from '../../app/worker/reconciler.server';
import { describeMachine } from './variant';

/**
 * How many objects a second are compared, and in how much memory, beside the floor: the same lists read and translated, and
 * nothing more. `node --import tsx e2e/bench/reconcile.ts [COUNT…]`, 10,000, 100,000 and 1,000,000 when none is named.
 *
 * The objects are paid PaymentIntents that a server of its own makes up as it is asked (`reconcile-stripe.ts`); beside each
 * stands a paid payment of ours. The pace that spares Stripe is off: at 40 questions a second Stripe gives 4,000 objects.
 */
const COUNTS = [10_000, 100_000, 1_000_000];
const SPAN = days(30);

const REALM = { id: 'rlm_bench', account: 'acct_bench', mode: 'test', name: 'Bench' } as const;

/** A database of its own: so many paid payments, each settled by one of the objects. Each has its lot. */
async function fill(db: Db, count: number, from: Date): Promise<void> {
  await db.realm.create({ data: { ...REALM, sells: true } });
  await db.customer.create({ data: { id: 'cst_bench' } });
  await inTransaction(db, 'packs', async (tx) => {
    for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
  });
  const { id: version } = await db.catalogVersion.findFirstOrThrow();
  const pool = poolOf(db);
  await pool.query('ALTER TABLE payment DISABLE TRIGGER USER');
  await pool.query(
    `INSERT INTO payment (id, realm, customer, kind, state, catalog_version, credits, currency, amount_subtotal, amount_paid,
       money_object, stripe_intent, created_at, paid_at, updated_at)
     SELECT 'pay_bench' || n, $1, 'cst_bench', 'pack', 'paid', $5, 1, 'usd', 2000, 2000, 'pi_bench' || n, 'pi_bench' || n,
       $2::timestamptz + n * $3::interval / $4::int, $2::timestamptz + n * $3::interval / $4::int, now()
     FROM generate_series(0, $4::int - 1) n`,
    [REALM.id, from, `${SPAN} milliseconds`, count, version],
  );
  await pool.query('ALTER TABLE payment ENABLE TRIGGER USER');
  await pool.query(
    `INSERT INTO wallet (id, book, customer, head) VALUES ('wal_bench', 'test', 'cst_bench', '\\x00') ON CONFLICT DO NOTHING`,
  );
  await pool.query('ALTER TABLE lot DISABLE TRIGGER USER');
  await pool.query(
    `INSERT INTO lot (id, wallet, kind, priority, promo, granted, available, payment, created_at)
     SELECT 'lot_bench' || n, 'wal_bench', 'pack', 0, false, 1, 1, 'pay_bench' || n, now() FROM generate_series(0, $1::int - 1) n`,
    [count],
  );
  await pool.query('ALTER TABLE lot ENABLE TRIGGER USER');
  await pool.query('VACUUM ANALYZE lot');
  await pool.query('VACUUM ANALYZE payment');
}

async function startStripe(
  count: number,
  from: Date,
): Promise<{ settings: StripeSettings; child: ChildProcess }> {
  const port = await findFreePort(3180);
  const words = [port, count, toUnix(from), SPAN / 1000].map(String);
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'reconcile-stripe.ts'), ...words],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  return { settings: { secretKey: 'sk_test_bench', apiBase: `http://127.0.0.1:${port}` }, child };
}

/** Runs it, and says how long it took and how much memory the process had at most. */
async function watched<T>(work: () => Promise<T>): Promise<{ ms: number; rss: number; result: T }> {
  let rss = 0;
  const look = () => (rss = Math.max(rss, process.memoryUsage().rss));
  const timer = setInterval(look, 100);
  const start = performance.now();
  const result = await work();
  look();
  clearInterval(timer);
  return { ms: performance.now() - start, rss, result };
}

async function listAlone(settings: StripeSettings, from: Date): Promise<number> {
  let [seen, after]: [number, string | undefined] = [0, undefined];
  for (;;) {
    const before = new Date(from.getTime() + SPAN);
    const page = await listObjects(settings, { kind: 'payment_intent', from, before, after });
    seen += page.objects.length;
    after = page.last;
    if (!page.hasMore) return seen;
  }
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

async function measure(db: Db, count: number): Promise<void> {
  const from = new Date(Date.now() - SPAN - days(1));
  await fill(db, count, from);
  const { settings, child } = await startStripe(count, from);
  try {
    const floor = await watched(() => listAlone(settings, from));
    const deps = reconcilerOf(db, { realm: REALM, settings }, { perSecond: 1e6 });
    const before = new Date(from.getTime() + SPAN);
    const run = await watched(() => reconcile(deps, { plan: 'asked', from, before, actor: 'bench' }));
    const found = await db.finding.count();
    const seen = await db.reconcilePart.findFirstOrThrow({
      where: { runId: run.result.runId, kind: 'payment_intent' },
    });
    if (Number(seen.ours) !== count || floor.result !== count || found !== 0)
      throw new Error(`${seen.ours} of ${count} objects were compared, and ${found} differ.`);
    const [alone, compared] = [floor, run].map(({ ms }) => (count * 1000) / ms);
    console.log(
      `${whole(count).padStart(10)} objects   listed alone ${whole(alone ?? 0)}/s, ${megabytes(floor.rss)}   compared ${whole(compared ?? 0)}/s, ${megabytes(run.rss)}   ratio ${((compared ?? 0) / (alone ?? 1)).toFixed(2)}   ${deps.pacer.asked} questions`,
    );
  } finally {
    child.kill();
  }
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-reconcile-'));
const postgres = await startPostgres({ folder, firstPort: 5485 });
try {
  const server = createDb(postgres.url, 1);
  console.log(describeMachine());
  const asked = process.argv.slice(2).map(Number);
  for (const count of asked.length > 0 ? asked : COUNTS) {
    await poolOf(server).query(`CREATE DATABASE bench_${count}`);
    const url = postgres.url.replace(/[^/]+$/, `bench_${count}`);
    await migrateDatabase(url);
    const db = createDb(url, 4);
    await measure(db, count);
    await closeDb(db);
  }
  await closeDb(server);
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
