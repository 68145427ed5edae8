import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { EventDecision, EventStatus } from '../../../prisma/generated/enums';
import { dayOf, members, sinceDay, textOf } from './filters.server';
import { boundedCount, COUNT_LIMIT, countRow, cutPage, every, keyset, type PageAt } from './page.server';
import { type EventRow, type ListView } from './shared';

export interface EventFilters {
  realmId: string;
  statuses: EventStatus[];
  /** A whole type, or its beginning when it ends in a dot: `invoice.` */
  type: string | undefined;
  /** The Stripe object that the events speak of. */
  objectId: string | undefined;
  since: string | undefined;
}

export const eventFilters = (search: URLSearchParams, realmId: string): EventFilters => ({
  realmId,
  statuses: members(search, 'status', EventStatus),
  type: textOf(search, 'type'),
  objectId: textOf(search, 'object'),
  since: dayOf(search, 'since'),
});

function conditions(filters: EventFilters): Prisma.Sql {
  const all = [Prisma.sql`e.realm = ${filters.realmId}`];
  if (filters.statuses.length > 0) all.push(Prisma.sql`e.status = ANY(${filters.statuses}::event_status[])`);
  if (filters.type !== undefined)
    all.push(
      filters.type.endsWith('.')
        ? Prisma.sql`starts_with(e.type, ${filters.type})`
        : Prisma.sql`e.type = ${filters.type}`,
    );
  if (filters.objectId !== undefined) all.push(Prisma.sql`e.object_id = ${filters.objectId}`);
  if (filters.since !== undefined) all.push(sinceDay(Prisma.sql`e.received_at`, filters.since));
  return every(all);
}

/** The database writes `no-op`, the code `noop`. */
const decisionOf = z
  .enum({ ...EventDecision, noop: 'no-op' })
  .transform((word): EventDecision => (word === 'no-op' ? 'noop' : word));

const row = z
  .object({
    cursor: z.string(),
    id: z.string(),
    type: z.string(),
    object_id: z.string().nullable(),
    status: z.enum(EventStatus),
    decision: decisionOf.nullable(),
    reason: z.string().nullable(),
    run: z.number(),
    tries: z.number(),
    received_at: z.date(),
  })
  .transform(({ object_id, received_at, ...same }): EventRow => ({
    ...same,
    objectId: object_id,
    receivedAt: received_at,
  }));

/** What Stripe said in one realm, newest first. */
export async function listEvents(db: Db, filters: EventFilters, page: PageAt): Promise<ListView<EventRow>> {
  const where = conditions(filters);
  const { cursor, within, order } = keyset(
    { at: Prisma.sql`e.received_at`, id: Prisma.sql`e.id`, idType: 'text' },
    page,
  );
  const [found, counted] = await Promise.all([
    db.$queryRaw`
      SELECT ${cursor} AS cursor, e.id, e.type, e.object_id, e.status::text AS status, e.decision::text AS decision, e.reason,
        e.run, e.tries, e.received_at
      FROM event e
      WHERE ${where} AND ${within}
      ${order}`,
    db.$queryRaw(boundedCount(Prisma.sql`event e WHERE ${where}`)),
  ]);
  return {
    ...cutPage(z.array(row).parse(found), page),
    count: countRow.parse(counted)[0].n,
    countLimit: COUNT_LIMIT,
  };
}
