import * as z from 'zod';

import { type Book } from '~/modules/ledger/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { containing, textOf } from './filters.server';
import { boundedCount, COUNT_LIMIT, countRow, cutPage, every, keyset, type PageAt } from './page.server';
import { type CustomerRow, type ListView } from './shared';

export interface CustomerFilters {
  /** Part of an e-mail or name, or a whole id: ours, the product's, the log-in's or Stripe's. */
  text: string | undefined;
}

export const customerFilters = (search: URLSearchParams): CustomerFilters => ({ text: textOf(search, 'q') });

function matching(text: string): Prisma.Sql {
  if (/^cst_\w+$/.test(text)) return Prisma.sql`c.id = ${text}`;
  if (/^usr_\w+$/.test(text)) return Prisma.sql`c."user" = ${text}`;
  if (/^cus_\w+$/.test(text))
    return Prisma.sql`c.id IN (SELECT s.customer FROM realm r JOIN stripe_customer s ON s.realm = r.id WHERE s.stripe_id = ${text})`;
  const pattern = containing(text);
  return Prisma.sql`(c.email ILIKE ${pattern} OR c.name ILIKE ${pattern} OR c.external_id = ${text})`;
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
  const where = every(filters.text === undefined ? [] : [matching(filters.text)]);
  const { cursor, within, order } = keyset(
    { at: Prisma.sql`c.created_at`, id: Prisma.sql`c.id`, idType: 'text' },
    page,
  );
  // The page is cut first: balances and counts are worked out for its rows alone.
  const [found, counted] = await Promise.all([
    db.$queryRaw`
      WITH page AS MATERIALIZED (SELECT c.* FROM customer c WHERE ${where} AND ${within} ${order})
      SELECT ${cursor} AS cursor, c.id, c.email, c.name, c."user" IS NOT NULL AS has_login,
        coalesce(b.available, 0) AS available, coalesce(b.debt, 0) AS debt, coalesce(b.frozen, false) AS is_frozen,
        (SELECT count(*) FROM payment p WHERE p.customer = c.id)::int AS payments, c.created_at
      FROM page c
      LEFT JOIN LATERAL ledger_balance(${book}::mode, c.id, clock_timestamp()) b ON true
      ${order}`,
    db.$queryRaw(boundedCount(Prisma.sql`customer c WHERE ${where}`)),
  ]);
  return {
    ...cutPage(z.array(row).parse(found), page),
    count: countRow.parse(counted)[0].n,
    countLimit: COUNT_LIMIT,
  };
}
