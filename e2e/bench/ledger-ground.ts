import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';

import { startPostgres } from '../../app/cli/embedded-postgres/start-postgres';
import { migrateDatabase } from '../../app/cli/migrate-database';

/** A durable Postgres of the project's own kind in a temporary folder, migrated, and gone after `use`. */
export async function withLedger(
  use: (databaseUrl: string, client: pg.Client) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'credence-ledger-bench-'));
  const postgres = await startPostgres({ folder: path.join(folder, 'postgres'), firstPort: 3165 });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await migrateDatabase(postgres.url);
    await client.connect();
    await client.query(`INSERT INTO book (id) VALUES ('test') ON CONFLICT DO NOTHING`);
    await use(postgres.url, client);
  } finally {
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** No run of a bench spends so much. */
const PLENTY = 1_000_000_000;

/**
 * Customers of a name of their own with three open lots each: a plan's and a promotion's that expire, and a pack's that
 * does not.
 */
export async function openWallets(client: pg.Client, name: string, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO customer (id) SELECT 'cst_' || $1 || n FROM generate_series(1, $2::int) n RETURNING id`,
    [name, count],
  );
  const ids = rows.map(({ id }) => id);
  for (const [kind, days] of [
    ['plan', 30],
    ['promo', 90],
    ['pack', null],
  ] as const)
    await client.query(
      `SELECT count(*) FROM unnest($1::text[]) AS customer CROSS JOIN LATERAL ledger_grant('test', customer, 'bench:' || $2 || ':' || customer,
        '\\x00', ${PLENTY}, $2::lot_kind, 50::smallint, $2 = 'promo', now() + make_interval(days => $3), NULL, NULL, NULL, 'bench', NULL, now())`,
      [ids, kind, days],
    );
  return ids;
}

/** Rows of plain tables, one per wallet, for the least that a balance and its history can cost. */
export async function openFloor(client: pg.Client, wallets: readonly string[]): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS floor_balance (wallet text PRIMARY KEY, available bigint NOT NULL) WITH (fillfactor = 70);
    CREATE TABLE IF NOT EXISTS floor_movement (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, wallet text NOT NULL, amount bigint NOT NULL, available_after bigint NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  await client.query(`INSERT INTO floor_balance SELECT id, ${PLENTY} FROM unnest($1::text[]) AS id`, [
    wallets,
  ]);
}
