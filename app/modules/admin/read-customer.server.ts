import * as z from 'zod';

import { readBalance, readStatement } from '~/modules/ledger/index.server';
import { type Book, BOOKS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { latestPaymentsOf } from './list-payments.server';
import { readLots } from './read-lots.server';
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
}

const lineNumber = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);
const book = z.enum(BOOKS);

/** Which book's ledger an address asks for, and from where; the present realm's book when it says nothing. */
export function statementQuery(search: URLSearchParams, presentBook: Book): StatementQuery {
  const asked = book.safeParse(search.get('book'));
  const before = lineNumber.safeParse(search.get('after'));
  return {
    book: asked.success ? asked.data : presentBook,
    before: before.success ? before.data : undefined,
  };
}

async function readPage(db: Db, customerId: string, query: StatementQuery): Promise<StatementPage> {
  const lines = await readStatement(db, {
    book: query.book,
    customerId,
    take: LINES + 1,
    ...(query.before === undefined ? {} : { before: { seq: query.before } }),
  });
  const shown = lines.slice(0, LINES);
  return {
    book: query.book,
    lines: shown,
    next: lines.length > LINES ? shown.at(-1)?.seq : undefined,
    isFirst: query.before === undefined,
  };
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
      wallets: { select: { id: true, bookId: true }, take: BOOKS.length },
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
    readCallEntries(db, { purpose: customerId, order: 'desc', take: LATELY }),
    readStatement(db, { book: query.book, customerId, take: LATELY }),
  ]);
  const transfers = transfersOf([...lines].reverse());
  return inOrder([...states, ...mails, ...calls, ...transfers])
    .reverse()
    .slice(0, LATELY);
}

/** Who a customer is and what they hold; undefined when there is no such customer. */
export async function readCustomer(
  db: Db,
  id: string,
  query: StatementQuery,
): Promise<CustomerView | undefined> {
  if (!isId(id)) return undefined;
  const found = await findCustomer(db, id);
  if (found === null) return undefined;
  const { user, wallets, stripeCustomers, ...customer } = found;
  const books = BOOKS.filter(
    (name) => name === query.book || wallets.some((wallet) => wallet.bookId === name),
  );
  const [balances, lots, statement, payments] = await Promise.all([
    Promise.all(
      books.map(async (name) => ({
        book: name,
        walletId: wallets.find((wallet) => wallet.bookId === name)?.id ?? null,
        ...(await readBalance(db, { book: name, customerId: id })),
      })),
    ),
    readLots(db, id),
    readPage(db, id, query),
    latestPaymentsOf(db, id),
  ]);
  return {
    ...customer,
    login: user,
    stripeCustomers,
    balances,
    lots,
    statement,
    payments,
    timeline: await readLately(db, id, query, payments),
  };
}
