import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { DeliveryVerdict } from '../../../prisma/generated/enums';
import { dayOf, members, sinceDay } from './filters.server';
import { boundedCount, COUNT_LIMIT, countRow, cutPage, every, keyset, type PageAt } from './page.server';
import { type DeliveryRow, type ListView } from './shared';

export interface DeliveryFilters {
  realmId: string;
  verdicts: DeliveryVerdict[];
  since: string | undefined;
}

export const deliveryFilters = (search: URLSearchParams, realmId: string): DeliveryFilters => ({
  realmId,
  verdicts: members(search, 'verdict', DeliveryVerdict),
  since: dayOf(search, 'since'),
});

/** A delivery that no secret verified belongs to no realm; staff of every realm see it. */
function conditions(filters: DeliveryFilters): Prisma.Sql {
  const all = [Prisma.sql`(d.realm = ${filters.realmId} OR d.realm IS NULL)`];
  if (filters.verdicts.length > 0)
    all.push(Prisma.sql`d.verdict = ANY(${filters.verdicts}::delivery_verdict[])`);
  if (filters.since !== undefined) all.push(sinceDay(Prisma.sql`d.at`, filters.since));
  return every(all);
}

const row = z
  .object({
    cursor: z.string(),
    id: z.bigint(),
    at: z.date(),
    verdict: z.enum(DeliveryVerdict),
    detail: z.string().nullable(),
    event: z.string().nullable(),
    event_type: z.string().nullable(),
    status: z.number(),
    ms: z.number(),
    ip: z.string().nullable(),
    agent: z.string().nullable(),
    path: z.string(),
    secret: z.number().nullable(),
  })
  .transform(({ event, event_type, ...same }): DeliveryRow => ({
    ...same,
    eventId: event,
    eventType: event_type,
  }));

async function readPage(db: Db, where: Prisma.Sql, page: PageAt) {
  const { cursor, within, order } = keyset(
    { at: Prisma.sql`d.at`, id: Prisma.sql`d.id`, idType: 'bigint' },
    page,
  );
  const found = await db.$queryRaw`
    SELECT ${cursor} AS cursor, d.id, d.at, d.verdict::text AS verdict, d.detail, d.event, d.event_type, d.status::int AS status,
      d.ms::float8 AS ms, d.ip, d.agent, d.path, d.secret::int AS secret
    FROM delivery d
    WHERE ${where} AND ${within}
    ${order}`;
  return cutPage(z.array(row).parse(found), page);
}

/** HTTP requests that carried events, refused ones too, newest first. */
export async function listDeliveries(
  db: Db,
  filters: DeliveryFilters,
  page: PageAt,
): Promise<ListView<DeliveryRow>> {
  const where = conditions(filters);
  const [rows, counted] = await Promise.all([
    readPage(db, where, page),
    db.$queryRaw(boundedCount(Prisma.sql`delivery d WHERE ${where}`)),
  ]);
  return { ...rows, count: countRow.parse(counted)[0].n, countLimit: COUNT_LIMIT };
}

/** The newest deliveries of one event. */
export async function deliveriesOf(db: Db, realmId: string, eventId: string): Promise<DeliveryRow[]> {
  const where = Prisma.sql`d.realm = ${realmId} AND d.event = ${eventId}`;
  const { rows } = await readPage(db, where, { direction: 'first' });
  return rows;
}
