import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';

/** The app as it is built for production, with the benches' own routes, which never ship. */
const root = path.resolve(import.meta.dirname, '../..');

export const SECRET = 'whsec_bench0123456789';
const KEY = 'sk_test_bench0123456789';
export const REALM = 'rlm_bench';

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

/** What a request with a body and its answer cost before anything is done for it: what the API answers, without asking. */
const NO_OP = `
export async function action({ request }) {
  const { customer, amount } = await request.json();
  const balance = { available: 1000000, held: 0, debt: 0 };
  const answer = { object: 'spend', id: 'txf_0199f3c2a7b87d5e8f00a1b2c3d4e5f6', book: 'test', customer, external_id: null, amount, balance, seq: 1 };
  return Response.json({ ...answer, created_at: new Date().toISOString() }, { status: 201, headers: { 'Cache-Control': 'no-store' } });
}`;

export async function buildVariant(folder: string): Promise<void> {
  const copied = ['app', 'prisma', 'public', 'package.json', 'package-lock.json', 'postcss.config.js'];
  for (const name of [...copied, 'remix.config.js', 'tailwind.config.ts', 'tsconfig.json'])
    await cp(path.join(root, name), path.join(folder, name), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'app/routes/bench.verify-only.ts'), VERIFY_ONLY);
  await writeFile(path.join(folder, 'app/routes/bench.verify-by-sdk.ts'), VERIFY_BY_SDK);
  await writeFile(path.join(folder, 'app/routes/bench.no-op.ts'), NO_OP);
  const build = start(folder, ['--import', 'tsx', 'app/cli/credence.ts', 'build'], {});
  const code = await new Promise((resolve) => build.once('exit', resolve));
  if (code !== 0) throw new Error('The bench variant of the app did not build.');
}

function start(cwd: string, args: string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...env },
    // The channel ends what the bench leaves behind when it dies.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** The realm of the bench's key, so that no process asks Stripe whose it is. */
export async function seedRealm(client: pg.Client, account: string): Promise<void> {
  const fingerprint = createHash('sha256').update(KEY).digest('hex');
  await client.query(`INSERT INTO realm (id, account, mode, name) VALUES ($1, $2, 'test', 'Bench')`, [
    REALM,
    account,
  ]);
  await client.query(`INSERT INTO realm_key (fingerprint, realm) VALUES ($1, $2)`, [fingerprint, REALM]);
}

export interface Surroundings {
  folder: string;
  databaseUrl: string;
  port: number;
  /** The server that stands in for Stripe and takes the mail. */
  stripe: string;
}

export function environment({ databaseUrl, port, stripe }: Surroundings): Record<string, string> {
  return {
    PORT: String(port),
    HOST: '127.0.0.1',
    CREDENCE_MODE: 'test',
    DATABASE_URL: databaseUrl,
    APP_URL: `http://127.0.0.1:${port}`,
    STRIPE_SECRET_KEY: KEY,
    STRIPE_API_BASE: stripe,
    STRIPE_WEBHOOK_SECRETS: SECRET,
    MAIL_SANDBOX_URL: `${stripe}/_control/mail`,
    LOG_LEVEL: 'error',
    // One client of the API is all of the load.
    API_REQUESTS_PER_MINUTE: '10000000',
  };
}

export async function startWeb(around: Surroundings): Promise<ChildProcess> {
  const args = [
    '--import',
    './app/cli/end-web.js',
    'node_modules/@remix-run/serve/dist/cli.js',
    'build/index.js',
  ];
  const web = start(around.folder, args, environment(around));
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${around.port}/webhooks/stripe`).catch(() => undefined);
    if (answer?.status === 405) return web;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  web.kill();
  throw new Error('The web process did not start.');
}

export function startWorker(around: Surroundings): ChildProcess {
  return start(
    around.folder,
    ['--import', './app/cli/end-with-supervisor.js', 'build/worker.js'],
    environment(around),
  );
}

export function describeMachine(): string {
  return `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}`;
}
