import { type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';

import { packageBin } from '../../../app/cli/build';
import { findFreePort } from '../../../app/cli/free-port';
import { migrateDatabase } from '../../../app/cli/migrate-database';
import { projectRoot } from '../../../app/cli/project';
import { syncCatalog } from '../../../app/modules/payments/index.server';
import { createUser } from '../../../app/modules/auth/index.server';
import { putCatalogItem } from '../../../app/modules/catalog/index.server';
import { closeDb, createDb, inTransaction } from '../../../app/platform/db.server';
import { DEMO_PACKS } from '../../../prisma/demo';
import { type StartedSandbox, startSandbox } from '../../stripe-sandbox/index';
import { type Shop } from './buyer';
import { DoomedPostgres } from './doomed-postgres';
import { DoomedProcess } from './doomed-process';
import { waitFor } from './wait-for';

const KEY = 'sk_test_credencekillnine0000';
const REALM = 'rlm_killnine';

/** What each endpoint hears. No event comes by both: what one lost cannot be brought by the other. */
const HEARS = [
  ['checkout.session.completed', 'charge.succeeded', 'charge.updated'],
  ['payment_intent.created', 'payment_intent.succeeded', 'invoice.paid', 'invoice.payment_succeeded'],
] as const;

/** The whole product as it runs in production, twice: two web processes, two workers, one durable database. */
export interface Stage extends Shop {
  stripe: StartedSandbox;
  postgres: DoomedPostgres;
  webProcesses: readonly DoomedProcess[];
  workers: readonly DoomedProcess[];
  /** What the processes said last, for a failed run. */
  lastWords: () => Promise<string>;
  stop: () => Promise<void>;
}

export async function setStage(accounts: { email: string; password: string }[]): Promise<Stage> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-kill-nine-'));
  // Postgres' own user goes through it.
  await chmod(folder, 0o755);
  const logFolder = path.join(folder, 'logs');
  await mkdir(logFolder);
  const postgres = await DoomedPostgres.start({
    folder: path.join(folder, 'postgres'),
    firstPort: somewhere(),
  });
  const stripe = await startSandbox({ port: 0, settings: SANDBOX_MANNERS });
  await prepareData(postgres.url, stripe, accounts);

  const ports = [await findFreePort(somewhere()), await findFreePort(somewhere())];
  const webs = ports.map((port) => `http://127.0.0.1:${port}`);
  const secrets = await Promise.all(webs.map((web, n) => registerEndpoint(stripe.url, web, HEARS[n] ?? [])));
  const origin = webs[0] ?? '';
  const env = environment({ databaseUrl: postgres.url, origin, sandbox: stripe.url, secrets });
  const shared = { cwd: projectRoot, logFolder };
  const webProcesses = ports.map(
    (port, n) =>
      new DoomedProcess({
        ...shared,
        name: `web-${n + 1}`,
        args: WEB,
        env: { ...env, PORT: String(port) },
        isAtWork: () => answers(`${webs[n] ?? ''}/healthz`),
      }),
  );
  const workers = [1, 2].map(
    (n) => new DoomedProcess({ ...shared, name: `worker-${n}`, args: WORKER, env, isAtWork: hasSaidReady }),
  );
  const processes = [...webProcesses, ...workers];
  const stage: Stage = {
    webs,
    origin,
    sandbox: stripe.url,
    stripe,
    postgres,
    webProcesses,
    workers,
    lastWords: () => lastWordsOf(processes),
    stop: async () => {
      await Promise.all(processes.map((process) => process.stop()));
      await stripe.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await waitFor(() => Promise.resolve(processes.every(({ isUp }) => isUp) || undefined), {
    withinMs: 120_000,
    what: () => 'the processes to start',
  });
  return stage;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** A worker tells its supervisor when it takes work. */
const hasSaidReady = (child: ChildProcess): Promise<boolean> =>
  new Promise((resolve) => {
    child.once('message', () => resolve(true));
    child.once('exit', () => resolve(false));
  });

const WEB = [
  ...['--import', './app/cli/log-paths-only.js', '--import', './app/cli/end-web.js'],
  ...[packageBin('@remix-run/serve', 'dist/cli.js'), 'build/index.js'],
];
const WORKER = ['--import', './app/cli/end-with-supervisor.js', 'build/worker.js'];

/** A killed process leaves its port free until the next one takes it: runs side by side keep far from each other. */
const somewhere = () => randomInt(20_000, 30_000);

/** A delivery that finds nobody comes again soon, and never gives up while the run lasts. */
const SANDBOX_MANNERS = {
  settleDelayMs: 500,
  eventSpacingMs: 5,
  deliveryTimeoutMs: 5_000,
  retryScheduleMs: [200, 400, ...Array.from({ length: 48 }, () => 800)],
};

function environment(at: {
  databaseUrl: string;
  origin: string;
  sandbox: string;
  secrets: string[];
}): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    NODE_ENV: 'production',
    CREDENCE_MODE: 'test',
    HOST: '127.0.0.1',
    DATABASE_URL: at.databaseUrl,
    APP_URL: at.origin,
    STRIPE_SECRET_KEY: KEY,
    STRIPE_API_BASE: at.sandbox,
    STRIPE_WEBHOOK_SECRETS: at.secrets.join(','),
    MAIL_SANDBOX_URL: `${at.sandbox}/_control/mail`,
    TRUSTED_PROXIES: '1',
    LOG_LEVEL: 'warn',
  };
}

async function prepareData(
  databaseUrl: string,
  stripe: StartedSandbox,
  accounts: { email: string; password: string }[],
): Promise<void> {
  await migrateDatabase(databaseUrl);
  const db = createDb(databaseUrl, 4);
  try {
    const { id: account } = stripe.sandbox.account;
    await db.realm.create({ data: { id: REALM, account, mode: 'test', name: 'Kill nine', sells: true } });
    await inTransaction(db, 'packs', async (tx) => {
      for (const pack of DEMO_PACKS) await putCatalogItem(tx, pack);
    });
    await syncCatalog(db, { secretKey: KEY, apiBase: stripe.url }, REALM);
    await Promise.all(
      accounts.map((account) =>
        createUser(db, { ...account, name: 'Nora Newcomer', role: 'customer', verified: true }),
      ),
    );
  } finally {
    await closeDb(db);
  }
}

/** Registers a webhook endpoint as its owner would; its signing secret. */
async function registerEndpoint(sandbox: string, web: string, types: readonly string[]): Promise<string> {
  const form = new URLSearchParams({ url: `${web}/webhooks/stripe`, api_version: '2026-10-28.endive' });
  for (const [n, type] of types.entries()) form.set(`enabled_events[${n}]`, type);
  const answer = await fetch(`${sandbox}/v1/webhook_endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}` },
    body: form,
  });
  return z.object({ secret: z.string() }).parse(await answer.json()).secret;
}

async function lastWordsOf(processes: readonly DoomedProcess[]): Promise<string> {
  const words = processes.map(async ({ name, logFile }) => {
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-15);
    return `── ${name}\n${lines.join('\n')}`;
  });
  return (await Promise.all(words)).join('\n');
}
