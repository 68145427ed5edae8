import * as z from 'zod';

import { readBalance, readStatement } from '~/modules/ledger/index.server';
import { type Book, BOOKS } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { LotKind, Mode } from '../../../prisma/generated/enums';
import { latestPaymentsOf } from './list-payments.server';
import { type CustomerView, type LotView, type StatementPage } from './shared';

const LINES = 25;
const MOST_LOTS = 100;

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

const lotRows = z.array(
  z
    .object({
      id: z.string(),
      book: z.enum(Mode),
      kind: z.enum(LotKind),
      granted: z.bigint(),
      available: z.bigint(),
      held: z.bigint(),
      claimed: z.bigint(),
      is_open: z.boolean(),
      payment: z.string().nullable(),
      expires_at: z.date().nullable(),
      created_at: z.date(),
    })
    .transform(({ is_open, payment, expires_at, created_at, ...same }): LotView => ({
      ...same,
      isOpen: is_open,
      paymentId: payment,
      expiresAt: expires_at,
      createdAt: created_at,
    })),
);

/** Open lots in the order in which they burn, then closed ones. An endless expiry reads as null. */
async function readLots(db: Db, customerId: string): Promise<LotView[]> {
  const found = await db.$queryRaw`
    SELECT l.id, w.book::text AS book, l.kind::text AS kind, l.granted, l.available, l.held, l.claimed, l.open AS is_open, l.payment,
      nullif(l.expires_at, 'infinity') AS expires_at, l.created_at
    FROM wallet w JOIN lot l ON l.wallet = w.id
    WHERE w.customer = ${customerId}
    ORDER BY l.open DESC, w.book, l.priority, l.expires_at, l.promo DESC, l.created_at, l.id
    LIMIT ${MOST_LOTS}`;
  return lotRows.parse(found);
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
        select: { stripeId: true, realm: { select: { name: true, mode: true } } },
        orderBy: { createdAt: 'desc' },
        take: 20,
      },
    },
  });
}

/** Who a customer is and what they hold; undefined when there is no such customer. */
export async function readCustomer(
  db: Db,
  id: string,
  query: StatementQuery,
): Promise<CustomerView | undefined> {
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
    stripeCustomers: stripeCustomers.map(({ stripeId, realm }) => ({
      stripeId,
      realm: realm.name,
      mode: realm.mode,
    })),
    balances,
    lots,
    statement,
    payments,
  };
}
