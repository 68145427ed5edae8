import pg from 'pg';

/** How a grown ledger is laid out: wallets of equal length, and a busiest one that holds a tenth of all entries. */
export interface Growth {
  wallets: number;
  entriesEach: number;
  entriesOfBusiest: number;
}

const ENTRIES_A_WALLET = 90;

export function growthOf(entries: number): Growth {
  return {
    wallets: (entries * 9) / 10 / ENTRIES_A_WALLET,
    entriesEach: ENTRIES_A_WALLET,
    entriesOfBusiest: entries / 10,
  };
}

/** The busiest wallet is number 0. */
export const customerOf = (n: number) => `cst_grown${n}`;
export const walletOf = (n: number) => `wal_${n.toString(16).padStart(32, '0')}`;

const BATCH = 1_000;
const SESSIONS = 2;

/**
 * Two grants and then spends in each wallet, from January to the middle of 2026, hashed by the ledger's own function. Rows
 * lie in the order of time, as they would have come, not wallet by wallet.
 */
export async function buildLedger(databaseUrl: string, growth: Growth): Promise<void> {
  const batches: [first: number, last: number, entries: number][] = [[0, 0, growth.entriesOfBusiest]];
  for (let first = 1; first <= growth.wallets; first += BATCH)
    batches.push([first, Math.min(first + BATCH - 1, growth.wallets), growth.entriesEach]);
  const clients = Array.from({ length: SESSIONS }, () => new pg.Client({ connectionString: databaseUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  const [first] = clients;
  await first?.query(GROUND);
  await Promise.all(
    clients.map(async (client) => {
      // Foreign keys hold by how the rows are made; every other rule stays on.
      await client.query(`SET session_replication_role = replica; SET work_mem = '256MB'; SET jit = off`);
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        await client.query(LOTS, batch);
        await client.query(ENTRIES, batch);
      }
    }),
  );
  await first?.query('VACUUM ANALYZE');
  await Promise.all(clients.map((client) => client.end()));
}

const GROUND = `
  INSERT INTO book (id) VALUES ('test') ON CONFLICT DO NOTHING;
  CREATE FUNCTION grown_wallet(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'wal_' || lpad(to_hex(n), 32, '0') $$;
  CREATE FUNCTION grown_at(n int, s int, entries int) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT '2026-01-01Z'::timestamptz + s * (interval '180 days' / entries) + n * interval '1 microsecond' $$;
  CREATE FUNCTION grown_link(head bytea, genesis bytea, e entry, x transfer, l lot) RETURNS bytea LANGUAGE plpgsql AS
    $$ BEGIN RETURN ledger_entry_hash(coalesce(head, genesis), e, x, l); END $$;
  CREATE AGGREGATE grown_chain(genesis bytea, e entry, x transfer, l lot) (sfunc = grown_link, stype = bytea)`;

const GRANTED = 1_000_000_000;

/** $1 to $2: which wallets. $3: how many entries each of them has. */
const LOTS = `
  WITH customers AS (INSERT INTO customer (id) SELECT 'cst_grown' || n FROM generate_series($1::int, $2::int) n)
  INSERT INTO lot (id, wallet, kind, priority, promo, expires_at, granted, available, created_at)
  SELECT 'lot_' || s || lpad(to_hex(n), 31, '0'), grown_wallet(n), CASE s WHEN 1 THEN 'pack'::lot_kind ELSE 'plan' END, 50, false,
    CASE s WHEN 1 THEN 'infinity'::timestamptz ELSE '2036-01-01Z' END, ${GRANTED}, CASE s WHEN 1 THEN ${GRANTED} ELSE ${GRANTED} - ($3::int - 2) END,
    grown_at(n, s, $3)
  FROM generate_series($1::int, $2::int) n, generate_series(1, 2) s`;

const ENTRIES = `
  WITH made AS (
    SELECT n, s, l,
      ROW('txf_' || lpad(to_hex(s), 16, '0') || lpad(to_hex(n), 16, '0'), 'test', 'grown:' || n || ':' || s, sha256('grown'),
        CASE WHEN s <= 2 THEN 'grant' ELSE 'spend' END, l.wallet, CASE WHEN s <= 2 THEN l.granted ELSE 1 END, NULL, NULL, 'bench',
        grown_at(n, s, $3), grown_at(n, s, $3), NULL, NULL)::transfer AS x,
      ROW(l.wallet, s, 'txf_' || lpad(to_hex(s), 16, '0') || lpad(to_hex(n), 16, '0'),
        CASE WHEN s <= 2 THEN 'issued.' || l.kind ELSE 'available' END, CASE WHEN s <= 2 THEN 'available' ELSE 'spent' END,
        l.id, CASE WHEN s <= 2 THEN l.granted ELSE 1 END, CASE WHEN s <= 2 THEN s * l.granted ELSE 2 * l.granted - (s - 2) END, 0, 0, 0,
        CASE WHEN s <= 2 THEN l.granted ELSE l.granted - (s - 2) END, 0, 0, grown_at(n, s, $3), NULL)::entry AS e
    FROM generate_series($1::int, $2::int) n CROSS JOIN generate_series(1, $3::int) s
    JOIN lot l ON l.id = 'lot_' || least(s, 2) || lpad(to_hex(n), 31, '0')
  ), chained AS (
    SELECT n, s, x, e, grown_chain(ledger_genesis(grown_wallet(n), 'test', 'cst_grown' || n), e, x, l) OVER (PARTITION BY n ORDER BY s) AS hash
    FROM made
  ), transfers AS (
    INSERT INTO transfer SELECT (x).* FROM chained ORDER BY (x).recorded_at
  ), entries AS (
    INSERT INTO entry
    SELECT (e).wallet, (e).seq, (e).transfer, (e)."from", (e)."to", (e).lot, (e).amount, (e).available_after, (e).held_after, (e).claimed_after,
      (e).debt_after, (e).lot_available_after, (e).lot_held_after, (e).lot_claimed_after, (e).recorded_at, hash
    FROM chained ORDER BY (e).recorded_at
  )
  INSERT INTO wallet (id, book, customer, available, seq, head, last_at, due_at)
  SELECT (e).wallet, 'test', 'cst_grown' || n, (e).available_after, s, hash, (e).recorded_at, '2036-01-01Z' FROM chained WHERE s = $3`;
