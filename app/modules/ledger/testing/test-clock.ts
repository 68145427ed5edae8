import { type Db } from '~/platform/db.server';

import { type Micros } from './oracle-wallet';

/** The first instant of a clock, for a run that needs one. */
export const DAWN: Micros = BigInt(Date.UTC(2027, 0, 1)) * 1000n;

/** Puts a clock that stands still under the ledger of one database. It is for a database of one's own. */
export async function installTestClock(db: Db): Promise<void> {
  await db.$executeRaw`CREATE UNLOGGED TABLE test_clock (at timestamptz NOT NULL)`;
  await db.$executeRaw`INSERT INTO test_clock VALUES ('2027-01-01T00:00:00Z')`;
  await db.$executeRaw`
    CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM test_clock'`;
  await installMicros(db);
}

/** Whole microseconds since 1970, as `readBooks` reads rows: infinity is NEVER. */
export async function installMicros(db: Db): Promise<void> {
  await db.$executeRaw`
    CREATE FUNCTION test_micros(t timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    'SELECT CASE WHEN isfinite(t) THEN (extract(epoch FROM t) * 1000000)::bigint ELSE 1::bigint << 62 END'`;
}

export async function setTestClock(db: Db, at: Micros): Promise<void> {
  await db.$executeRaw`UPDATE test_clock SET at = 'epoch'::timestamptz + ${at}::bigint * interval '1 microsecond'`;
}

/** Moves the clock on, beside others that do; answers what it shows. */
export async function stepTestClock(db: Db, by: Micros): Promise<Micros> {
  const rows = await db.$queryRaw<{ at: bigint }[]>`
    UPDATE test_clock SET at = at + ${by}::bigint * interval '1 microsecond' RETURNING test_micros(at) AS at`;
  const [row] = rows;
  if (!row) throw new Error('This database has no test clock.');
  return row.at;
}
