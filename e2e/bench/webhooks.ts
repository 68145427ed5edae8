import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { findFreePort } from '../../app/cli/free-port';
import { migrateDatabase } from '../../app/cli/migrate-database';
import { signedEvents } from './signed-events';
import { sendFor } from './send-for';

/**
 * How many webhooks a second one web process accepts durably, beside the same process verifying a signature and nothing
 * more: `node --import tsx e2e/bench/webhooks.ts`.
 *
 * Both routes live in one build: the app copied to a temporary folder with two routes added, which never ship. Rounds
 * alternate, so that what else the machine does weighs on all alike. Web, Postgres and the load share the machine; only
 * loopback is used. Postgres is durable: an accepted webhook has been flushed to disk.
 */
const root = path.resolve(import.meta.dirname, '../..');
const SECRET = 'whsec_bench0123456789';
const KEY = 'sk_test_bench0123456789';
const ROUNDS = 5;
const ROUND_MS = 3_000;
const CONNECTIONS = 20;

const ROUTES = [
  { name: 'accepted durably', path: '/webhooks/stripe' },
  { name: 'verify only', path: '/bench/verify-only' },
  { name: 'verify only, by the SDK', path: '/bench/verify-by-sdk' },
] as const;

const VERIFY_ONLY = `
import { verifyDelivery } from '~/modules/stripe/index.server';
import { env } from '~/platform/env.server';
export async function action({ request }) {
  const body = Buffer.from(await request.arrayBuffer());
  const signature = request.headers.get('stripe-signature');
  const verified = verifyDelivery({ body, signature, secrets: env().STRIPE_WEBHOOK_SECRETS, now: new Date() });
  return Response.json({ received: verified.outcome === 'verified' }, { status: verified.outcome === 'verified' ? 200 : 400 });
}`;

const VERIFY_BY_SDK = `
import Stripe from 'stripe';
import { env } from '~/platform/env.server';
const stripe = new Stripe('sk_test_bench0123456789');
export async function action({ request }) {
  const body = await request.text();
  stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature'), env().STRIPE_WEBHOOK_SECRETS[0]);
  return Response.json({ received: true });
}`;

async function buildVariant(folder: string): Promise<void> {
  const copied = ['app', 'prisma', 'public', 'package.json', 'postcss.config.js', 'remix.config.js'];
  for (const name of [...copied, 'tailwind.config.ts', 'tsconfig.json'])
    await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'app/routes/bench.verify-only.ts'), VERIFY_ONLY);
  await writeFile(path.join(folder, 'app/routes/bench.verify-by-sdk.ts'), VERIFY_BY_SDK);
  const build = start(folder, ['node_modules/@remix-run/dev/dist/cli.js', 'build'], {}, 'ignore');
  const code = await new Promise((resolve) => build.once('exit', resolve));
  if (code !== 0) throw new Error('The bench variant of the app did not build.');
}

function start(
  cwd: string,
  args: string[],
  env: Record<string, string>,
  stdout: 'ignore' | 'inherit',
): ChildProcess {
  return spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
}

async function seedRealm(client: pg.Client): Promise<void> {
  const fingerprint = createHash('sha256').update(KEY).digest('hex');
  await client.query(
    `INSERT INTO realm (id, account, mode, name) VALUES ('rlm_bench', 'acct_bench', 'test', 'Bench')`,
  );
  await client.query(`INSERT INTO realm_key (fingerprint, realm) VALUES ($1, 'rlm_bench')`, [fingerprint]);
}

async function startWeb(folder: string, databaseUrl: string, port: number): Promise<ChildProcess> {
  const web = start(
    folder,
    ['node_modules/@remix-run/serve/dist/cli.js', 'build/index.js'],
    {
      PORT: String(port),
      HOST: '127.0.0.1',
      CREDENCE_MODE: 'test',
      DATABASE_URL: databaseUrl,
      APP_URL: `http://127.0.0.1:${port}`,
      STRIPE_SECRET_KEY: KEY,
      STRIPE_WEBHOOK_SECRETS: SECRET,
      MAIL_SANDBOX_URL: 'http://127.0.0.1:9/mail',
      LOG_LEVEL: 'error',
    },
    'ignore',
  );
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/stripe`).catch(() => undefined);
    if (answer?.status === 405) return web;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  web.kill();
  throw new Error('The web process did not start.');
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const whole = (value: number) => Math.round(value).toLocaleString('en-US').padStart(7);

async function measure(port: number, client: pg.Client): Promise<void> {
  const events = signedEvents(SECRET);
  const rates = ROUTES.map((): number[] => []);
  let accepted = 0;
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, route] of ROUTES.entries()) {
      const url = { port, path: route.path };
      const sent = await sendFor({ url, events, connections: CONNECTIONS, forMs: ROUND_MS });
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
  const cpu = os.cpus()[0]?.model.trim() ?? 'unknown';
  console.log(`${os.cpus().length} × ${cpu}, Node ${process.version}, ${CONNECTIONS} connections`);
  console.log(`medians of ${ROUNDS} rounds of ${ROUND_MS / 1000} s each, routes in turn, requests a second:`);
  for (const [index, route] of ROUTES.entries())
    console.log(
      `  ${route.name.padEnd(24)}${whole(median(rates[index] ?? []))}   of ${(rates[index] ?? []).map(whole).join('')}`,
    );
  for (const [index, rate] of others.entries())
    console.log(`  ratio to "${ROUTES[index + 1]?.name ?? ''}": ${(first / rate).toFixed(2)}`);
  console.log(`  ${accepted.toLocaleString('en-US')} accepted in all, each of them stored`);
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-bench-'));
await mkdir(path.join(folder, 'app-copy'));
const postgres = await startPostgres({ folder: path.join(folder, 'postgres'), firstPort: 3145 });
let web: ChildProcess | undefined;
const client = new pg.Client({ connectionString: postgres.url });
try {
  await migrateDatabase(postgres.url);
  await client.connect();
  await seedRealm(client);
  await buildVariant(path.join(folder, 'app-copy'));
  const port = await findFreePort(3140);
  web = await startWeb(path.join(folder, 'app-copy'), postgres.url, port);
  await measure(port, client);
} finally {
  web?.kill('SIGTERM');
  await client.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
