import { addJob } from '~/modules/jobs/index.server';
import { type JobPayloads } from '~/modules/jobs/shared';
import { type Tx } from '~/platform/db.server';

/** Has the customer told of an invoice by mail, if the caller's transaction commits. */
export async function queuePlanMail(tx: Tx, mail: JobPayloads['subscriptions.mail']): Promise<void> {
  await addJob(tx, 'subscriptions.mail', mail, { key: `subscriptions.mail:${mail.invoiceId}:${mail.mail}` });
}

/** Has the customer told of an end by mail, if the caller's transaction commits and it is still so when the mail is written. */
export async function queueEndMail(tx: Tx, mail: JobPayloads['subscriptions.mail_end']): Promise<void> {
  await addJob(tx, 'subscriptions.mail_end', mail, {
    key: `subscriptions.mail_end:${mail.subscriptionId}:${mail.mail}`,
  });
}
