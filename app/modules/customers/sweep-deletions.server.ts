import { type Db, inTransaction } from '~/platform/db.server';
import { addJob } from '~/modules/jobs/index.server';

const PAGE = 100;

/** Has every deletion that is begun or due run again: what it waited for may have ended. @returns how many */
export async function sweepDeletions(db: Db, now: Date): Promise<number> {
  const due = await db.customerDeletion.findMany({
    where: { OR: [{ state: { in: ['under_way', 'waiting'] } }, { state: 'asked', beginsAt: { lte: now } }] },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
    take: PAGE,
  });
  for (const { id: deletionId } of due)
    await inTransaction(db, 'run deletion again', (tx) =>
      addJob(tx, 'customers.delete', { deletionId }, { key: `customers.delete:${deletionId}` }),
    );
  return due.length;
}
