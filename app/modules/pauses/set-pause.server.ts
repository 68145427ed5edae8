import { appendAudit } from '~/modules/audit/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type WorkOfBook } from './is-paused.server';
import { type PausableWork } from './shared';

export interface SetPauseInput extends WorkOfBook {
  /** True pauses it, false lets it go on. */
  pauses: boolean;
  actor: string;
  /** A reason code. */
  reason: string;
  comment: string;
}

export type SetPauseOutcome =
  | { outcome: 'paused' | 'resumed' }
  /** It stood so already; a pause keeps its first reason. */
  | { outcome: 'unchanged' };

/**
 * Pauses work of one book, or lets it go on. It waits for work that began before it, so that none has begun once it is
 * committed; what goes on again is looked for at once.
 */
export async function setPause(tx: Tx, input: SetPauseInput): Promise<SetPauseOutcome> {
  const { book, work, pauses, actor, reason, comment } = input;
  await tx.$queryRaw`SELECT pause_lock(${book}::mode, ${work}::pausable_work)::text`;
  const where = { bookId_work: { bookId: book, work } };
  const before = await tx.pauseSwitch.findUniqueOrThrow({ where, select: VIEW });
  if ((before.pausedAt !== null) === pauses) return { outcome: 'unchanged' };
  const after = pauses ? { pausedAt: new Date(), actor, reason, comment } : NOTHING;
  await tx.pauseSwitch.update({ where, data: after, select: { work: true } });
  if (!pauses) await lookAgain(tx, work);
  log.warn(pauses ? 'work paused' : 'work goes on', { book, work });
  const act = pauses ? 'pause.set' : 'pause.cleared';
  await appendAudit(tx, { actor, act, subject: `pause:${book}:${work}`, reason, comment, before, after });
  return { outcome: pauses ? 'paused' : 'resumed' };
}

const VIEW = { pausedAt: true, actor: true, reason: true, comment: true } as const;
const NOTHING = { pausedAt: null, actor: null, reason: null, comment: null };

/** Has a worker look for what waited. The inbox looks by itself, several times a second, and each buyer asks anew. */
async function lookAgain(tx: Tx, work: PausableWork): Promise<void> {
  if (work === 'top_ups') await addJob(tx, 'credits.sweep', {});
  if (work === 'outgoing') await addJob(tx, 'outbox.sweep', {});
}
