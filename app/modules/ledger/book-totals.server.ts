import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';
import { type Instant } from '~/platform/time';

import { type Book, BOOKS, LEDGER_ACCOUNTS, type LedgerAccount } from './shared';

/** One account of a book, its wallets together. The book's own accounts fall by what they gave: all accounts sum to zero. */
export interface AccountTotal {
  account: LedgerAccount;
  /** When the UTC day of that instant began. */
  opening: bigint;
  /** Since then. */
  moved: bigint;
}

const totals = z.array(
  z.object({ account: z.enum(LEDGER_ACCOUNTS), opening: z.bigint(), moved: z.bigint() }),
);

/** What each account of a book holds: after every entry recorded by an instant, or after all of them. */
export async function readBookTotals(
  db: Db | Tx,
  { book, at }: { book: Book; at?: Instant | undefined },
): Promise<AccountTotal[]> {
  return totals.parse(
    await db.$queryRaw`
      SELECT account::text AS account, opening, moved
      FROM ledger_totals(${book}::mode, ${at ?? null}::timestamptz + interval '1 microsecond')`,
  );
}

const rolled = z.tuple([z.object({ days: z.int() })]);

/** Rolls up each UTC day that is over and was not yet: reading totals then costs no more as the ledger grows. Answers how many. */
export async function rollBookTotals(db: Db | Tx): Promise<number> {
  return rolled.parse(await db.$queryRaw`SELECT ledger_roll_totals() AS days`)[0].days;
}

/** A day's total that its entries do not bear out. */
export interface TotalFault {
  book: Book;
  day: string;
  account: LedgerAccount;
  rolled: bigint;
  counted: bigint;
}

const totalFaults = z.array(
  z.object({
    book: z.enum(BOOKS),
    day: z.string(),
    account: z.enum(LEDGER_ACCOUNTS),
    rolled: z.bigint(),
    counted: z.bigint(),
  }),
);

/** Counts every entry of the days that are rolled up anew, of one book or of all. Empty means that they agree. */
export async function verifyBookTotals(db: Db | Tx, book?: Book): Promise<TotalFault[]> {
  return totalFaults.parse(
    await db.$queryRaw`
      SELECT book::text AS book, day::text AS day, account::text AS account, rolled, counted
      FROM ledger_verify_totals(${book ?? null}::mode)`,
  );
}
