import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type PausableWork, type PauseBook } from './shared';

export interface WorkOfBook {
  book: PauseBook;
  work: PausableWork;
}

/** Whether it is paused at this moment; a moment later it may be otherwise. */
export async function isPaused(db: Db | Tx, { book, work }: WorkOfBook): Promise<boolean> {
  return (await db.pauseSwitch.count({ where: { bookId: book, work, pausedAt: { not: null } } })) > 0;
}

const rows = z.tuple([z.object({ stands: z.boolean() })]);

/**
 * Whether it is paused, for all of the caller's transaction: what is begun in it stands before a pause, or is not begun.
 * Called before any other lock is taken.
 */
export async function isPausedThroughout(tx: Tx, { book, work }: WorkOfBook): Promise<boolean> {
  const found = await tx.$queryRaw`SELECT pause_stands(${book}::mode, ${work}::pausable_work) AS stands`;
  return rows.parse(found)[0].stands;
}
