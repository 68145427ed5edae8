import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { EventStatus } from '../../../prisma/generated/enums';
import { every } from './page.server';
import { eventBranches, eventFilters, listEvents } from './list-events.server';
import { type PageAt } from './page.server';
import { readInTime } from './read-in-time.server';
import {
  type DeadLetterGroup,
  type DeadLetterRow,
  type EventFilters,
  type ListView,
  type RealmRef,
} from './shared';
import { readStuck, type StuckEvent } from './stuck.server';

const STUCK = [EventStatus.quarantined, EventStatus.dead];

/** The filters of the events' list, on those that wait for a person alone. */
export function deadLetterFilters(
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
): EventFilters {
  const filters = eventFilters(search, known, present);
  const asked = filters.statuses.filter((status) => STUCK.some((stuck) => stuck === status));
  return { ...filters, statuses: asked.length === 0 ? STUCK : asked };
}

/** Events that wait for a person, newest first, with what holds them. */
export async function listDeadLetters(
  db: Db,
  filters: EventFilters,
  page: PageAt,
): Promise<ListView<DeadLetterRow>> {
  const list = await listEvents(db, filters, page);
  const stuck = await readStuck(
    db,
    await db.event.findMany({
      where: { realmId: { in: filters.realmIds }, id: { in: list.rows.map(({ id }) => id) } },
      select: { realmId: true, id: true, type: true, payload: true },
      take: list.rows.length,
    }),
  );
  return {
    ...list,
    rows: list.rows.flatMap((row) => {
      const found = stuck.get(row.id);
      return found === undefined ? [] : [{ ...row, stuck: found }];
    }),
  };
}

const groups = z.array(
  z.object({
    realm: z.string(),
    status: z.enum(EventStatus),
    reason: z.string().nullable(),
    names: z.string().nullable(),
    count: z.int(),
    oldest: z.date(),
    id: z.string(),
    run: z.int(),
    type: z.string(),
    payload: z.string(),
  }),
);

const MOST_GROUPS = 20;

/** What one word of a person's mends for all that name the same: whose a Stripe customer is, what a Stripe price sells. */
const MENDED_TOGETHER = ['unknown_price', 'parent_missing'];

/** What these events wait for, most of it first. Their newest tries are read only where they name what would mend them. */
export async function groupDeadLetters(db: Db, filters: EventFilters): Promise<DeadLetterGroup[]> {
  const branches = eventBranches(filters);
  const where = branches.length === 0 ? every([]) : Prisma.sql`(${Prisma.join(branches, ' OR ')})`;
  return readInTime(db, async (tx) => {
    const found = groups.parse(
      await tx.$queryRaw`
        SELECT g.*, s.run, s.type, s.payload FROM (
          SELECT e.realm, e.status::text AS status, e.reason, n.names, count(*)::int AS count,
            min(e.received_at) AS oldest, max(e.id) AS id
          FROM event e LEFT JOIN LATERAL (
            SELECT substring(a.detail FROM '\\m(?:price|cus|sub|in|pi|cs)_\\w+') AS names FROM attempt a
            WHERE e.reason = ANY (${MENDED_TOGETHER}::text[]) AND a.realm = e.realm AND a.event = e.id AND a.run = e.run
            ORDER BY a.n DESC LIMIT 1
          ) n ON true
          WHERE ${where} GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 3, 4 LIMIT ${MOST_GROUPS}
        ) g JOIN event s ON s.realm = g.realm AND s.id = g.id
        ORDER BY g.count DESC, g.reason, g.names`,
    );
    const samples: StuckEvent[] = found.map(({ realm, ...sample }) => ({ realmId: realm, ...sample }));
    const stuck = await readStuck(tx, samples);
    return found.map(({ realm, status, reason, names, count, oldest, id, run }): DeadLetterGroup => {
      const { money = null, stripeCustomer = null, customer = null } = stuck.get(id) ?? {};
      const sample = { id, run, money, stripeCustomer, customer };
      return { realmId: realm, status, code: reason, names, count, oldestAt: oldest, sample };
    });
  });
}
