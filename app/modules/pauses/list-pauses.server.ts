import { type Db } from '~/platform/db.server';

import { PAUSABLE_WORK, type PauseSwitchView } from './shared';

/** Every switch of both books, in the order of the page. */
export async function listPauses(db: Db): Promise<PauseSwitchView[]> {
  const rows = await db.pauseSwitch.findMany({
    orderBy: [{ bookId: 'asc' }, { work: 'asc' }],
    take: 2 * PAUSABLE_WORK.length,
    select: { bookId: true, work: true, pausedAt: true, actor: true, reason: true, comment: true },
  });
  return rows.map(({ bookId: book, work, pausedAt: since, actor, reason, comment }) => ({
    book,
    work,
    pause:
      since === null || actor === null || reason === null || comment === null
        ? null
        : { since, actor, reason, comment },
  }));
}
