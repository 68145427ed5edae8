import * as z from 'zod';

import { DISPUTE_ANSWERABLE } from '~/modules/disputes/shared';
import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { MoneyBackKind, MoneyBackLevel } from '../../../prisma/generated/enums';
import { countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, textOf, wordsOf } from './filters.server';
import { cutPage, every, type ListSource, PAGE_SIZE, pageAfter, type PageAt, pageSql } from './page.server';
import { type Reader, readInTime } from './read-in-time.server';
import { realmsOf } from './realms.server';
import { searchPayments } from './search-payments.server';
import { type ListView, type MoneyBackRow, type RealmRef } from './shared';

export interface MoneyBackFilters {
  kind: MoneyBackKind;
  realmIds: string[];
  knownRealmIds: string[];
  /** Stripe's words, or ours before Stripe knows of it. */
  statuses: string[];
  reasons: string[];
  since: string | undefined;
  until: string | undefined;
  text: string | undefined;
}

export const moneyBackFilters = (
  search: URLSearchParams,
  kind: MoneyBackKind,
  known: readonly RealmRef[],
  present: string,
): MoneyBackFilters => ({
  kind,
  realmIds: realmsOf(search, known, present),
  knownRealmIds: known.map((realm) => realm.id),
  statuses: wordsOf(search, 'status'),
  reasons: wordsOf(search, 'reason'),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
  text: textOf(search, 'q'),
});

const sql = Prisma.sql;
const NEWEST: ListSource = {
  table: sql`money_back m`,
  at: sql`m.created_at`,
  id: sql`m.id`,
  idType: 'text',
};
/** Where all wait for an answer, the next deadline stands first. One without a deadline is looked at at once. */
const BY_DEADLINE: ListSource = { ...NEWEST, at: sql`coalesce(m.due_by, m.created_at)`, isRising: true };

function sourceOf({ kind, statuses }: MoneyBackFilters): ListSource {
  const answerable: readonly string[] = DISPUTE_ANSWERABLE;
  const waits = statuses.length > 0 && statuses.every((status) => answerable.includes(status));
  return kind === 'dispute' && waits ? BY_DEADLINE : NEWEST;
}

/** What a ticket contains, as conditions on `money_back m`: its own ids, or whatever leads to its payment. */
async function findText(db: Reader, filters: MoneyBackFilters): Promise<Prisma.Sql[] | undefined> {
  const { text, realmIds, knownRealmIds } = filters;
  if (text === undefined) return undefined;
  if (text.startsWith('mbk_')) return [sql`m.id = ${text}`];
  if (/^(re|pyr|du|dp)_/.test(text)) return [sql`m.stripe_id = ${text}`];
  const { conditions } = await searchPayments(db, text, realmIds, knownRealmIds);
  return conditions.map((condition) => sql`m.payment IN (SELECT p.id FROM payment p WHERE ${condition})`);
}

/** The list as branches, each read from one place of one index; none when the search finds nothing. */
async function branches(db: Reader, filters: MoneyBackFilters): Promise<Prisma.Sql[]> {
  const found = await findText(db, filters);
  if (found?.length === 0) return [];
  return branchesOf(
    found ?? [],
    [
      every([
        sql`m.kind = ${filters.kind}::money_back_kind`,
        ...betweenDays(sql`m.created_at`, filters.since, filters.until),
      ]),
    ],
    filters.realmIds.map((id) => sql`m.realm = ${id}`),
    filters.statuses.map((status) => sql`m.status = ${status}`),
    filters.reasons.map((reason) => sql`m.reason = ${reason}`),
  );
}

const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    realm: z.string(),
    kind: z.enum(MoneyBackKind),
    stripe_id: z.string().nullable(),
    status: z.string(),
    level: z.enum(MoneyBackLevel),
    amount: z.bigint(),
    currency: z.string(),
    reason: z.string().nullable(),
    failure: z.string().nullable(),
    due_by: z.date().nullable(),
    actor: z.string().nullable(),
    actor_name: z.string().nullable(),
    payment: z.string(),
    created_at: z.date(),
    customer: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    granted: z.bigint().nullable(),
    taken: z.bigint().nullable(),
    shortfall: z.bigint().nullable(),
    owed: z.bigint().nullable(),
  })
  .transform((found): MoneyBackRow => {
    const { id, cursor, kind, status, level, amount, currency, reason, failure, actor } = found;
    const { granted, taken, shortfall, owed } = found;
    return {
      ...{ id, cursor, kind, status, level, amount, currency, reason, failure, actor },
      ...{
        realmId: found.realm,
        stripeId: found.stripe_id,
        dueBy: found.due_by,
        createdAt: found.created_at,
      },
      ...{ actorName: found.actor_name, paymentId: found.payment },
      customer: { id: found.customer, email: found.email, name: found.name },
      claim:
        granted === null || taken === null || shortfall === null || owed === null
          ? null
          : { granted, taken, shortfall, owed },
    };
  });

async function readPage(
  db: Reader,
  of: { source: ListSource; where: Prisma.Sql[]; page: PageAt; take?: number },
) {
  const { source, where, page, take = PAGE_SIZE } = of;
  if (where.length === 0) return cutPage<MoneyBackRow>([], page, take);
  const { found, order } = pageSql(source, where, page, take);
  const rows = await db.$queryRaw`
    SELECT cursor, m.id, m.realm, m.kind::text AS kind, m.stripe_id, m.status, m.level::text AS level, m.amount, m.currency, m.reason,
      m.failure, m.due_by, m.actor, u.name AS actor_name, m.payment, m.created_at, p.customer, c.email, c.name,
      k.granted, coalesce(l.taken, 0)::bigint AS taken, k.shortfall, k.owed - k.repaid AS owed
    FROM ${found}
    JOIN money_back m ON m.id = found_id
    JOIN payment p ON p.id = m.payment
    JOIN customer c ON c.id = p.customer
    LEFT JOIN claim k ON k.payment = m.payment
    LEFT JOIN LATERAL (SELECT sum(revoked + claimed) AS taken FROM lot WHERE payment = m.payment) l ON true
    LEFT JOIN "user" u ON u.id = m.actor
    ${order}`;
  return cutPage(z.array(row).parse(rows), page, take);
}

/** Refunds or disputes that the filters let through, newest first; those that wait for an answer by their deadline. */
export function listMoneyBacks(
  db: Db,
  filters: MoneyBackFilters,
  page: PageAt,
): Promise<ListView<MoneyBackRow>> {
  const source = sourceOf(filters);
  return readInTime(db, async (tx) => {
    const where = await branches(tx, filters);
    return { ...(await readPage(tx, { source, where, page })), count: await countRows(tx, source, where) };
  });
}

/** The same list to its end, a page at a time. */
export async function* walkMoneyBacks(
  db: Db,
  filters: MoneyBackFilters,
  take: number,
): AsyncGenerator<MoneyBackRow[]> {
  const [source, where] = [sourceOf(filters), await branches(db, filters)];
  let page: PageAt = { direction: 'first' };
  for (;;) {
    const { rows, next } = await readPage(db, { source, where, page, take });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (next === undefined || last === undefined) return;
    page = pageAfter(last.cursor);
  }
}
