import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { EventDecision, EventSource, EventStatus } from '../../../prisma/generated/enums';
import { type CountedList, countRows } from './count-rows.server';
import { betweenDays, branchesOf, dayOf, members, textOf, wordsOf } from './filters.server';
import { cutPage, every, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import { realmsOf } from './realms.server';
import { type EventFilters, type EventRow, type ListView, type RealmRef } from './shared';

export const eventFilters = (
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
): EventFilters => ({
  realmIds: realmsOf(search, known, present),
  statuses: members(search, 'status', EventStatus),
  decisions: members(search, 'decision', EventDecision),
  sources: members(search, 'source', EventSource),
  type: textOf(search, 'type'),
  reasons: wordsOf(search, 'reason'),
  names: textOf(search, 'names'),
  objectId: textOf(search, 'object'),
  since: dayOf(search, 'since'),
  until: dayOf(search, 'until'),
});

const sql = Prisma.sql;
const EVENTS: ListSource = {
  table: sql`event e`,
  at: sql`e.received_at`,
  id: sql`e.id`,
  idType: 'text',
};

/** The database writes `no-op`, the code `noop`. */
const written = (decision: EventDecision) => (decision === 'noop' ? 'no-op' : decision);

function ofType(type: string): Prisma.Sql {
  if (/^evt_\w+$/.test(type)) return sql`e.id = ${type}`;
  return type.endsWith('.') ? sql`starts_with(e.type, ${type})` : sql`e.type = ${type}`;
}

/** The newest try's words name it. */
const naming = (names: string): Prisma.Sql => sql`EXISTS (
  SELECT FROM (
    SELECT a.detail FROM attempt a WHERE a.realm = e.realm AND a.event = e.id AND a.run = e.run ORDER BY a.n DESC LIMIT 1
  ) newest WHERE strpos(newest.detail, ${names}) > 0)`;

export function eventBranches(filters: EventFilters): Prisma.Sql[] {
  const { realmIds, statuses, decisions, sources, type, reasons, names, objectId, since, until } = filters;
  return branchesOf(
    type === undefined ? [] : [ofType(type)],
    objectId === undefined ? [] : [sql`e.object_id = ${objectId}`],
    [every(betweenDays(sql`e.received_at`, since, until))],
    realmIds.map((id) => sql`e.realm = ${id}`),
    reasons.length === 0
      ? []
      : [
          every([
            sql`e.reason = ANY (${reasons}::text[])`,
            // Tries are looked through, so only beside a reason.
            ...(names === undefined ? [] : [naming(names)]),
          ]),
        ],
    statuses.map((status) => sql`e.status = ${status}::event_status`),
    sources.map((source) => sql`e.source = ${source}::event_source`),
    decisions.map((decision) => sql`e.decision = ${written(decision)}::event_decision`),
  );
}

const decisionOf = z
  .enum({ ...EventDecision, noop: 'no-op' })
  .transform((word): EventDecision => (word === 'no-op' ? 'noop' : word));

const row = z
  .object({
    cursor: z.string(),
    realm: z.string(),
    id: z.string(),
    type: z.string(),
    object_id: z.string().nullable(),
    status: z.enum(EventStatus),
    source: z.enum(EventSource),
    decision: decisionOf.nullable(),
    reason: z.string().nullable(),
    run: z.number(),
    tries: z.number(),
    received_at: z.date(),
  })
  .transform(({ realm, object_id, received_at, ...same }): EventRow => ({
    ...same,
    realmId: realm,
    objectId: object_id,
    receivedAt: received_at,
  }));

/** What Stripe said, newest first. */
export async function listEvents(db: Db, filters: EventFilters, page: PageAt): Promise<ListView<EventRow>> {
  const where = eventBranches(filters);
  const { found, order } = pageSql(EVENTS, where, page);
  return readInTime(db, async (tx) => {
    const rows = await tx.$queryRaw`
      SELECT cursor, e.realm, e.id, e.type, e.object_id, e.status::text AS status, e.source::text AS source,
        e.decision::text AS decision, e.reason, e.run, e.tries, e.received_at
      FROM ${found}
      JOIN event e ON e.realm = ANY(${filters.realmIds}::text[]) AND e.id = found_id AND e.received_at = found_at
      ${order}`;
    return { ...cutPage(z.array(row).parse(rows), page), count: await countRows(tx, EVENTS, where) };
  });
}

/** The same list, to be counted beside others. */
export const countedEvents = (filters: EventFilters): CountedList => ({
  source: EVENTS,
  branches: eventBranches(filters),
});
