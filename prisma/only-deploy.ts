import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

export interface Patience {
  /** Milliseconds that a statement waits for its lock; whoever uses the table waits behind it for as long. */
  lock: number;
  /** Milliseconds that one migration may take. */
  statement: number;
  /** Milliseconds between tries; after the last one the fault stands. */
  pauses: readonly number[];
}

export const PATIENCE: Patience = {
  lock: 3_000,
  statement: 30 * 60_000,
  pauses: [1_000, 2_000, 5_000, 10_000, 15_000, 15_000, 30_000, 30_000, 60_000],
};

/** Any number that nothing else in this database locks. */
const LOCK = 7_270_736_901;

/**
 * Runs `migrate` as the only one on this database, with a URL whose connections do not wait for locks for long, again and
 * again until it gets them. Each migration is one transaction: what failed for its lock has left nothing but its note,
 * which is taken back.
 */
export async function asOnlyDeploy<T>(
  databaseUrl: string,
  known: readonly string[],
  patience: Patience,
  migrate: (impatientUrl: string) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // This connection waits as long as it takes: another deploy may be at work.
    await client.query(`SELECT pg_advisory_lock(${LOCK})`);
    const url = impatient(databaseUrl, patience);
    for (let attempt = 0; ; attempt += 1) {
      const before = await unfinishedOf(client);
      try {
        return await migrate(url);
      } catch (error) {
        if (!isLockTimeout(error)) throw error;
        await takeBack(client, known, before);
        const wait = patience.pauses[attempt];
        if (wait === undefined) throw error;
        await pause(wait);
      }
    }
  } finally {
    // The lock falls with its connection.
    await client.end();
  }
}

function impatient(databaseUrl: string, { lock, statement }: Patience): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  const ours = `-c lock_timeout=${lock} -c statement_timeout=${statement}`;
  url.searchParams.set('options', given === null ? ours : `${given} ${ours}`);
  return url.href;
}

/** The engine puts the server's words into its own. */
const isLockTimeout = (error: unknown): boolean =>
  /55P03|canceling statement due to lock timeout/.test(
    error instanceof Error ? `${error.message} ${JSON.stringify(error)}` : String(error),
  );

/** Ids of the notes of migrations that began and did not end. */
async function unfinishedOf(client: pg.Client): Promise<string[]> {
  const table = await client.query<{ is_there: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS is_there`,
  );
  if (table.rows[0]?.is_there !== true) return [];
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL',
  );
  return rows.map(({ id }) => id);
}

/** Nobody else migrates: an unfinished note that was not there before is that of the try that failed. */
async function takeBack(
  client: pg.Client,
  known: readonly string[],
  before: readonly string[],
): Promise<void> {
  await client.query(
    `DELETE FROM _prisma_migrations
     WHERE finished_at IS NULL AND rolled_back_at IS NULL AND id <> ALL ($1) AND migration_name = ANY ($2)`,
    [before, known],
  );
}
