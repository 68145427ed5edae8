import * as z from 'zod';

import { readStatement, readStatementHead } from '~/modules/ledger/index.server';
import { type Book, BOOKS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';
import { type Instant, parseInstant } from '~/platform/time';

import { isId } from './filters.server';
import { latestPaymentsOf } from './list-payments.server';
import { readLots, readLotsAt } from './read-lots.server';
import { REALM_REF } from './realms.server';
import { type CustomerView, type PaymentRow, type StatementPage, type TimelineEntry } from './shared';
import { inOrder, readCallEntries, readMailEntries, readStateEntries, transfersOf } from './timeline.server';

const LINES = 25;
/** What the timeline shows of the last days. */
const LATELY = 20;

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

async function findCustomer(db: Db, id: string) {
  return db.customer.findUnique({
    where: { id },
    select: {
      id: true,
      email: true,
      name: true,
      externalId: true,
      createdAt: true,
      user: { select: { id: true, role: true, emailVerifiedAt: true } },
      stripeCustomers: {
        select: { stripeId: true, realm: { select: REALM_REF } },
        orderBy: { createdAt: 'desc' },
        take: 20,
      },
    },
  });
}

/** The newest of everything that happened to a customer: payments, credits, mails, calls to Stripe. */
async function readLately(
  db: Db,
  customerId: string,
  query: StatementQuery,
  payments: PaymentRow[],
): Promise<TimelineEntry[]> {
  const paymentIds = payments.map((payment) => payment.id);
  const [states, mails, calls, lines] = await Promise.all([
    readStateEntries(db, { paymentIds, order: 'desc', take: LATELY }),
    readMailEntries(db, { paymentIds, take: LATELY }),
    readCallEntries(db, { purposes: [customerId], order: 'desc', take: LATELY }),
    readStatement(db, { book: query.book, customerId, take: LATELY }),
  ]);
  const transfers = transfersOf([...lines].reverse());
  return inOrder([...states, ...mails, ...calls, ...transfers])
    .reverse()
    .slice(0, LATELY);
}

/** What happened lately is of the present: a wallet as of another time is shown without it. */
async function readPresent(db: Db, id: string, query: StatementQuery) {
  if (query.at !== undefined) return { payments: [], timeline: [] };
  const payments = await latestPaymentsOf(db, id);
  return { payments, timeline: await readLately(db, id, query, payments) };
}

/** Who a customer is and what they hold or held; undefined when there is no such customer. */
export async function readCustomer(
  db: Db,
  id: string,
  query: StatementQuery,
): Promise<CustomerView | undefined> {
  if (!isId(id)) return undefined;
  const found = await findCustomer(db, id);
  if (found === null) return undefined;
  const { user, stripeCustomers, ...customer } = found;
  const balances = await readBalances(db, id, query);
  const last = balances.find(({ book }) => book === query.book)?.seq ?? 0n;
  const [lots, statement, present] = await Promise.all([
    query.at === undefined ? readLots(db, id) : readLotsAt(db, id, query.at),
    readPage(db, id, query, last),
    readPresent(db, id, query),
  ]);
  return {
    ...customer,
    login: user,
    stripeCustomers,
    asOf: query.at === undefined ? undefined : { at: query.at, isAhead: Date.parse(query.at) > Date.now() },
    noInstant: query.noInstant,
    balances,
    lots,
    statement,
    ...present,
  };
}
