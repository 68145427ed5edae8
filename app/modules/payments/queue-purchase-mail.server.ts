import { addJob } from '~/modules/jobs/index.server';
import { type JobPayloads } from '~/modules/jobs/shared';
import { type Tx } from '~/platform/db.server';

/** Has the customer told by mail, if the caller's transaction commits. The mail is written off the path of the money. */
export async function queuePurchaseMail(
  tx: Tx,
  paymentId: string,
  mail: JobPayloads['payments.mail']['mail'],
): Promise<void> {
  await addJob(tx, 'payments.mail', { paymentId, mail }, { key: `payments.mail:${paymentId}:${mail}` });
}
