import * as z from 'zod';

import { type Db } from '~/platform/db.server';
import { days, utcDay } from '~/platform/time';

import { Prisma } from '../../../prisma/generated/client';
import { DeliveryVerdict } from '../../../prisma/generated/enums';
import { type CountedList, countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, members, textOf } from './filters.server';
import { cutPage, every, type ListSource, PAGE_SIZE, type PageAt, pageSql } from './page.server';
import { type Reader, readInTime } from './read-in-time.server';
import { realmsOf } from './realms.server';
import { type DeliveryRow, type ListView, type RealmRef, REFUSED_VERDICTS } from './shared';

export interface DeliveryFilters {
  realmIds: string[];
  verdicts: DeliveryVerdict[];
  /** What was asked for, its beginning when it ends in an asterisk. */
  path: string | undefined;
  ip: string | undefined;
  since: string | undefined;
  until: string | undefined;
  /** `since` was not asked for: addresses and paths have no index, so a search by them reads a week. */
  isLastWeek: boolean;
}

export function deliveryFilters(
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
  now: Date,
): DeliveryFilters {
  const [path, ip] = [textOf(search, 'path'), textOf(search, 'ip')];
  const asked = dayOf(search, 'since');
  const isLastWeek = asked === undefined && (path !== undefined || ip !== undefined);
  const weekAgo = utcDay(new Date(now.getTime() - days(7)));
  return {
    realmIds: realmsOf(search, known, present),
    verdicts: members(search, 'verdict', DeliveryVerdict),
    path,
    ip,
    since: isLastWeek ? weekAgo : asked,
    until: dayOf(search, 'until'),
    isLastWeek,
  };
}

const sql = Prisma.sql;
const SOURCE: ListSource = { table: sql`delivery d`, at: sql`d.at`, id: sql`d.id`, idType: 'bigint' };

const isRefused = (verdict: DeliveryVerdict) => REFUSED_VERDICTS.some((refused) => refused === verdict);

/** A delivery that no secret verified belongs to no realm; staff of every realm see it. */
function branches(filters: DeliveryFilters): Prisma.Sql[] {
  const { realmIds, verdicts, path, ip, since, until } = filters;
  const narrow = [
    sql`(d.realm = ANY(${realmIds}::text[]) OR d.realm IS NULL)`,
    ...(path === undefined
      ? []
      : [path.endsWith('*') ? sql`starts_with(d.path, ${path.slice(0, -1)})` : sql`d.path = ${path}`]),
    ...(ip === undefined ? [] : [sql`d.ip = ${ip}`]),
    ...betweenDays(sql`d.at`, since, until),
  ];
  const all = verdicts.length > 0 && verdicts.every(isRefused) ? REFUSED_ONLY : sql`true`;
  return branchesOf(
    verdicts.map((verdict) => sql`d.verdict = ${verdict}::delivery_verdict AND ${all}`),
    [every(narrow)],
  );
}

/** Said in the words of the index that holds refused deliveries alone. */
const REFUSED_ONLY = sql`(d.verdict <> 'first'::delivery_verdict AND d.verdict <> 'repeat'::delivery_verdict)`;

const row = z
  .object({
    cursor: z.string(),
    id: z.bigint(),
    at: z.date(),
    verdict: z.enum(DeliveryVerdict),
    detail: z.string().nullable(),
    realm: z.string().nullable(),
    event: z.string().nullable(),
    event_type: z.string().nullable(),
    status: z.number(),
    ms: z.number(),
    ip: z.string().nullable(),
    agent: z.string().nullable(),
    path: z.string(),
    secret: z.number().nullable(),
    sender_redacted: z.boolean(),
    payload_redacted: z.boolean(),
  })
  .transform(({ realm, event, event_type, sender_redacted, payload_redacted, ...same }): DeliveryRow => ({
    ...same,
    realmId: realm,
    eventId: event,
    eventType: event_type,
    isSenderRedacted: sender_redacted,
    isPayloadRedacted: payload_redacted,
  }));

async function readPage(db: Reader, where: Prisma.Sql[], page: PageAt, take = PAGE_SIZE) {
  const { found, order } = pageSql(SOURCE, where, page, take);
  const rows = await db.$queryRaw`
    SELECT cursor, d.id, d.at, d.verdict::text AS verdict, d.detail, d.realm, d.event, d.event_type, d.status::int AS status,
      d.ms::float8 AS ms, d.ip, d.agent, d.path, d.secret::int AS secret,
      d.redacted_at IS NOT NULL AS sender_redacted, coalesce(e.redacted_at IS NOT NULL, false) AS payload_redacted
    FROM ${found}
    JOIN delivery d ON d.id = found_id
    LEFT JOIN event e ON e.realm = d.realm AND e.id = d.event
    ${order}`;
  return cutPage(z.array(row).parse(rows), page, take);
}

/** HTTP requests that carried events, refused ones too, newest first. */
export async function listDeliveries(
  db: Db,
  filters: DeliveryFilters,
  page: PageAt,
): Promise<ListView<DeliveryRow>> {
  const where = branches(filters);
  return readInTime(db, async (tx) => ({
    ...(await readPage(tx, where, page)),
    count: await countRows(tx, SOURCE, where),
  }));
}

/** The same list, to be counted beside others. */
export const countedDeliveries = (filters: DeliveryFilters): CountedList => ({
  source: SOURCE,
  branches: branches(filters),
});

/** The newest of them, without the list around them. */
export async function newestDeliveries(
  db: Reader,
  filters: DeliveryFilters,
  take: number,
): Promise<DeliveryRow[]> {
  const { rows } = await readPage(db, branches(filters), { direction: 'first' }, take);
  return rows;
}

/** The newest deliveries of one event. */
export async function deliveriesOf(db: Db, realmId: string, eventId: string): Promise<DeliveryRow[]> {
  const { rows } = await readPage(db, [sql`d.realm = ${realmId} AND d.event = ${eventId}`], {
    direction: 'first',
  });
  return rows;
}
