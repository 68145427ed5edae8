import { setTimeout as pause } from 'node:timers/promises';

import { isPaused } from '~/modules/pauses/index.server';
import { type ReaderOf } from '~/modules/stripe/index.server';
import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { type Prediction, predictEvent } from './predict-event.server';
import { lockReplay, nextPage, type PagedEvent, requeuePage, type RunningReplay } from './replay-page.server';
import { queueReplay } from './start-replay.server';
import { type TryDeps } from './try-event.server';
import { wakeInbox } from './wake-inbox.server';

export interface ReplayDeps extends Omit<TryDeps, 'reader'> {
  readerOf: ReaderOf;
  /** How long a job works before it hands over to the next one: a stopping worker waits for it. */
  sliceFor?: number;
  /** How long a page waits for the one before it to leave the queue, so that new events are not kept behind ten thousand old ones. */
  patience?: number;
}

/** How soon a replay looks again whether processing goes on. */
const HELD_FOR = seconds(5);

/**
 * Does pages of a replay until all is done, it is canceled, processing is paused or the slice is over; then another job
 * goes on. A dry run changes nothing, and waits for no pause. What is done
 * stands on the replay's row, so a job that died is taken up by the next, and two at once do no more than one.
 */
export async function runReplay(deps: ReplayDeps, replayId: string): Promise<void> {
  const { db, sliceFor = seconds(20), patience = seconds(5) } = deps;
  const until = Date.now() + sliceFor;
  for (;;) {
    const step = await takeStep(deps, replayId);
    if (step.outcome === 'ended') return;
    if (step.outcome === 'held') return goOn(db, replayId, new Date(Date.now() + HELD_FOR));
    if (step.queued.length > 0) {
      wakeInbox(db);
      await untilTaken(db, step, Math.min(patience, until - Date.now()));
    }
    if (Date.now() >= until) break;
  }
  await goOn(db, replayId);
}

const goOn = (db: Db, replayId: string, at?: Date) =>
  inTransaction(db, 'go on with replay', (tx) => queueReplay(tx, replayId, at));

type Step =
  { outcome: 'ended' } | { outcome: 'held' } | { outcome: 'paged'; realmId: string; queued: PagedEvent[] };

/** One page. Whether it was canceled is asked each time, under the replay's lock. */
async function takeStep(deps: ReplayDeps, replayId: string): Promise<Step> {
  const step = await inTransaction(deps.db, 'page of replay', async (tx) => {
    const replay = await lockReplay(tx, replayId);
    if (!replay) return undefined;
    const { book, dryRun } = replay;
    if (!dryRun && (await isPaused(tx, { book, work: 'processing' }))) return 'held' as const;
    const page = await nextPage(tx, replay);
    if (page.length === 0) {
      const ended = { state: 'done', endedAt: new Date() } as const;
      await tx.replay.update({ where: { id: replayId }, data: ended, select: { id: true } });
      return undefined;
    }
    return { replay, page, queued: replay.dryRun ? [] : await requeuePage(tx, replay, page) };
  });
  if (!step) {
    log.info('replay ended', { replay: replayId });
    return { outcome: 'ended' };
  }
  if (step === 'held') return { outcome: 'held' };
  const { replay, page, queued } = step;
  if (replay.dryRun && !(await predictPage(deps, replay, page))) return { outcome: 'ended' };
  return { outcome: 'paged', realmId: replay.realmId, queued };
}

/** False when the replay was canceled or another job has it. */
async function predictPage(
  deps: ReplayDeps,
  replay: RunningReplay,
  page: readonly PagedEvent[],
): Promise<boolean> {
  const reader = await deps.readerOf(replay.realmId);
  let { cursor } = replay;
  for (const { id, run } of page) {
    const prediction = await predictEvent({ ...deps, reader }, { realmId: replay.realmId, eventId: id, run });
    if (!(await keepPrediction(deps.db, { ...replay, cursor }, { id, run }, prediction))) return false;
    cursor = id;
  }
  return true;
}

/** Prediction and cursor together, only while the cursor is where this job left it. */
function keepPrediction(
  db: Db,
  replay: RunningReplay,
  event: PagedEvent,
  prediction: Prediction | undefined,
): Promise<boolean> {
  return inTransaction(db, 'keep prediction', async (tx) => {
    const { count } = await tx.replay.updateMany({
      where: { id: replay.id, state: 'running', cursor: replay.cursor },
      data: {
        cursor: event.id,
        done: { increment: 1 },
        skipped: { increment: prediction ? 0 : 1 },
        pagedAt: new Date(),
      },
    });
    if (count === 0) return false;
    if (prediction) {
      const item = { replayId: replay.id, realmId: replay.realmId, eventId: event.id, runBefore: event.run };
      await tx.replayItem.create({ data: { ...item, ...prediction }, select: { eventId: true } });
    }
    return true;
  });
}

const LOOK_EVERY = seconds(0.1);

async function untilTaken(
  db: Db,
  { realmId, queued }: { realmId: string; queued: readonly PagedEvent[] },
  patience: number,
): Promise<void> {
  const until = Date.now() + patience;
  const ids = queued.map(({ id }) => id);
  while (Date.now() < until) {
    if ((await db.event.count({ where: { realmId, id: { in: ids }, status: 'queued' } })) === 0) return;
    await pause(LOOK_EVERY);
  }
}
