import * as z from 'zod';

import { readStatement, readStatementHead } from '~/modules/ledger/index.server';
import { type Book, BOOKS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';
import { type Instant, parseInstant } from '~/platform/time';

import { isId } from './filters.server';
import { readLots, readLotsAt } from './read-lots.server';
import { type CustomerView, type HoldRow, type StatementPage } from './shared';

const LINES = 25;

export interface StatementQuery {
  book: Book;
  /** The last line already shown. */
  before: bigint | undefined;
  /** As of when; now when it is undefined. */
  at?: Instant | undefined;
  /** What was asked for and is no instant. */
  noInstant?: string | undefined;
}

const lineNumber = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);
const book = z.enum(BOOKS);

/** Which book's ledger an address asks for, from where and as of when; the present realm's book when it says nothing. */
export function statementQuery(search: URLSearchParams, presentBook: Book): StatementQuery {
  const asked = book.safeParse(search.get('book'));
  const before = lineNumber.safeParse(search.get('after'));
  const when = search.get('at') ?? '';
  // A form's field of date and time sends no offset: it says UTC beside the field.
  const at = parseInstant(when) ?? parseInstant(`${when}Z`);
  return {
    book: asked.success ? asked.data : presentBook,
    before: before.success ? before.data : undefined,
    at,
    noInstant: at === undefined && when !== '' ? when : undefined,
  };
}

async function readPage(
  db: Db,
  customerId: string,
  { book, before, at }: StatementQuery,
  last: bigint,
): Promise<StatementPage> {
  const lines = await readStatement(db, {
    book,
    customerId,
    take: LINES + 1,
    ...(before === undefined ? {} : { before: { seq: before } }),
    ...(at === undefined ? {} : { last }),
  });
  const shown = lines.slice(0, LINES);
  return {
    book,
    lines: shown,
    next: lines.length > LINES ? shown.at(-1)?.seq : undefined,
    isFirst: before === undefined,
  };
}

/** What a customer holds in each book where they hold anything, and in the one that is asked for. */
async function readBalances(db: Db, customerId: string, { book, at }: StatementQuery) {
  const wallets = await db.wallet.findMany({
    where: { customerId },
    select: { bookId: true },
    take: BOOKS.length,
  });
  const books = BOOKS.filter((name) => name === book || wallets.some(({ bookId }) => bookId === name));
  return Promise.all(
    books.map(async (name) => {
      const head = await readStatementHead(db, { book: name, customerId, at });
      if (head === undefined) throw new Error(`Customer ${customerId} is gone.`);
      return { book: name, ...head };
    }),
  );
}

const MOST_HOLDS = 50;

/** Holds in the asked book, the newest first: those that stand among them. */
async function readHolds(db: Db, customerId: string, book: Book): Promise<HoldRow[]> {
  const rows = await db.hold.findMany({
    where: { wallet: { customerId, bookId: book } },
    orderBy: { createdAt: 'desc' },
    take: MOST_HOLDS,
    select: { id: true, state: true, amount: true, createdAt: true, expiresAt: true },
  });
  const now = Date.now();
  return rows.map((hold) => ({
    ...hold,
    book,
    state: hold.state === 'active' && hold.expiresAt.getTime() <= now ? 'expired' : hold.state,
  }));
}

/** What a customer holds or held, and how it came about; undefined when there is no such customer. */
export async function readCustomer(
  db: Db,
  id: string,
  query: StatementQuery,
): Promise<CustomerView | undefined> {
  if (!isId(id)) return undefined;
  if ((await db.customer.count({ where: { id } })) === 0) return undefined;
  const balances = await readBalances(db, id, query);
  const last = balances.find(({ book }) => book === query.book)?.seq ?? 0n;
  const [lots, statement, holds] = await Promise.all([
    query.at === undefined ? readLots(db, id) : readLotsAt(db, id, query.at),
    readPage(db, id, query, last),
    query.at === undefined ? readHolds(db, id, query.book) : [],
  ]);
  return {
    id,
    asOf: query.at === undefined ? undefined : { at: query.at, isAhead: Date.parse(query.at) > Date.now() },
    noInstant: query.noInstant,
    balances,
    lots,
    statement,
    holds,
  };
}
