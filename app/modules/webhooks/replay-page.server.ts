import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { Prisma } from '../../../prisma/generated/client';
import { type ReplaySelection, selected, selectionSchema } from './replay-selection.server';

const PAGE = 100;

const replayRows = z.array(
  z.object({
    id: z.string(),
    realmId: z.string(),
    book: z.enum(['test', 'live']),
    selection: selectionSchema,
    dryRun: z.boolean(),
    cursor: z.string().nullable(),
    /** To the microsecond, which a Date would lose. */
    cursorAt: z.string().nullable(),
    createdAt: z.string(),
  }),
);
export type RunningReplay = z.infer<typeof replayRows>[number];

/** Locks a replay for the rest of the transaction; undefined when it has ended. */
export async function lockReplay(tx: Tx, id: string): Promise<RunningReplay | undefined> {
  const rows = await tx.$queryRaw`
    SELECT r.id, r.realm AS "realmId", m.mode AS book, r.selection, r.dry_run AS "dryRun", r.cursor, r.created_at::text AS "createdAt",
      (SELECT c.received_at::text FROM event c WHERE c.realm = r.realm AND c.id = r.cursor) AS "cursorAt"
    FROM replay r JOIN realm m ON m.id = r.realm WHERE r.id = ${id} AND r.state = 'running' FOR UPDATE OF r`;
  return replayRows.parse(rows)[0];
}

export interface PagedEvent {
  id: string;
  run: number;
}
const eventRows = z.array(z.object({ id: z.string(), run: z.int() }));

/** The next hundred selected events in order of receipt, of those that were there when the replay began. */
export async function nextPage(tx: Tx, replay: RunningReplay): Promise<PagedEvent[]> {
  const { cursor, cursorAt } = replay;
  const after =
    cursorAt === null
      ? Prisma.empty
      : Prisma.sql`AND (e.received_at, e.id) > (${cursorAt}::timestamptz, ${cursor})`;
  const rows = await tx.$queryRaw`
    SELECT e.id, e.run FROM event e
    WHERE e.realm = ${replay.realmId} AND e.received_at <= ${replay.createdAt}::timestamptz AND ${selected(replay.selection)} ${after}
    ORDER BY e.received_at, e.id LIMIT ${PAGE}`;
  return eventRows.parse(rows);
}

/**
 * Starts a new run of each event of a page that is still at rest in the run that was seen, keeps what the dry run had
 * said of it, and moves the cursor. The old attempts stay.
 */
export async function requeuePage(
  tx: Tx,
  replay: RunningReplay,
  page: readonly PagedEvent[],
): Promise<PagedEvent[]> {
  const rows = await tx.$queryRaw`
    WITH seen AS (
      SELECT * FROM unnest(${page.map(({ id }) => id)}::text[], ${page.map(({ run }) => run)}::int[]) AS s (id, run)
    ), moved AS (
      UPDATE event e SET status = 'queued', decision = NULL, reason = NULL, waits_for = NULL, run = e.run + 1, tries = 0,
        first_try_at = NULL, claimed_at = NULL, decided_at = NULL, due_at = clock_timestamp()
      FROM seen
      WHERE e.realm = ${replay.realmId} AND e.id = seen.id AND e.run = seen.run
        AND e.status IN ('done', 'quarantined', 'dead', 'dismissed')
      RETURNING e.id, e.realm, seen.run
    ), noted AS (
      INSERT INTO replay_item (replay, event, realm, run_before, predicted, predicted_code, predicted_detail)
      SELECT ${replay.id}, m.id, m.realm, m.run, p.predicted, p.predicted_code, p.predicted_detail
      FROM moved m LEFT JOIN replay_item p ON p.replay = ${dryRunOf(replay.selection)} AND p.event = m.id
    )
    SELECT id, run FROM moved`;
  const moved = eventRows.parse(rows);
  const last = page.at(-1);
  if (last === undefined) return moved;
  await tx.replay.update({
    where: { id: replay.id },
    data: {
      cursor: last.id,
      done: { increment: page.length },
      skipped: { increment: page.length - moved.length },
      pagedAt: new Date(),
    },
    select: { id: true },
  });
  return moved;
}

const dryRunOf = (selection: ReplaySelection): string | null =>
  'dryRun' in selection ? selection.dryRun : null;
