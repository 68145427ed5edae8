import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { type Check, type Found, type Patient } from '../patient.server';
import { readMigrations } from '../read-migrations.server';

const serverRow = z.tuple([
  z.object({
    version: z.string(),
    version_num: z.number(),
    is_replica: z.boolean(),
    is_read_only: z.boolean(),
    fsync: z.string(),
    full_page_writes: z.string(),
    synchronous_commit: z.string(),
    connections: z.number(),
  }),
]);

async function readServer(db: Db) {
  const [server] = serverRow.parse(
    await db.$queryRaw`
      SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS version_num,
        pg_is_in_recovery() AS is_replica, current_setting('default_transaction_read_only')::bool AS is_read_only,
        current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
        current_setting('synchronous_commit') AS synchronous_commit,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true), '0')::int AS connections`,
  );
  return server;
}

/** Two webs, two workers, and what a command takes beside them. */
const PROCESSES = 4;
const BESIDE = 4;

/** The server: its version, whether it writes, whether it keeps what it wrote, whether it has room. */
async function checkServer({ db, env, oldestPostgres }: Patient): Promise<Found[]> {
  const server = await readServer(db);
  const found: Found[] = [];
  if (server.version_num < oldestPostgres)
    found.push({
      code: 'postgres_old',
      said: `Postgres is ${server.version}; Credence needs ${String(Math.floor(oldestPostgres / 10_000))} or newer.`,
    });
  if (server.is_replica || server.is_read_only)
    found.push({
      code: 'database_read_only',
      said: `The server ${server.is_replica ? 'is a replica' : 'lets nothing be written by default'}.`,
    });
  const { fsync, full_page_writes, synchronous_commit } = server;
  const lost = 'an event that was answered with 200 may be gone after a crash.';
  if (synchronous_commit === 'off')
    found.push({
      code: 'database_not_durable',
      subject: 'synchronous_commit',
      said: `synchronous_commit is off: ${lost}`,
    });
  // Providers whose storage keeps what was committed by itself switch these two off, for good reason.
  for (const [name, value] of Object.entries({ fsync, full_page_writes }))
    if (value === 'off')
      found.push({
        code: 'database_storage_unsafe',
        subject: name,
        said: `${name} is off: unless the storage itself keeps what was written, ${lost}`,
      });
  const needed = PROCESSES * env.DATABASE_POOL + BESIDE;
  if (needed > server.connections)
    found.push({
      code: 'pool_too_large',
      said: `Two webs and two workers with DATABASE_POOL ${String(env.DATABASE_POOL)} take up to ${String(needed)} connections; the server has ${String(server.connections)}.`,
    });
  return found;
}

async function checkMigrations({ db, migrationsFolder }: Patient): Promise<Found[]> {
  const { failed, pending } = await readMigrations(db, migrationsFolder);
  const found: Found[] = failed.map((name) => ({
    code: 'migration_failed',
    subject: name,
    said: `${name} began and did not end.`,
  }));
  const [first] = pending;
  if (first !== undefined)
    found.push({
      code: 'migrations_pending',
      said: `${String(pending.length)} ${pending.length === 1 ? 'migration is' : 'migrations are'} not applied, from ${first} on.`,
    });
  return found;
}

export const DATABASE_CHECKS: readonly Check[] = [
  {
    codes: [
      ...(['postgres_old', 'database_read_only', 'pool_too_large'] as const),
      ...(['database_not_durable', 'database_storage_unsafe'] as const),
    ],
    run: checkServer,
  },
  { codes: ['migrations_pending', 'migration_failed'], run: checkMigrations },
];
