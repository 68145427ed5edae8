import { randomUUID } from 'node:crypto';

import * as z from 'zod';

import { LISTED_KINDS, type ListedKind } from '~/modules/stripe/shared';
import { type Db, inTransaction } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { days, hours, minutes } from '~/platform/time';

import { type PartKind, type RunPlan } from './shared';

/** A worker that says nothing for so long has left its part. It speaks with each page and each object that it reads by itself. */
const LEASE = minutes(5);
const FIRST_WINDOW = hours(1);
/** Who asks again for the same span within this goes on with what was left. */
const RESUMED_WITHIN = hours(1);
/** What changes long after it was made is looked at by every nightly run. */
const DISPUTES_BACK = days(180);

export interface RunInput {
  realmId: string;
  plan: RunPlan;
  from: Date;
  before: Date;
  kinds: readonly ListedKind[];
  actor: string;
  reason?: string;
}

export interface BegunRun {
  id: string;
  /** It began before, and goes on where it stood. */
  isResumed: boolean;
}

/** The run of this plan that goes on, or a new one. An asked one of another span takes the place of one that was left. */
export function beginRun(db: Db, input: RunInput): Promise<BegunRun> {
  const { realmId, plan, from, before, kinds, actor, reason } = input;
  return inTransaction(db, 'begin reconciliation', async (tx) => {
    await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('reconcile:' || ${realmId} || ${plan}, 0))::text`;
    const going = await tx.reconcileRun.findFirst({
      where: { realmId, plan, state: 'running' },
      select: { id: true, from: true, before: true, parts: { select: { kind: true } } },
    });
    const parts = partsOf(kinds);
    if (going) {
      const isSame =
        plan !== 'asked' ||
        (going.from.getTime() === from.getTime() &&
          before.getTime() - going.before.getTime() < RESUMED_WITHIN &&
          going.parts.length === parts.length &&
          going.parts.every(({ kind }) => parts.some((part) => part === kind)));
      if (isSame) return { id: going.id, isResumed: true };
      await tx.reconcileRun.update({
        where: { id: going.id },
        data: { state: 'canceled', endedAt: new Date() },
        select: { id: true },
      });
    }
    const id = newId('rcn');
    const since = await sinceOf(input);
    await tx.reconcileRun.create({
      data: {
        ...{ id, realmId, plan, from, before, actor, reason: reason ?? null },
        parts: {
          create: parts.map((kind, position) => ({
            ...{ kind, position, windowFrom: since(kind) },
            windowEnd: new Date(Math.min(since(kind).getTime() + FIRST_WINDOW, before.getTime())),
          })),
        },
      },
      select: { id: true },
    });
    return { id, isResumed: false };

    async function sinceOf({ from: start }: RunInput): Promise<(kind: PartKind) => Date> {
      const { createdAt } = await tx.realm.findUniqueOrThrow({
        where: { id: realmId },
        select: { createdAt: true },
      });
      return (kind) => {
        if (plan !== 'nightly') return start;
        if (kind === 'subscription') return earlier(start, new Date(createdAt.getTime() - days(1)));
        return kind === 'dispute' ? new Date(before.getTime() - DISPUTES_BACK) : start;
      };
    }
  });
}

const earlier = (one: Date, other: Date): Date => (one < other ? one : other);

/** Our own rows are walked last, and only where the lists have shown what is paid. */
function partsOf(kinds: readonly ListedKind[]): PartKind[] {
  const asked = LISTED_KINDS.filter((kind) => kinds.includes(kind));
  const showsAll = (['checkout.session', 'payment_intent', 'invoice'] as const).every((kind) =>
    kinds.includes(kind),
  );
  return showsAll ? [...asked, 'payments'] : asked;
}

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

/** Takes the first part but those which nobody walks; undefined when there is none. Our own rows wait for all others. */
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
          OR NOT EXISTS (SELECT FROM reconcile_part o WHERE o.run = ${runId} AND o.kind <> 'payments' AND o.done_at IS NULL))
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
      done_at = CASE WHEN ${step.isDone} THEN clock_timestamp() END,
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

/** Gives a part back, so that another may go on with it at once. */
export async function leavePart(db: Db, { runId, kind, lease }: TakenPart): Promise<void> {
  await db.$executeRaw`
    UPDATE reconcile_part SET lease = NULL, leased_until = NULL WHERE run = ${runId} AND kind = ${kind} AND lease = ${lease}`;
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
