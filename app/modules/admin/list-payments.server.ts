import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { PaymentKind, PaymentState } from '../../../prisma/generated/enums';
import { parseAmount } from '~/platform/amount-text';
import { betweenAmounts } from './between-amounts.server';
import { type CountedList, countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, members, textOf, wordsOf } from './filters.server';
import { cutPage, every, type ListSource, PAGE_SIZE, pageAfter, type PageAt, pageSql } from './page.server';
import { type Reader, readInTime } from './read-in-time.server';
import { realmsOf } from './realms.server';
import { searchPayments } from './search-payments.server';
import { type ListView, type PaymentRow, type RealmRef } from './shared';

export interface PaymentFilters {
  /** The realms that are listed. */
  realmIds: string[];
  /** All realms: an id is found in any of them. */
  knownRealmIds: string[];
  states: PaymentState[];
  kinds: PaymentKind[];
  currencies: string[];
  reasons: string[];
  /** Created on these UTC days, both included. */
  since: string | undefined;
  until: string | undefined;
  /** Settled on these UTC days, both included. */
  settledSince: string | undefined;
  settledUntil: string | undefined;
  /** What was paid, or is asked for, in whole units: "20", "19.99". */
  atLeast: string | undefined;
  atMost: string | undefined;
  /** Anything that a ticket contains. */
  text: string | undefined;
}

function amountOf(search: URLSearchParams, name: string): string | undefined {
  const text = textOf(search, name);
  return text === undefined || parseAmount(text) === undefined ? undefined : text;
}

export const paymentFilters = (
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
): PaymentFilters => ({
  realmIds: realmsOf(search, known, present),
  knownRealmIds: known.map((realm) => realm.id),
  states: members(search, 'state', PaymentState),
  kinds: members(search, 'kind', PaymentKind),
  currencies: wordsOf(search, 'currency'),
  reasons: wordsOf(search, 'reason'),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
  settledSince: dayOf(search, 'settled'),
  settledUntil: dayOf(search, 'settledUntil'),
  atLeast: amountOf(search, 'min'),
  atMost: amountOf(search, 'max'),
  text: textOf(search, 'q'),
});

const sql = Prisma.sql;
const BY_CREATION: ListSource = {
  table: sql`payment p`,
  at: sql`p.created_at`,
  id: sql`p.id`,
  idType: 'text',
};
/** What settled in some time is listed by when it settled: those rows lie together in an index, wherever they were begun. */
const BY_SETTLEMENT: ListSource = { ...BY_CREATION, at: sql`p.paid_at` };

const asksSettled = ({ settledSince, settledUntil }: PaymentFilters): boolean =>
  settledSince !== undefined || settledUntil !== undefined;
const sourceOf = (filters: PaymentFilters): ListSource =>
  asksSettled(filters) ? BY_SETTLEMENT : BY_CREATION;

/** The list as branches, each read from one place of one index; none when the search finds nothing. */
async function branches(db: Reader, filters: PaymentFilters): Promise<Prisma.Sql[]> {
  const { text, realmIds, knownRealmIds, settledSince, settledUntil } = filters;
  const search = text === undefined ? undefined : await searchPayments(db, text, realmIds, knownRealmIds);
  if (search?.conditions.length === 0) return [];
  const narrow = [
    ...(filters.kinds.length > 1 ? [sql`p.kind = ANY(${filters.kinds}::payment_kind[])`] : []),
    ...betweenDays(sql`p.created_at`, filters.since, filters.until),
    ...(asksSettled(filters) ? [sql`p.state = 'paid' AND p.paid_at IS NOT NULL`] : []),
    ...betweenDays(sql`p.paid_at`, settledSince, settledUntil),
    ...(await betweenAmounts(db, filters, realmIds)),
  ];
  return branchesOf(
    search?.conditions ?? [],
    [every(narrow)],
    (search?.kind === 'id' ? knownRealmIds : realmIds).map((id) => sql`p.realm = ${id}`),
    filters.reasons.map((reason) => sql`p.review_reason = ${reason}`),
    filters.kinds.length === 1 ? filters.kinds.map((kind) => sql`p.kind = ${kind}::payment_kind`) : [],
    filters.states.map((state) => sql`p.state = ${state}::payment_state`),
    filters.currencies.map((currency) => sql`p.currency = ${currency}`),
  );
}

const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    state: z.enum(PaymentState),
    kind: z.enum(PaymentKind),
    amount: z.bigint(),
    currency: z.string(),
    credits: z.bigint(),
    pack: z.string().nullable(),
    card: z.string().nullable(),
    review_reason: z.string().nullable(),
    created_at: z.date(),
    paid_at: z.date().nullable(),
    realm: z.string(),
    customer: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
  })
  .transform(({ review_reason, created_at, paid_at, realm, customer, email, name, ...same }): PaymentRow => ({
    ...same,
    realmId: realm,
    reviewReason: review_reason,
    createdAt: created_at,
    paidAt: paid_at,
    customer: { id: customer, email, name },
  }));

async function readPage(
  db: Reader,
  of: { source: ListSource; where: Prisma.Sql[]; page: PageAt; take?: number },
) {
  const { source, where, page, take = PAGE_SIZE } = of;
  if (where.length === 0) return cutPage<PaymentRow>([], page, take);
  const { found, order } = pageSql(source, where, page, take);
  const rows = await db.$queryRaw`
    SELECT cursor, p.id, p.state::text AS state, p.kind::text AS kind, coalesce(p.amount_paid, p.amount_subtotal) AS amount,
      p.currency, p.credits, v.name AS pack, p.card, p.review_reason, p.created_at, p.paid_at, p.realm, p.customer, c.email, c.name
    FROM ${found}
    JOIN payment p ON p.id = found_id
    JOIN customer c ON c.id = p.customer
    LEFT JOIN catalog_version v ON v.id = p.catalog_version
    ${order}`;
  return cutPage(z.array(row).parse(rows), page, take);
}

/** Payments that the filters let through, newest first: those that settled in some time by when they did. */
export async function listPayments(
  db: Db,
  filters: PaymentFilters,
  page: PageAt,
): Promise<ListView<PaymentRow>> {
  return readInTime(db, async (tx) => {
    const [source, where] = [sourceOf(filters), await branches(tx, filters)];
    return { ...(await readPage(tx, { source, where, page })), count: await countRows(tx, source, where) };
  });
}

/** The newest of them, without the list around them. */
export async function newestPayments(
  db: Reader,
  filters: PaymentFilters,
  take: number,
): Promise<PaymentRow[]> {
  const where = await branches(db, filters);
  const { rows } = await readPage(db, {
    source: sourceOf(filters),
    where,
    page: { direction: 'first' },
    take,
  });
  return rows;
}

/** The same list, to be counted beside others. */
export async function countedPayments(db: Reader, filters: PaymentFilters): Promise<CountedList> {
  return { source: sourceOf(filters), branches: await branches(db, filters) };
}

/** The newest payments of one customer in all realms. */
export async function latestPaymentsOf(db: Db, customerId: string): Promise<PaymentRow[]> {
  const where = [sql`p.customer = ${customerId}`];
  const { rows } = await readPage(db, { source: BY_CREATION, where, page: { direction: 'first' } });
  return rows;
}

/** The same list to its end, in pages of ids for a reader that writes them out. */
export async function* walkPayments(db: Db, filters: PaymentFilters, take: number): AsyncGenerator<string[]> {
  const where = await branches(db, filters);
  if (where.length === 0) return;
  let page: PageAt = { direction: 'first' };
  for (;;) {
    const { found, order } = pageSql(sourceOf(filters), where, page, take);
    const rows = z
      .array(z.object({ found_id: z.string(), cursor: z.string() }))
      .parse(await db.$queryRaw`SELECT found_id, cursor FROM ${found} ${order}`);
    const shown = cutPage(rows, page, take);
    if (shown.rows.length > 0) yield shown.rows.map((one) => one.found_id);
    const last = shown.rows.at(-1);
    if (shown.next === undefined || last === undefined) return;
    page = pageAfter(last.cursor);
  }
}
