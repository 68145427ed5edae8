import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { PaymentState } from '../../../prisma/generated/enums';
import { containing, dayOf, members, sinceDay, textOf } from './filters.server';
import { boundedCount, COUNT_LIMIT, countRow, cutPage, every, keyset, type PageAt } from './page.server';
import { type ListView, type PaymentRow } from './shared';

export interface PaymentFilters {
  realmId: string;
  states: PaymentState[];
  /** Part of the customer's e-mail or name, or a whole id of the customer, the payment or its Stripe objects. */
  text: string | undefined;
  /** Only payments settled on this UTC day or later. */
  settledSince: string | undefined;
}

export const paymentFilters = (search: URLSearchParams, realmId: string): PaymentFilters => ({
  realmId,
  states: members(search, 'state', PaymentState),
  text: textOf(search, 'q'),
  settledSince: dayOf(search, 'settled'),
});

const STRIPE_COLUMN: Readonly<Record<string, Prisma.Sql>> = {
  cs: Prisma.sql`p.stripe_session`,
  pi: Prisma.sql`p.stripe_intent`,
  ch: Prisma.sql`p.stripe_charge`,
  in: Prisma.sql`p.stripe_invoice`,
};

/** An id is looked up as it stands, by its own index; anything else is part of a customer's e-mail or name. */
function matching(text: string): Prisma.Sql {
  if (/^pay_\w+$/.test(text)) return Prisma.sql`p.id = ${text}`;
  if (/^cst_\w+$/.test(text)) return Prisma.sql`p.customer = ${text}`;
  const column = STRIPE_COLUMN[/^([a-z]{2})_\w+$/.exec(text)?.[1] ?? ''];
  if (column !== undefined) return Prisma.sql`${column} = ${text}`;
  const pattern = containing(text);
  return Prisma.sql`p.customer IN (SELECT id FROM customer
    WHERE email ILIKE ${pattern} OR name ILIKE ${pattern} OR external_id = ${text})`;
}

function conditions(filters: PaymentFilters): Prisma.Sql {
  const all = [Prisma.sql`p.realm = ${filters.realmId}`];
  if (filters.states.length > 0) all.push(Prisma.sql`p.state = ANY(${filters.states}::payment_state[])`);
  if (filters.settledSince !== undefined)
    all.push(Prisma.sql`p.state = 'paid'`, sinceDay(Prisma.sql`p.paid_at`, filters.settledSince));
  if (filters.text !== undefined) all.push(matching(filters.text));
  return every(all);
}

const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    state: z.enum(PaymentState),
    amount: z.bigint(),
    currency: z.string(),
    credits: z.bigint(),
    pack: z.string().nullable(),
    review_reason: z.string().nullable(),
    created_at: z.date(),
    customer: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
  })
  .transform(({ review_reason, created_at, customer, email, name, ...same }): PaymentRow => ({
    ...same,
    reviewReason: review_reason,
    createdAt: created_at,
    customer: { id: customer, email, name },
  }));

async function readPage(db: Db, where: Prisma.Sql, page: PageAt) {
  const { cursor, within, order } = keyset(
    { at: Prisma.sql`p.created_at`, id: Prisma.sql`p.id`, idType: 'text' },
    page,
  );
  const found = await db.$queryRaw`
    SELECT ${cursor} AS cursor, p.id, p.state::text AS state, coalesce(p.amount_paid, p.amount_subtotal) AS amount,
      p.currency, p.credits, v.name AS pack, p.review_reason, p.created_at, p.customer, c.email, c.name
    FROM payment p
    JOIN customer c ON c.id = p.customer
    LEFT JOIN catalog_version v ON v.id = p.catalog_version
    WHERE ${where} AND ${within}
    ${order}`;
  return cutPage(z.array(row).parse(found), page);
}

/** Payments of one realm, newest first. */
export async function listPayments(
  db: Db,
  filters: PaymentFilters,
  page: PageAt,
): Promise<ListView<PaymentRow>> {
  const where = conditions(filters);
  const [rows, counted] = await Promise.all([
    readPage(db, where, page),
    db.$queryRaw(boundedCount(Prisma.sql`payment p WHERE ${where}`)),
  ]);
  return { ...rows, count: countRow.parse(counted)[0].n, countLimit: COUNT_LIMIT };
}

/** The newest payments of one customer in all realms. */
export async function latestPaymentsOf(db: Db, customerId: string): Promise<PaymentRow[]> {
  const { rows } = await readPage(db, Prisma.sql`p.customer = ${customerId}`, { direction: 'first' });
  return rows;
}
