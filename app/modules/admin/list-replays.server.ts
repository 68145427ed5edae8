import * as z from 'zod';

import { type Db } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { ReplayState } from '../../../prisma/generated/enums';
import { readActors } from './actors.server';
import { countRows } from './count-rows.server';
import { branchesOf, isId, members, wordsOf } from './filters.server';
import { cutPage, type ListSource, type PageAt, pageSql } from './page.server';
import { readInTime } from './read-in-time.server';
import { realmsOf, REALM_REF } from './realms.server';
import {
  type ListView,
  type RealmRef,
  type ReplayItemRow,
  type ReplayPageView,
  type ReplayRow,
} from './shared';

interface ReplayFilters {
  realmIds: string[];
  states: ReplayState[];
  /** `dry`, `real`. */
  kinds: string[];
}

export const replayFilters = (
  search: URLSearchParams,
  known: readonly RealmRef[],
  present: string,
): ReplayFilters => ({
  realmIds: realmsOf(search, known, present),
  states: members(search, 'state', ReplayState),
  kinds: wordsOf(search, 'kind'),
});

const sql = Prisma.sql;
const SOURCE: ListSource = { table: sql`replay r`, at: sql`r.created_at`, id: sql`r.id`, idType: 'text' };

const rows = z.array(
  z.object({
    cursor: z.string(),
    id: z.string(),
    realmId: z.string(),
    actor: z.string(),
    reason: z.string(),
    dryRun: z.boolean(),
    state: z.enum(ReplayState),
    selection: z.unknown(),
    total: z.int(),
    done: z.int(),
    skipped: z.int(),
    createdAt: z.date(),
  }),
);

/** What staff had processed again, or tried without effect, newest first. */
export async function listReplays(
  db: Db,
  { realmIds, states, kinds }: ReplayFilters,
  page: PageAt,
): Promise<ListView<ReplayRow>> {
  const where = branchesOf(
    kinds.length === 0 ? [] : [sql`r.dry_run = ANY (${kinds.map((kind) => kind === 'dry')}::boolean[])`],
    states.map((state) => sql`r.state = ${state}::replay_state`),
    realmIds.map((id) => sql`r.realm = ${id}`),
  );
  const { found, order } = pageSql(SOURCE, where, page);
  const list = await readInTime(db, async (tx) => {
    const read = await tx.$queryRaw`
      SELECT found.cursor, r.id, r.realm AS "realmId", r.actor, r.reason, r.dry_run AS "dryRun", r.state::text AS state,
        r.selection, r.total, r.done, r.skipped, r.created_at AS "createdAt"
      FROM ${found} JOIN replay r ON r.id = found_id ${order}`;
    return { ...cutPage(rows.parse(read), page), count: await countRows(tx, SOURCE, where) };
  });
  const actors = await readActors(db, [...new Set(list.rows.map(({ actor }) => actor))]);
  return {
    ...list,
    rows: list.rows.map((row) => ({
      ...row,
      total: taken(row),
      actor: actors.get(row.actor) ?? { id: row.actor, name: row.actor },
    })),
  };
}

/** How many there are to take: what fits it and came after it was counted is taken too. */
const taken = ({ total, done }: { total: number; done: number }): number => Math.max(total, done);

/** One replay; undefined when there is none of this id. */
export async function readReplayPage(db: Db, id: string): Promise<ReplayPageView | undefined> {
  if (!isId(id)) return undefined;
  const replay = await db.replay.findUnique({
    where: { id },
    select: {
      ...{ id: true, actor: true, reason: true, dryRun: true, state: true, selection: true, total: true },
      ...{ done: true, skipped: true, createdAt: true, endedAt: true, realm: { select: REALM_REF } },
    },
  });
  if (replay === null) return undefined;
  const followedBy = await db.replay.findFirst({
    where: { realmId: replay.realm.id, dryRun: false, selection: { equals: { dryRun: id } } },
    select: { id: true },
    orderBy: { createdAt: 'desc' },
  });
  const actors = await readActors(db, [replay.actor]);
  const actor = actors.get(replay.actor) ?? { id: replay.actor, name: replay.actor };
  return { ...replay, total: taken(replay), actor, followedBy: followedBy?.id ?? null };
}

const items = z.array(
  z.object({
    eventId: z.string(),
    type: z.string(),
    predicted: z.string().nullable(),
    predictedCode: z.string().nullable(),
    predictedDetail: z.string().nullable(),
    result: z.string().nullable(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  }),
);

const ITEMS = 50;

export interface ReplayItemFilter {
  /** Whether `status` and `code` are what was predicted, or what came. */
  of: 'predicted' | 'result';
  status: string;
  /** Null: none is known yet. */
  code: string | null;
}

/** The events behind one line of a replay's tallies, or all of them; the first fifty after an event's id. */
export async function listReplayItems(
  db: Db,
  replayId: string,
  { filter, after }: { filter: ReplayItemFilter | undefined; after: string | undefined },
): Promise<{ rows: ReplayItemRow[]; next: string | undefined }> {
  const asked = [filter?.status, filter?.code, after].filter((text) => typeof text === 'string');
  if (!asked.every(isId)) return { rows: [], next: undefined };
  const picked =
    filter === undefined
      ? sql`true`
      : filter.of === 'predicted'
        ? sql`i.predicted = ${filter.status} AND i.predicted_code IS NOT DISTINCT FROM ${filter.code}`
        : sql`coalesce(a.outcome, 'queued') = ${filter.status} AND a.code IS NOT DISTINCT FROM ${filter.code}`;
  const found = await readInTime(
    db,
    (tx) => tx.$queryRaw`
    SELECT i.event AS "eventId", e.type, i.predicted, i.predicted_code AS "predictedCode", i.predicted_detail AS "predictedDetail",
      CASE WHEN r.dry_run THEN NULL ELSE coalesce(a.outcome, 'queued') END AS result, a.code, a.detail
    FROM replay_item i JOIN replay r ON r.id = i.replay JOIN event e ON e.realm = i.realm AND e.id = i.event
    LEFT JOIN LATERAL (
      SELECT outcome, code, detail FROM attempt
      WHERE NOT r.dry_run AND realm = i.realm AND event = i.event AND run = i.run_before + 1 ORDER BY n DESC LIMIT 1
    ) a ON true
    WHERE i.replay = ${replayId} AND ${picked} AND i.event > ${after ?? ''} ORDER BY i.event LIMIT ${ITEMS + 1}`,
  );
  const read = items.parse(found);
  const page = read.slice(0, ITEMS);
  return { rows: page, next: read.length > ITEMS ? page.at(-1)?.eventId : undefined };
}
