import * as z from 'zod';

import { appendAudit } from '~/modules/audit/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { selected, type ReplaySelection } from './replay-selection.server';

export interface ReplayInput {
  realmId: string;
  /** A user's id, or `cli`. */
  actor: string;
  reason: string;
  /** In a person's words; the CLI has none. */
  comment?: string;
  /** Of the click that asks: however often it is sent, it is one replay, and is answered as the first time. */
  key?: string;
  selection: ReplaySelection;
  /** Predicts each event's outcome and changes nothing. */
  dryRun: boolean;
}

export type StartReplayOutcome =
  | { outcome: 'started'; replayId: string; total: number }
  /** No event at rest fits; nothing was written. */
  | { outcome: 'nothing_selected' };

const counted = z.tuple([z.object({ total: z.int() })]);

/** Writes the wish, its audit row and its job; the events move page by page afterwards. */
export async function startReplay(tx: Tx, input: ReplayInput): Promise<StartReplayOutcome> {
  const { realmId, actor, reason, comment, key, selection, dryRun } = input;
  const standing = await startedBy(tx, input);
  if (standing) return standing;
  const rows = await tx.$queryRaw`
    SELECT count(*)::int AS total FROM event e WHERE e.realm = ${realmId} AND ${selected(selection)}`;
  const [{ total }] = counted.parse(rows);
  if (total === 0) return { outcome: 'nothing_selected' };
  const replayId = newId('rpl');
  const wish = { id: replayId, realmId, actor, reason, key: key ?? null, selection, dryRun, total };
  const { count } = await tx.replay.createMany({ data: [wish], skipDuplicates: true });
  if (count === 0) return (await startedBy(tx, input)) ?? { outcome: 'nothing_selected' };
  await queueReplay(tx, replayId);
  const act = dryRun ? 'replay.predicted' : 'replay.started';
  const after = { ...selection, total };
  const said = comment === undefined ? {} : { comment };
  await appendAudit(tx, { actor, act, subject: replayId, reason, realmId, after, ...said });
  return { outcome: 'started', replayId, total };
}

async function startedBy(tx: Tx, { key, actor }: ReplayInput): Promise<StartReplayOutcome | undefined> {
  if (key === undefined) return undefined;
  const replay = await tx.replay.findFirst({ where: { key, actor }, select: { id: true, total: true } });
  return replay ? { outcome: 'started', replayId: replay.id, total: replay.total } : undefined;
}

/** Has the next pages of a replay done. Its jobs run one after the other, and any number of them does no harm. */
export function queueReplay(tx: Tx, replayId: string, runAt?: Date): Promise<void> {
  const name = `webhooks.replay:${replayId}`;
  return addJob(tx, 'webhooks.replay', { replayId }, { key: name, queue: name, ...(runAt && { runAt }) });
}
