import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { findFreePort } from '../../app/cli/free-port';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { startSandbox } from '../stripe-sandbox/index';
import { sendFor } from './send-for';
import { signedEvents } from './signed-events';
import { measureSpendable } from './spendable';
import { median } from './statistics';
import { buildVariant, describeMachine, SECRET, seedRealm, startWeb, type Surroundings } from './variant';

/**
 * How many webhooks a second one web process accepts durably, beside the same process verifying a signature and nothing
 * more; then how soon an event's credits can be spent: `node --import tsx e2e/bench/webhooks.ts`, with `accepted` or
 * `spendable` behind it for one of the two.
 *
 * All routes live in one build. Rounds alternate, so that what else the machine does weighs on all alike. Web, worker,
 * Postgres and the load share the machine; only loopback is used. Postgres is durable: an accepted webhook has been
 * flushed to disk.
 */
const ROUNDS = 5;
const ROUND_MS = 3_000;
const CONNECTIONS = 20;

const ROUTES = [
  { name: 'accepted durably', path: '/webhooks/stripe' },
  { name: 'verify only', path: '/bench/verify-only' },
  { name: 'verify only, by the SDK', path: '/bench/verify-by-sdk' },
] as const;

const whole = (value: number) => Math.round(value).toLocaleString('en-US').padStart(7);

async function measureAccepted(around: Surroundings, client: pg.Client): Promise<void> {
  const web = await startWeb(around);
  try {
    await measureRoutes(around.port, client);
  } finally {
    web.kill('SIGTERM');
  }
}

async function measureRoutes(port: number, client: pg.Client): Promise<void> {
  const messages = signedEvents(SECRET);
  const rates = ROUTES.map((): number[] => []);
  let accepted = 0;
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, route] of ROUTES.entries()) {
      const url = { port, path: route.path };
      const sent = await sendFor({ url, messages, connections: CONNECTIONS, forMs: ROUND_MS });
      if (sent.failed > 0) throw new Error(`${route.name}: ${sent.failed} requests were not answered 200.`);
      if (index === 0) accepted += sent.ok;
      // The first round warms up.
      if (round > 0) rates[index]?.push((sent.ok * 1000) / sent.ms);
    }
  const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM event');
  if (rows[0]?.n !== accepted)
    throw new Error(`${accepted} were accepted, ${String(rows[0]?.n)} are stored.`);
  report(rates, accepted);
}

function report(rates: number[][], accepted: number): void {
  const [first = 0, ...others] = rates.map(median);
  console.log(
    `\nrequests a second, ${CONNECTIONS} connections, medians of ${ROUNDS} rounds of ${ROUND_MS / 1000} s, routes in turn:`,
  );
  for (const [index, route] of ROUTES.entries())
    console.log(
      `  ${route.name.padEnd(24)}${whole(median(rates[index] ?? []))}   of ${(rates[index] ?? []).map(whole).join('')}`,
    );
  for (const [index, rate] of others.entries())
    console.log(`  ratio to "${ROUTES[index + 1]?.name ?? ''}": ${(first / rate).toFixed(2)}`);
  console.log(`  ${accepted.toLocaleString('en-US')} accepted in all, each of them stored`);
}

type Measure = (around: Surroundings, client: pg.Client) => Promise<void>;
const MEASURES: Record<string, Measure> = { accepted: measureAccepted, spendable: measureSpendable };

const wanted = process.argv[2];
const chosen = Object.entries(MEASURES).filter(([name]) => wanted === undefined || wanted === name);
if (chosen.length === 0) throw new Error(`There is no bench ${String(wanted)}.`);

const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-bench-'));
const copy = path.join(folder, 'app-copy');
await mkdir(copy);
const postgres = await startPostgres({ folder: path.join(folder, 'postgres'), firstPort: 3145 });
const stripe = await startSandbox({ port: await findFreePort(3130) });
const server = new pg.Client({ connectionString: postgres.url });
try {
  await server.connect();
  await buildVariant(copy);
  console.log(describeMachine());
  for (const [name, measure] of chosen) {
    await server.query(`CREATE DATABASE bench_${name}`);
    const databaseUrl = postgres.url.replace(/[^/]+$/, `bench_${name}`);
    await migrateDatabase(databaseUrl);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await seedRealm(client, stripe.sandbox.account.id);
    const port = await findFreePort(3140);
    await measure({ folder: copy, databaseUrl, port, stripe: stripe.url }, client);
    await client.end();
  }
} finally {
  await server.end();
  await stripe.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
