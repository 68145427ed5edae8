import { spawnSync } from 'node:child_process';
import { readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { OperatorError } from '../operator-error';
import { commandOf, hasEnded, isAlive } from '../process-table';
import type { Place } from './place';

const STOP_TIMEOUT_MS = 30_000;

/** A server that runs on these data, as its postmaster.pid tells; null when the file is absent or lies. */
export async function findRunning(
  place: Place,
  password: string,
): Promise<{ pid: number; port: number } | null> {
  const noted = await readPostmasterPid(place);
  if (noted === null || !isAlive(noted.pid)) return null;
  const directory = await dataDirectoryAt(noted.port, password);
  if (directory !== null) return directory === (await realpath(place.data)) ? noted : null;
  // It may be starting, stopping or out of connections: then its arguments tell whose it is.
  return commandOf(noted.pid).includes(place.data) ? noted : null;
}

/** Ends a server whose starter died, and removes a postmaster.pid whose number now belongs to another program. */
export async function clearLeftover(place: Place, password: string): Promise<void> {
  const running = await findRunning(place, password);
  if (running !== null) await stopServer(place, running.pid);
  else await rm(path.join(place.data, 'postmaster.pid'), { force: true });
}

export async function stopServer(place: Place, pid: number): Promise<void> {
  if (process.platform === 'win32') spawnSync(place.binaries.pgCtl, ['stop', '-m', 'fast', '-D', place.data]);
  else if (isAlive(pid)) process.kill(pid, 'SIGINT');
  if (!(await hasEnded(pid, STOP_TIMEOUT_MS))) {
    throw new OperatorError(`Postgres (process ${pid}, data in ${place.data}) did not stop in 30 s.`);
  }
}

async function readPostmasterPid(place: Place): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(path.join(place.data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) ? { pid, port } : null;
}

/** Which data the server on this port serves; null when it does not answer to our password. */
export async function dataDirectoryAt(port: number, password: string): Promise<string | null> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'credence',
    password,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0] ? await realpath(rows[0].data_directory) : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
