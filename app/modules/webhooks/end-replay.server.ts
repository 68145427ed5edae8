import { appendAudit } from '~/modules/audit/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { queueReplay } from './start-replay.server';

export type CancelReplayOutcome =
  /** No further page is begun; events that were queued already are processed. */
  | { outcome: 'canceled' }
  /** It had ended, or there is none of this id. */
  | { outcome: 'not_running' };

export async function cancelReplay(
  tx: Tx,
  input: { replayId: string; actor: string },
): Promise<CancelReplayOutcome> {
  const { count } = await tx.replay.updateMany({
    where: { id: input.replayId, state: 'running' },
    data: { state: 'canceled', endedAt: new Date() },
  });
  if (count === 0) return { outcome: 'not_running' };
  await appendAudit(tx, { actor: input.actor, act: 'replay.canceled', subject: input.replayId });
  return { outcome: 'canceled' };
}

/** A running replay that had no page for so long has lost its job. */
const STALLED = minutes(2);
const AT_ONCE = 100;

/** Gives replays whose job was lost another one. Answers how many. */
export async function sweepReplays(db: Db, now: Date): Promise<number> {
  const stalled = await db.replay.findMany({
    where: { state: 'running', pagedAt: { lt: new Date(now.getTime() - STALLED) } },
    select: { id: true },
    orderBy: { pagedAt: 'asc' },
    take: AT_ONCE,
  });
  for (const { id } of stalled) await inTransaction(db, 'sweep replay', (tx) => queueReplay(tx, id));
  return stalled.length;
}
