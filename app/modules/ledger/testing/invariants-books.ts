import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { BOOKS, HOLD_STATES, LEDGER_ACCOUNTS, LOT_KINDS, TRANSFER_KINDS } from '../shared';

const credits = z.number().transform(BigInt);
/** Microseconds since 1970; `infinity` is NEVER. */
const time = credits;
const rowsOf = <T extends z.ZodType>(row: T) =>
  z
    .array(row)
    .nullable()
    .transform((rows) => rows ?? []);

const books = z.object({
  wallets: rowsOf(
    z.object({
      id: z.string(),
      book: z.enum(BOOKS),
      customer: z.string(),
      available: credits,
      held: credits,
      claimed: credits,
      debt: credits,
      seq: credits,
      last_at: time,
      due_at: time,
    }),
  ),
  lots: rowsOf(
    z.object({
      id: z.string(),
      wallet: z.string(),
      kind: z.enum(LOT_KINDS),
      priority: z.number(),
      promo: z.boolean(),
      expires_at: time,
      created_at: time,
      granted: credits,
      available: credits,
      held: credits,
      claimed: credits,
      revoked: credits,
      expired: credits,
      moved: credits,
      open: z.boolean(),
      payment: z.string().nullable(),
      parent_lot: z.string().nullable(),
    }),
  ),
  transfers: rowsOf(
    z.object({
      id: z.string(),
      book: z.enum(BOOKS),
      key: z.string(),
      kind: z.enum(TRANSFER_KINDS),
      wallet: z.string(),
      amount: credits,
      payment: z.string().nullable(),
      hold: z.string().nullable(),
      reverses: z.string().nullable(),
      occurred_at: time,
      recorded_at: time,
    }),
  ),
  entries: rowsOf(
    z.object({
      wallet: z.string(),
      seq: credits,
      transfer: z.string(),
      from: z.enum(LEDGER_ACCOUNTS),
      to: z.enum(LEDGER_ACCOUNTS),
      lot: z.string().nullable(),
      amount: credits,
      available_after: credits,
      held_after: credits,
      claimed_after: credits,
      debt_after: credits,
      lot_available_after: credits.nullable(),
      recorded_at: time,
    }),
  ),
  holds: rowsOf(
    z.object({
      id: z.string(),
      wallet: z.string(),
      amount: credits,
      state: z.enum(HOLD_STATES),
      expires_at: time,
      created_at: time,
    }),
  ),
  parts: rowsOf(z.object({ hold: z.string(), n: z.number(), lot: z.string(), amount: credits })),
  changes: rowsOf(
    z.object({ payment: z.string(), wallet: z.string(), recorded_at: time, actor: z.string() }),
  ),
  claims: rowsOf(
    z.object({
      payment: z.string(),
      wallet: z.string(),
      granted: credits,
      t_gone: credits,
      t_all: credits,
      t_dispute: credits,
      t_debt: credits,
      revoked_dispute: credits,
      shortfall: credits,
      owed: credits,
      repaid: credits,
    }),
  ),
});

/** Every row that the ledger has of some customers, lots in the order they came and entries in the order of their wallets. */
export type Books = z.infer<typeof books>;
export type EntryRow = Books['entries'][number];
export type LotRow = Books['lots'][number];
export type WalletRow = Books['wallets'][number];

const rows = z.tuple([z.object({ books })]);

export async function readBooks(db: Db, customers: readonly string[]): Promise<Books> {
  const result = await db.$queryRaw`
    WITH w AS (SELECT * FROM wallet WHERE customer = ANY(${customers}::text[]))
    SELECT json_build_object(
      'wallets', (SELECT json_agg(row_to_json(q) ORDER BY q.id) FROM (
        SELECT id, book, customer, available, held, claimed, debt, seq, test_micros(last_at) AS last_at, test_micros(due_at) AS due_at FROM w) q),
      'lots', (SELECT json_agg(row_to_json(q) ORDER BY q.wallet, q.created_at, q.id) FROM (
        SELECT l.id, wallet, kind, priority, promo, test_micros(expires_at) AS expires_at, test_micros(l.created_at) AS created_at, granted,
          l.available, l.held, l.claimed, revoked, expired, moved, open, payment, parent_lot FROM lot l JOIN w ON w.id = l.wallet) q),
      'transfers', (SELECT json_agg(row_to_json(q) ORDER BY q.wallet, q.recorded_at, q.id) FROM (
        SELECT x.id, x.book, key, kind, wallet, amount, payment, hold, reverses, test_micros(occurred_at) AS occurred_at,
          test_micros(recorded_at) AS recorded_at FROM transfer x JOIN w ON w.id = x.wallet) q),
      'entries', (SELECT json_agg(row_to_json(q) ORDER BY q.wallet, q.seq) FROM (
        SELECT wallet, e.seq, transfer, "from", "to", lot, amount, available_after, held_after, claimed_after, debt_after,
          lot_available_after, test_micros(recorded_at) AS recorded_at FROM entry e JOIN w ON w.id = e.wallet) q),
      'holds', (SELECT json_agg(row_to_json(q) ORDER BY q.wallet, q.created_at, q.id) FROM (
        SELECT h.id, wallet, amount, state, test_micros(expires_at) AS expires_at, test_micros(h.created_at) AS created_at
        FROM hold h JOIN w ON w.id = h.wallet) q),
      'parts', (SELECT json_agg(row_to_json(q) ORDER BY q.hold, q.n) FROM (
        SELECT p.hold, p.n, p.lot, p.amount FROM hold_part p JOIN hold h ON h.id = p.hold JOIN w ON w.id = h.wallet) q),
      'changes', (SELECT json_agg(row_to_json(q) ORDER BY q.payment, q.n) FROM (
        SELECT c.payment, c.wallet, k.n, k.actor, test_micros(k.recorded_at) AS recorded_at
        FROM claim_change k JOIN claim c ON c.payment = k.payment JOIN w ON w.id = c.wallet) q),
      'claims', (SELECT json_agg(row_to_json(q) ORDER BY q.payment) FROM (SELECT c.* FROM claim c JOIN w ON w.id = c.wallet) q)
    ) AS books`;
  return rows.parse(result)[0].books;
}
