import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, openSync, closeSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { findFreePort, isPortFree } from '../free-port';
import { OperatorError } from '../operator-error';
import { clearLeftover, dataDirectoryAt, findRunning, stopServer } from './leftover';
import { choosePlace, type Place } from './place';

export interface PostgresServer {
  /** The database `credence` on it. */
  url: string;
  logFile: string;
  /** Set when the data are not in the folder that was asked for: what to tell the operator. */
  notice: string | null;
  /** Resolves when the server is gone without having been asked. */
  died: Promise<number | null>;
  stop(): Promise<void>;
  /** Ends it at once; the next start recovers. */
  kill(): void;
}

export interface PostgresOptions {
  folder: string;
  firstPort?: number;
  /** Tests give up durability for speed; their data live as long as the run. */
  durable?: boolean;
}

const DATABASE = 'credence';
const DEFAULT_FIRST_PORT = 54_320;
const READY_TIMEOUT_MS = 120_000;

/** Starts the Postgres of this folder, made at the first start. The caller holds the folder's lock. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const place = await choosePlace(options.folder);
  const password = await readPassword(place);
  await clearLeftover(place, password);
  if (!existsSync(path.join(place.data, 'PG_VERSION'))) await initialize(place);
  await refuseOtherVersion(place);
  const { child, port } = await launch(place, password, options);
  const url = urlOf(password, port);
  await createDatabase(url);
  let stopping = false;
  return {
    url,
    logFile: logFile(place),
    notice: place.notice,
    died: new Promise((resolve) =>
      child.once('exit', (code) => {
        if (!stopping) resolve(code);
      }),
    ),
    stop: async () => {
      stopping = true;
      if (child.exitCode === null && child.pid !== undefined) await stopServer(place, child.pid);
    },
    kill: () => {
      stopping = true;
      child.kill('SIGQUIT');
    },
  };
}

/** The URL of a server that someone else keeps running in this folder, or null. */
export async function findPostgres(folder: string): Promise<string | null> {
  const place = await choosePlace(folder);
  const password = await readPassword(place);
  const running = await findRunning(place, password);
  return running === null ? null : urlOf(password, running.port);
}

function urlOf(password: string, port: number): string {
  return `postgresql://credence:${password}@127.0.0.1:${port}/${DATABASE}`;
}

/** The password lives beside the data that it opens, so that neither is lost without the other. */
async function readPassword(place: Place): Promise<string> {
  const file = path.join(place.folder, 'password');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null && known !== '') return known;
  const password = randomBytes(24).toString('hex');
  await writeFile(file, password, { mode: 0o600 });
  if (place.user) await chown(file, place.user.uid, place.user.gid);
  return password;
}

async function initialize(place: Place): Promise<void> {
  // Made aside and renamed: a start that is killed here leaves no half-made data behind.
  const fresh = `${place.data}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  if (place.user) await chown(fresh, place.user.uid, place.user.gid);
  const result = spawnSync(
    place.binaries.initdb,
    [
      `--pgdata=${fresh}`,
      '--username=credence',
      `--pwfile=${path.join(place.folder, 'password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { ...place.user, cwd: place.folder, encoding: 'utf8' },
  );
  if (result.status !== 0) {
    throw new OperatorError(
      `Postgres could not make its data in ${place.data}: ${lastLine(result.stderr) || String(result.error)}`,
    );
  }
  await rm(place.data, { recursive: true, force: true });
  await rename(fresh, place.data);
}

async function refuseOtherVersion(place: Place): Promise<void> {
  const made = (await readFile(path.join(place.data, 'PG_VERSION'), 'utf8')).trim();
  const ours = place.binaries.version.split('.')[0];
  if (made !== ours) {
    throw new OperatorError(
      `The data in ${place.data} were made by Postgres ${made} and this is Postgres ${ours}: ` +
        'move them away to start afresh, or carry them over with pg_upgrade.',
    );
  }
}

async function launch(
  place: Place,
  password: string,
  options: PostgresOptions,
): Promise<{ child: ChildProcess; port: number }> {
  const portFile = path.join(place.folder, 'port');
  const remembered = Number(await readFile(portFile, 'utf8').catch(() => '0'));
  const first = options.firstPort ?? DEFAULT_FIRST_PORT;
  let port = remembered > 0 && (await isPortFree(remembered)) ? remembered : await findFreePort(first);
  for (let tries = 0; tries < 5; tries += 1) {
    const child = spawnServer(place, port, options.durable ?? true);
    if (await becomesReady(place, child, port, password)) {
      await writeFile(portFile, String(port));
      return { child, port };
    }
    // Someone else took the port between our look and the server's bind.
    if (await isPortFree(port)) break;
    port = await findFreePort(port + 1);
  }
  const log = await readFile(logFile(place), 'utf8').catch(() => '');
  throw new OperatorError(`Postgres did not start: ${lastLine(log)} (log: ${logFile(place)})`);
}

function spawnServer(place: Place, port: number, durable: boolean): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
  if (!durable)
    settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200');
  const log = openSync(logFile(place), 'w', 0o600);
  try {
    return spawn(
      place.binaries.postgres,
      ['-D', place.data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      // Its own process group: Ctrl-C reaches the supervisor alone, which ends web and worker first.
      { ...place.user, cwd: place.folder, detached: true, stdio: ['ignore', log, log] },
    );
  } finally {
    closeSync(log);
  }
}

async function becomesReady(
  place: Place,
  child: ChildProcess,
  port: number,
  password: string,
): Promise<boolean> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let gone = false;
  child.once('exit', () => (gone = true));
  child.once('error', () => (gone = true));
  while (!gone && Date.now() < deadline) {
    const directory = await dataDirectoryAt(port, password);
    if (directory !== null) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  if (!gone && child.pid !== undefined) await stopServer(place, child.pid);
  return false;
}

async function createDatabase(url: string): Promise<void> {
  const server = new URL(url);
  server.pathname = '/postgres';
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function logFile(place: Place): string {
  return path.join(place.folder, 'postgres.log');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
