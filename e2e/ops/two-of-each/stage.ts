import { createHash, randomBytes } from 'node:crypto';
import { type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';

import { packageBin } from '../../../app/cli/build';
import { startPostgres } from '../../../app/cli/embedded-postgres/start-postgres';
import { findFreePort } from '../../../app/cli/free-port';
import { migrateDatabase } from '../../../app/cli/migrate-database';
import { projectRoot } from '../../../app/cli/project';
import { environment, REALM, SECRET, seedRealm } from '../../bench/variant';
import { startSandbox } from '../../stripe-sandbox/index';
import { DoomedProcess } from '../kill-nine/doomed-process';
import { waitFor } from '../kill-nine/wait-for';

/** Two web processes and two workers of the build on one durable Postgres, as compose.yaml runs them. */
export interface TwoOfEach {
  databaseUrl: string;
  client: pg.Client;
  ports: readonly [number, number];
  webs: readonly [DoomedProcess, DoomedProcess];
  workers: readonly [DoomedProcess, DoomedProcess];
  /** A key of the API that may spend and hold in the test book. */
  apiKey: string;
  /** What each process said last. */
  lastWords: () => Promise<string>;
  stop: () => Promise<void>;
}

export interface StageOptions {
  /** The folder whose `build/` runs; the project's when left out. */
  folder?: string;
  /** Migrations that are there before the processes start; all when left out. */
  migrate?: (databaseUrl: string) => Promise<unknown>;
  /** Arguments of node that each process is started with beside its own. */
  nodeArgs?: readonly string[];
}

export async function startTwoOfEach(options: StageOptions = {}): Promise<TwoOfEach> {
  const { folder: cwd = projectRoot, migrate = migrateDatabase, nodeArgs = [] } = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-two-of-each-'));
  // Postgres' own user goes through it.
  await chmod(folder, 0o755);
  const logFolder = path.join(folder, 'logs');
  await mkdir(logFolder);
  const postgres = await startPostgres({ folder: path.join(folder, 'postgres'), firstPort: somewhere() });
  const stripe = await startSandbox({ port: 0 });
  await migrate(postgres.url);
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await seedRealm(client, stripe.sandbox.account.id);
  await proveSecret(client);
  const apiKey = await seedApiKey(client);

  const ports = [await findFreePort(somewhere()), await findFreePort(somewhere())] as const;
  const shared = { cwd, logFolder };
  const envOf = (port: number) => ({
    ...environment({ folder: cwd, databaseUrl: postgres.url, port, stripe: stripe.url }),
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_ENV: 'production' as const,
    LOG_LEVEL: 'warn',
  });
  const web = (n: 0 | 1) =>
    new DoomedProcess({
      ...shared,
      name: `web-${n + 1}`,
      args: [...nodeArgs, ...WEB],
      env: envOf(ports[n]),
      isAtWork: () => isReady(ports[n]),
    });
  const worker = (n: number) =>
    new DoomedProcess({
      ...shared,
      name: `worker-${n}`,
      args: [...nodeArgs, ...WORKER],
      env: envOf(ports[0]),
      isAtWork: hasSaidReady,
    });
  const webs = [web(0), web(1)] as const;
  const workers = [worker(1), worker(2)] as const;
  const processes = [...webs, ...workers];
  const stop = async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await client.end();
    await stripe.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilUp(processes);
  } catch (error) {
    process.stderr.write(`${await lastWordsOf(processes)}\n`);
    await stop();
    throw error;
  }
  return {
    ...{ databaseUrl: postgres.url, client, ports, webs, workers, apiKey, stop },
    lastWords: () => lastWordsOf(processes),
  };
}

/** Waits until each of them does its work. */
export async function untilUp(processes: readonly DoomedProcess[]): Promise<void> {
  await waitFor(() => Promise.resolve(processes.every(({ isUp }) => isUp) || undefined), {
    withinMs: 120_000,
    what: () =>
      processes
        .filter(({ isUp }) => !isUp)
        .map(({ name }) => name)
        .join(', '),
  });
}

export const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
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

/** Runs side by side keep far from each other. */
const somewhere = () => randomInt(20_000, 30_000);

/** Its events are made here, so no account has them: the secret counts as proven. */
async function proveSecret(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO webhook_secret (realm, fingerprint, proven_at, proven_by) VALUES ($1, $2, now(), 'evt_before')`,
    [REALM, createHash('sha256').update(SECRET).digest('hex')],
  );
}

async function seedApiKey(client: pg.Client): Promise<string> {
  const key = `ck_test_${randomBytes(20).toString('hex')}`;
  await client.query(
    `INSERT INTO api_client (id, book, name, scopes, return_origins)
     VALUES ('apc_two', 'test', 'Two of each', '{spends:write,holds:write}', '{}')`,
  );
  await client.query(
    `INSERT INTO api_key (id, client, hash, hint) VALUES ('apk_two', 'apc_two', $1, 'ck_test_…')`,
    [createHash('sha256').update(key).digest('hex')],
  );
  return key;
}

async function lastWordsOf(processes: readonly DoomedProcess[]): Promise<string> {
  const words = processes.map(async ({ name, logFile }) => {
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-15);
    return `── ${name}\n${lines.join('\n')}`;
  });
  return (await Promise.all(words)).join('\n');
}
