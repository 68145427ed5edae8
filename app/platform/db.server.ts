import { createHash } from 'node:crypto';

import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { PrismaClient } from '../../prisma/generated/client';
import { retryableCode } from './db-errors.server';
import { env } from './env.server';
import { seconds } from './time';

export type Db = PrismaClient;
/** A transaction in progress. Writing functions take it first; only the outermost use case opens it. */
export type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

const pools = new WeakMap<Db, pg.Pool>();
const clients = new WeakMap<Tx, Db>();

const statementName = (sql: string) => createHash('sha1').update(sql).digest('hex');

/** A client on its own pool. Statements are prepared once per connection under a name made from their text. */
export function createDb(url: string, poolSize = 10): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: seconds(5),
    application_name: 'credence',
    // The adapter writes and reads times without an offset: they are only right in UTC, whatever the server's own zone.
    options: '-c TimeZone=UTC',
  });
  // An idle connection that Postgres ends must not end the process; the next query reports the fault.
  pool.on('error', () => undefined);
  // Nor must one that is in use: whoever waits for its answer gets the fault.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new PrismaClient({
    adapter: new PrismaPg(pool, { statementNameGenerator: ({ sql }) => statementName(sql) }),
  });
  pools.set(db, pool);
  clients.set(db, db);
  return db;
}

/** The pool behind a client, for rate limits, LISTEN and jobs. */
export function poolOf(db: Db): pg.Pool {
  const pool = pools.get(db);
  if (!pool) throw new Error('This client was not made by createDb.');
  return pool;
}

/** As Prisma reads them: bigint as bigint, every other type as pg does. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format),
};

/**
 * One statement outside any transaction, prepared once per connection under its name. It costs this process less than
 * half of what `$queryRaw` does: for the statement that many wait for.
 */
export async function askPrepared(
  client: Db,
  statement: { name: string; text: string; values: unknown[] },
): Promise<unknown[]> {
  const { rows } = await poolOf(client).query<Record<string, unknown>>({ ...statement, types });
  return rows;
}

/** The client itself, or the one whose transaction this is: for what must stand although that transaction is rolled back. */
export function clientOf(db: Db | Tx): Db {
  const client = clients.get(db);
  if (!client) throw new Error('This transaction was not opened by inTransaction.');
  return client;
}

export async function closeDb(db: Db): Promise<void> {
  await db.$disconnect();
  const pool = pools.get(db);
  if (pool && !pool.ended) await pool.end();
}

const globals: { credenceDb?: Db } = globalThis as { credenceDb?: Db };

/** The client of this process. Kept on globalThis because `remix dev` imports the build anew on each change. */
export function db(): Db {
  globals.credenceDb ??= createDb(env().DATABASE_URL, env().DATABASE_POOL);
  return globals.credenceDb;
}

const MAX_TRIES = 4;

/**
 * Opens the one transaction of a use case. It is run again, up to four times in all, only when Postgres says that
 * it lost a race (serialization failure or deadlock); `fn` must therefore have no effect outside the database.
 */
export async function inTransaction<T>(
  client: Db,
  name: string,
  fn: (tx: Tx) => Promise<T>,
  options: { isolationLevel?: 'RepeatableRead' } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const run = (tx: Tx) => {
        clients.set(tx, client);
        return fn(tx);
      };
      return await client.$transaction(run, { maxWait: seconds(5), timeout: seconds(20), ...options });
    } catch (error) {
      if (attempt >= MAX_TRIES || retryableCode(error) === undefined) throw addName(error, name);
    }
  }
}

/** What several statements read of one instant, whatever is committed meanwhile. `read` sends one after the other. */
export async function inSnapshot<T>(client: Db, name: string, read: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(client, name, read, { isolationLevel: 'RepeatableRead' });
}

function addName(error: unknown, name: string): unknown {
  if (error instanceof Error && !error.message.startsWith(`${name}: `))
    error.message = `${name}: ${error.message}`;
  return error;
}
