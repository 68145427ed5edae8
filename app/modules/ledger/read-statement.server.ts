import * as z from 'zod';

import { type Db } from '~/platform/db.server';
import { type Instant } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { type Book, LEDGER_ACCOUNTS, LOT_KINDS, TRANSFER_KINDS } from './shared';

/** So many entries are read at once; a statement itself has no end here. */
const CHUNK = 1000n;

/** A time as text: a Date would cut it to milliseconds, and the order of entries is finer than that. */
const utc = (column: string) =>
  Prisma.raw(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);

const heads = z.array(
  z.object({
    asOf: z.string(),
    walletId: z.string().nullable(),
    available: z.bigint(),
    held: z.bigint(),
    claimed: z.bigint(),
    debt: z.bigint(),
    frozen: z.boolean(),
    seq: z.bigint(),
  }),
);

/** A wallet at an instant: what its statement begins with, and the last entry that belongs to it. */
export type StatementHead = z.infer<typeof heads>[number];

export interface StatementInput {
  book: Book;
  customerId: string;
  /** Undefined is now; what lies ahead is what today's lots and holds leave by then. */
  at: Instant | undefined;
}

/** Undefined when there is no such customer; one without a wallet has an empty one. */
export async function readStatementHead(db: Db, input: StatementInput): Promise<StatementHead | undefined> {
  const { book, customerId } = input;
  const result = await db.$queryRaw`
    SELECT ${utc('i.at')} AS "asOf", b.wallet_id AS "walletId", coalesce(b.available, 0) AS available, coalesce(b.held, 0) AS held,
      coalesce(b.claimed, 0) AS claimed, coalesce(b.debt, 0) AS debt, coalesce(b.frozen, false) AS frozen, coalesce(b.seq, 0) AS seq
    FROM customer c LEFT JOIN wallet w ON w.customer = c.id AND w.book = ${book}::mode
      CROSS JOIN LATERAL (SELECT coalesce(${input.at ?? null}::timestamptz, greatest(ledger_now(), w.last_at)) AS at) i
      LEFT JOIN LATERAL ledger_balance(${book}::mode, c.id, i.at) b ON true
    WHERE c.id = ${customerId}`;
  return heads.parse(result)[0];
}

const rows = z.array(
  z.object({
    entry: z.bigint(),
    recorded_at: z.string(),
    occurred_at: z.string(),
    kind: z.enum(TRANSFER_KINDS),
    from: z.enum(LEDGER_ACCOUNTS),
    to: z.enum(LEDGER_ACCOUNTS),
    amount: z.bigint(),
    available_change: z.bigint(),
    available_after: z.bigint(),
    held_after: z.bigint(),
    claimed_after: z.bigint(),
    debt_after: z.bigint(),
    lot: z.string().nullable(),
    lot_kind: z.enum(LOT_KINDS).nullable(),
    lot_expires_at: z.string().nullable(),
    payment: z.string().nullable(),
    hold: z.string().nullable(),
    transfer: z.string(),
    reverses: z.string().nullable(),
    reason: z.string().nullable(),
    key: z.string(),
    actor: z.string(),
  }),
);

export type StatementRow = z.infer<typeof rows>[number];

/**
 * The entries of a head's wallet up to its last one, newest first, a chunk at a time: none is read twice or left out.
 * Entries are numbered without a gap, so a chunk is a range, and costs the same in a wallet of any length.
 */
export async function* walkStatement(
  db: Db,
  { walletId, seq }: StatementHead,
): AsyncGenerator<StatementRow[]> {
  for (let last = seq; last > 0n; last -= CHUNK) {
    const result = await db.$queryRaw`
      SELECT e.seq AS entry, ${utc('e.recorded_at')} AS recorded_at, ${utc('x.occurred_at')} AS occurred_at, x.kind::text AS kind,
        e."from"::text AS "from", e."to"::text AS "to", e.amount,
        e.amount * ((e."to" = 'available')::int - (e."from" = 'available')::int) AS available_change,
        e.available_after, e.held_after, e.claimed_after, e.debt_after, e.lot, l.kind::text AS lot_kind,
        ${utc(`nullif(l.expires_at, 'infinity')`)} AS lot_expires_at, x.payment, x.hold, e.transfer, x.reverses, nullif(x.reason, '') AS reason, x.key, x.actor
      FROM entry e JOIN transfer x ON x.id = e.transfer LEFT JOIN lot l ON l.id = e.lot
      WHERE e.wallet = ${walletId} AND e.seq <= ${last}::bigint AND e.seq > ${last - CHUNK}::bigint
      ORDER BY e.seq DESC`;
    const found = rows.parse(result);
    if (found.length > 0) yield found;
  }
}
