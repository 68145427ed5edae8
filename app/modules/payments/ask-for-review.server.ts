import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';

/** Has the customer's automatic top-up looked at, if the caller's transaction commits. Many at once are one look. */
export async function askForReview(tx: Tx, customerId: string): Promise<void> {
  await addJob(tx, 'credits.review', { customerId }, { key: `credits.review:${customerId}` });
}
