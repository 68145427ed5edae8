import { spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { findFreePort } from '../../app/cli/free-port';
import { projectRoot, tsxArgs } from '../../app/cli/project';
import { DEMO_PASSWORD, DEMO_PLANS, DEMO_PURCHASES, DEMO_SUBSCRIBERS } from '../../prisma/demo';

/** A build may come first. */
const PATIENCE_MS = 300_000;

export interface RunningDemo {
  url: string;
  sandboxUrl: string;
  stop(): Promise<void>;
}

/** The whole product as `npm start` runs it, on free ports and a folder of its own, once its purchases are lived. */
export const runDemo = (): Promise<RunningDemo> =>
  runStore('demo', ({ sandboxUrl }) => waitFor('the demo', () => isEverythingHeard(sandboxUrl)));

/** Outside the demo its own accounts open nothing. */
export const EMPTY_STORE_ADMIN = 'admin@example.com';

/** The same where nothing was ever sold: its one account is the admin's, with the demo's password. */
export const runEmptyStore = (): Promise<RunningDemo> =>
  runStore('test', async ({ url }, env) => {
    await waitFor('the empty store', async () => (await fetch(`${url}/readyz`)).ok);
    const args = ['user', 'create', '--email', EMPTY_STORE_ADMIN, '--role', 'admin', '--password-stdin'];
    const made = spawnSync(process.execPath, [...tsxArgs('app/cli/credence.ts'), ...args], {
      ...{ cwd: projectRoot, env, input: DEMO_PASSWORD, encoding: 'utf8' },
    });
    if (made.status !== 0) throw new Error(`The admin was not made: ${made.stderr}`);
  });

async function runStore(
  mode: 'demo' | 'test',
  prepare: (store: RunningDemo, env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<RunningDemo> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-screenshots-'));
  // Postgres may run as another user.
  await chmod(folder, 0o755);
  const port = await findFreePort(3_360);
  const sandboxPort = await findFreePort(4_960);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(port),
    APP_URL: `http://localhost:${port}`,
    DATABASE_URL: '',
    STRIPE_SECRET_KEY: '',
    SMTP_URL: '',
    CREDENCE_MODE: mode,
    CREDENCE_DATA_DIR: path.join(folder, 'data'),
    CREDENCE_SANDBOX_PORT: String(sandboxPort),
    CREDENCE_POSTGRES_PORT: String(await findFreePort(54_560)),
  };
  const child = spawn(process.execPath, [...tsxArgs('app/cli/credence.ts'), 'start'], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const store: RunningDemo = {
    url: `http://localhost:${port}`,
    sandboxUrl: `http://127.0.0.1:${sandboxPort}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await prepare(store, env);
    return store;
  } catch (error) {
    await store.stop();
    throw error;
  }
}

const countsSchema = z.object({ counts: z.object({ sessions: z.number() }) });
const deliveriesSchema = z.object({ rows: z.array(z.object({ eventType: z.string(), status: z.string() })) });

/** Every purchase was made, its late events came, and the store took them. */
async function isEverythingHeard(sandboxUrl: string): Promise<boolean> {
  const read = async (part: string): Promise<unknown> =>
    (await fetch(`${sandboxUrl}/_control${part}`)).json();
  const { counts } = countsSchema.parse(await read(''));
  const { rows } = deliveriesSchema.parse(await read('/deliveries?limit=1000'));
  const paid = DEMO_PURCHASES.filter(({ fate }) => fate !== 'abandoned' && fate !== 'expired');
  // A trial takes no money at first.
  const trials = DEMO_PLANS.filter(({ plan }) => 'trial' in plan).map(({ code }): string => code);
  const plans = DEMO_SUBSCRIBERS.filter(({ plan }) => !trials.includes(plan));
  const receipts = rows.filter(({ eventType }) => eventType === 'invoice_payment.paid');
  // The catalogue was made before the store listened; its events are tried again much later.
  const ofPurchases = rows.filter(({ eventType }) => !/^(price|product)\./.test(eventType));
  return (
    counts.sessions === DEMO_PURCHASES.length + DEMO_SUBSCRIBERS.length &&
    receipts.length === paid.length + plans.length &&
    ofPurchases.every(({ status }) => status === 'succeeded')
  );
}

/** Asks until the answer is yes; no answer at all is a no. */
async function waitFor(what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await ask().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what} was not ready in ${PATIENCE_MS / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
