import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

import { type PostgresServer, startPostgres } from '../../../app/cli/embedded-postgres/start-postgres';

/** A durable Postgres whose postmaster and every process of it are killed at one blow; the next start recovers. */
export class DoomedPostgres {
  private constructor(
    private readonly options: { folder: string; firstPort: number },
    private server: PostgresServer,
    private pid: number,
  ) {}

  static async start(options: { folder: string; firstPort: number }): Promise<DoomedPostgres> {
    const server = await startPostgres(options);
    return new DoomedPostgres(options, server, await postmasterOf(server));
  }

  isUp = true;

  get url(): string {
    return this.server.url;
  }

  /** Kills it and returns when it has recovered, at the same address. */
  async kill(): Promise<void> {
    const { died, url } = this.server;
    this.isUp = false;
    // A stopped postmaster makes no further process while its processes are counted.
    process.kill(this.pid, 'SIGSTOP');
    for (const pid of childrenOf(this.pid)) killIfThere(pid);
    process.kill(this.pid, 'SIGKILL');
    await died;
    this.server = await startPostgres(this.options);
    if (this.server.url !== url) throw new Error('Postgres came back at another address.');
    this.pid = await postmasterOf(this.server);
    this.isUp = true;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

async function postmasterOf(server: PostgresServer): Promise<number> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    const file = path.join(rows[0]?.data_directory ?? '', 'postmaster.pid');
    return Number(readFileSync(file, 'utf8').split('\n')[0]);
  } finally {
    await client.end();
  }
}

/** Backends lead groups of their own: killing the postmaster's group would spare them. */
function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const children = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (pid !== undefined && ppid === parent ? [pid] : []));
  if (children.length === 0) throw new Error(`Postmaster ${parent} has no processes.`);
  return children;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
