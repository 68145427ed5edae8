import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';

/** Whoever asked is told by mail how their request ended. */
export async function tellClosed(tx: Tx, approvalId: string): Promise<void> {
  await addJob(
    tx,
    'approvals.mail',
    { approvalId, mail: 'closed' },
    { key: `approvals.mail:${approvalId}:closed` },
  );
}
