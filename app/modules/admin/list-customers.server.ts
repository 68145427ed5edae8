import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { countRows } from './count-rows.server';
import { branchesOf, members, textOf, wordsOfCustomer } from './filters.server';
import { cutPage, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import {
  CUSTOMER_DELETION_STATE,
  type CustomerDeletionState,
  type CustomerRef,
  type CustomerRow,
  type ListView,
} from './shared';

export interface CustomerFilters {
  /** Part of an e-mail or name, or a whole id: ours, the product's, the log-in's, the wallet's or Stripe's. */
  text: string | undefined;
  /** How far their deletion is; none asks for all customers. */
  states: CustomerDeletionState[];
}

export const customerFilters = (search: URLSearchParams): CustomerFilters => ({
  text: textOf(search, 'q'),
  states: members(search, 'state', CUSTOMER_DELETION_STATE),
});

const sql = Prisma.sql;
const SOURCE: ListSource = { table: sql`customer c`, at: sql`c.created_at`, id: sql`c.id`, idType: 'text' };

const ID: Readonly<Record<string, (id: string) => Prisma.Sql>> = {
  cst: (id) => sql`c.id = ${id}`,
  usr: (id) => sql`c."user" = ${id}`,
  wal: (id) => sql`c.id IN (SELECT customer FROM wallet WHERE id = ${id})`,
  pay: (id) => sql`c.id IN (SELECT customer FROM payment WHERE id = ${id})`,
  cus: (id) =>
    sql`c.id IN (SELECT s.customer FROM realm r JOIN stripe_customer s ON s.realm = r.id WHERE s.stripe_id = ${id})`,
};

const DELETION: Record<CustomerDeletionState, Prisma.Sql> = {
  being_deleted: sql`c.id IN (SELECT customer FROM customer_deletion WHERE state IN ('asked', 'under_way', 'waiting'))`,
  deleted: sql`c.id IN (SELECT customer FROM customer_deletion WHERE state = 'done')`,
};

function branches({ text, states }: CustomerFilters): Prisma.Sql[] {
  const found = branchesOf(
    matching(text),
    states.map((state) => DELETION[state]),
  );
  return found.length === 0 ? [sql`true`] : found;
}

function matching(text: string | undefined): Prisma.Sql[] {
  if (text === undefined) return [];
  const ofProduct = sql`c.external_id = ${text}`;
  const byId = ID[/^([a-z]{3})_\w+$/.exec(text)?.[1] ?? ''];
  if (byId !== undefined) return [byId(text), ofProduct];
  return [wordsOfCustomer(text), ofProduct];
}

const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    has_login: z.boolean(),
    available: z.bigint(),
    debt: z.bigint(),
    is_frozen: z.boolean(),
    payments: z.number(),
    created_at: z.date(),
  })
  .transform(({ has_login, is_frozen, created_at, ...same }): CustomerRow => ({
    ...same,
    hasLogin: has_login,
    isFrozen: is_frozen,
    createdAt: created_at,
  }));

/** Customers, newest first, with what each holds now in one book. */
export async function listCustomers(
  db: Db,
  filters: CustomerFilters,
  book: Book,
  page: PageAt,
): Promise<ListView<CustomerRow>> {
  const where = branches(filters);
  const { found, order } = pageSql(SOURCE, where, page);
  // The page is cut first: balances and counts are worked out for its rows alone.
  return readInTime(db, async (tx) => {
    const rows = await tx.$queryRaw`
      SELECT cursor, c.id, c.email, c.name, c."user" IS NOT NULL AS has_login,
        coalesce(b.available, 0) AS available, coalesce(b.debt, 0) AS debt, coalesce(b.frozen, false) AS is_frozen,
        (SELECT count(*) FROM payment p WHERE p.customer = c.id)::int AS payments, c.created_at
      FROM ${found}
      JOIN customer c ON c.id = found_id
      LEFT JOIN LATERAL ledger_balance(${book}::mode, c.id, clock_timestamp()) b ON true
      ${order}`;
    return { ...cutPage(z.array(row).parse(rows), page), count: await countRows(tx, SOURCE, where) };
  });
}

const names = z.array(
  z.object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() }),
);

/** The newest that a text finds, by name, without what they hold. */
export async function newestCustomers(db: Db, text: string, take: number): Promise<CustomerRef[]> {
  const { found, order } = pageSql(SOURCE, branches({ text, states: [] }), { direction: 'first' }, take);
  return readInTime(db, async (tx) => {
    const rows = names.parse(
      await tx.$queryRaw`SELECT c.id, c.email, c.name FROM ${found} JOIN customer c ON c.id = found_id ${order}`,
    );
    return rows.slice(0, take);
  });
}
