import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { type Book, type LedgerFault } from './shared';

const faults = z.array(z.object({ walletId: z.string(), entrySeq: z.bigint(), fault: z.string() }));

/**
 * Recomputes the chains of the wallets from `from` to `to` (by id; all when left out), and compares what is projected
 * from their entries with them. Empty means intact; else the first broken entry of each broken wallet.
 */
export async function verifyLedger(
  db: Db | Tx,
  { from, to }: { from?: string | undefined; to?: string | undefined } = {},
): Promise<LedgerFault[]> {
  const before = Prisma.sql`(SELECT min(id) FROM wallet WHERE id > ${to ?? null})`;
  return verifyRange(db, { from, before, book: undefined });
}

interface Range {
  from: string | undefined;
  before: Prisma.Sql | string | undefined;
  /** Leaves out the wallets that only the other book knows. */
  book: Book | undefined;
}

/** Entries whose wallet is missing are in the range in which it would be. */
async function verifyRange(db: Db | Tx, { from, before, book }: Range): Promise<LedgerFault[]> {
  const result = await db.$queryRaw`
    SELECT f.wallet_id AS "walletId", f.entry_seq AS "entrySeq", f.fault
    FROM ledger_verify(${from ?? null}::text, ${before ?? null}::text) f LEFT JOIN wallet w ON w.id = f.wallet_id
    WHERE ${book ?? null}::mode IS NULL OR w.id IS NULL OR w.book = ${book ?? null}::mode
      OR EXISTS (SELECT FROM transfer x WHERE x.wallet = w.id AND x.book = ${book ?? null}::mode)
    ORDER BY f.wallet_id`;
  return faults.parse(result);
}

export interface VerifyOptions {
  /** The first and the last wallet, by id; all when left out. */
  from?: string | undefined;
  to?: string | undefined;
  book?: Book | undefined;
  /** Wallets a range, above zero. */
  batch?: number | undefined;
}

export interface VerifiedRange {
  wallets: number;
  entries: bigint;
  faults: LedgerFault[];
  /** Where to go on; undefined at the end. */
  next: string | undefined;
}

const BATCH = 500;
/** A range ends before the wallet that would take it beyond this: some seconds of work. */
const MOST_ENTRIES = 200_000;

/** The same in ranges that meet, one call to the database each: what is written meanwhile is seen before or after, never half. */
export async function* verifyInRanges(
  db: Db | Tx,
  { from, to, book, batch = BATCH }: VerifyOptions,
): AsyncGenerator<VerifiedRange, void, undefined> {
  for (let start = from; ;) {
    const { before, wallets, entries, isLast } = await nextRange(db, start, to, batch);
    const found = await verifyRange(db, { from: start, before, book });
    const next = isLast ? undefined : before;
    yield { wallets, entries, faults: found, next };
    if (next === undefined) return;
    start = next;
  }
}

const ranges = z.tuple([
  z.object({
    wallets: z.int(),
    entries: z.bigint(),
    before: z
      .string()
      .nullable()
      .transform((id) => id ?? undefined),
    isLast: z.boolean(),
  }),
]);

/** The wallets that come next, and the one at which the range after them begins. */
async function nextRange(db: Db | Tx, from: string | undefined, to: string | undefined, batch: number) {
  const result = await db.$queryRaw`
    WITH page AS (
      SELECT w.id, w.seq, sum(w.seq) OVER (ORDER BY w.id) - w.seq AS earlier
      FROM (SELECT id, seq FROM wallet
            WHERE id >= ${from ?? ''} AND (${to ?? null}::text IS NULL OR id <= ${to ?? null}::text) ORDER BY id LIMIT ${batch}) w
    ), range AS (
      SELECT count(*)::int AS wallets, coalesce(sum(p.seq), 0)::bigint AS entries, max(p.id) AS last
      FROM page p WHERE p.earlier = 0 OR p.earlier + p.seq <= ${MOST_ENTRIES}
    )
    SELECT r.wallets, r.entries, n.id AS before, n.id IS NULL OR coalesce(n.id > ${to ?? null}::text, false) AS "isLast"
    FROM range r LEFT JOIN LATERAL (
      SELECT w.id FROM wallet w WHERE w.id > coalesce(r.last, ${to ?? null}::text, ${from ?? ''}) ORDER BY w.id LIMIT 1) n ON true`;
  return ranges.parse(result)[0];
}
