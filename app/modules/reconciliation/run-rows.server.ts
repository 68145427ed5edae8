import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import { LISTED_KINDS } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { type PartKind, SHOWING } from './shared';

/** A worker that says nothing for so long has left its part. It speaks with each page and each object that it reads by itself. */
const LEASE = minutes(5);

const partRow = z
  .object({
    kind: z.enum([...LISTED_KINDS, 'payments']),
    window_from: z.date(),
    window_end: z.date(),
    after: z.string().nullable(),
    before_at: z.date(),
  })
  .transform((row) => ({
    ...{ kind: row.kind, from: row.window_from, end: row.window_end, before: row.before_at },
    after: row.after ?? undefined,
  }));

export type TakenPart = z.output<typeof partRow> & { runId: string; lease: string };

/** Takes the first part but those which nobody walks; undefined when there is none. Our own rows wait for the lists that show them. */
export async function takePart(
  db: Db,
  runId: string,
  but: readonly PartKind[],
): Promise<TakenPart | undefined> {
  const lease = randomUUID();
  const rows = await db.$queryRaw`
    UPDATE reconcile_part t SET lease = ${lease}, leased_until = clock_timestamp() + ${`${LEASE} milliseconds`}::interval
    FROM reconcile_run r WHERE r.id = t.run AND t.run = ${runId} AND r.state = 'running' AND t.kind = (
      SELECT p.kind FROM reconcile_part p
      WHERE p.run = ${runId} AND p.done_at IS NULL AND (p.leased_until IS NULL OR p.leased_until < clock_timestamp())
        AND p.kind <> ALL (${[...but]}::text[])
        AND (p.kind <> 'payments'
          OR NOT EXISTS (SELECT FROM reconcile_part o WHERE o.run = ${runId} AND o.kind = ANY (${[...SHOWING]}::text[]) AND o.done_at IS NULL))
      ORDER BY p.position LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING t.kind, t.window_from, t.window_end, t.after, r.before_at`;
  const [part] = z.array(partRow).parse(rows);
  return part === undefined ? undefined : { ...part, runId, lease };
}

export interface Step {
  from: Date;
  end: Date;
  after: string | undefined;
  isDone: boolean;
  seen: number;
  ours: number;
  differing: number;
}

/** Keeps how far a part is. False when its lease is another's or its run goes on no more: then this walk of it ends. */
export async function keepStep(db: Db, { runId, kind, lease }: TakenPart, step: Step): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE reconcile_part SET window_from = ${step.from}, window_end = ${step.end}, after = ${step.after ?? null},
      seen = seen + ${step.seen}, ours = ours + ${step.ours}, differing = differing + ${step.differing},
      done_at = CASE WHEN ${step.isDone} THEN clock_timestamp() END, failing_since = NULL,
      lease = CASE WHEN ${step.isDone} THEN NULL ELSE lease END,
      leased_until = CASE WHEN ${step.isDone} THEN NULL ELSE clock_timestamp() + ${`${LEASE} milliseconds`}::interval END
    WHERE run = ${runId} AND kind = ${kind} AND lease = ${lease} AND done_at IS NULL
      AND EXISTS (SELECT FROM reconcile_run r WHERE r.id = ${runId} AND r.state = 'running')`;
  return count === 1;
}

/** Says that its worker is at it still. False when its lease is another's: then this walk of it ends. */
export async function renewLease(db: Db, { runId, kind, lease }: TakenPart): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE reconcile_part SET leased_until = clock_timestamp() + ${`${LEASE} milliseconds`}::interval
    WHERE run = ${runId} AND kind = ${kind} AND lease = ${lease} AND done_at IS NULL`;
  return count === 1;
}

/** Gives a part back that could not be walked on, so that another may try at once. */
export async function leavePart(db: Db, { runId, kind, lease }: TakenPart): Promise<void> {
  await db.$executeRaw`
    UPDATE reconcile_part SET lease = NULL, leased_until = NULL, failing_since = coalesce(failing_since, clock_timestamp())
    WHERE run = ${runId} AND kind = ${kind} AND lease = ${lease} AND done_at IS NULL`;
}

/** How a run stands: `left` when it ended or another took its place, `walked` when no part of it is left to walk. */
export async function standOf(db: Db, runId: string): Promise<'left' | 'walked' | 'going'> {
  if ((await db.reconcileRun.count({ where: { id: runId, state: 'running' } })) === 0) return 'left';
  return (await db.reconcilePart.count({ where: { runId, doneAt: null } })) === 0 ? 'walked' : 'going';
}

/** Ends a run whose parts are walked; what it had shown is forgotten. False when it had ended. */
export async function endRun(db: Db, runId: string): Promise<boolean> {
  const { count } = await db.reconcileRun.updateMany({
    where: { id: runId, state: 'running' },
    data: { state: 'done', endedAt: new Date() },
  });
  await db.$executeRaw`DELETE FROM reconcile_shown WHERE run NOT IN (SELECT id FROM reconcile_run WHERE state = 'running')`;
  return count === 1;
}

/** Payments that a list showed to be paid. */
export async function noteShown(db: Db, runId: string, paymentIds: readonly string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  await db.$executeRaw`
    INSERT INTO reconcile_shown (run, payment) SELECT ${runId}, unnest(${[...paymentIds]}::text[]) ON CONFLICT DO NOTHING`;
}
