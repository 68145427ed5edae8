import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

export interface QueueMailOptions {
  /** What makes this mail necessary: `payment:pay_…`, `token:…`. */
  cause: string;
  /** Which mail it is, by room and name: `auth.verify`. */
  kind: string;
  recipient: string;
  subject: string;
  text: string;
  html: string;
}

export type QueueMailOutcome =
  | { outcome: 'queued'; mailId: string }
  /** This cause has its mail of this kind; nothing was added. */
  | { outcome: 'already_queued' };

/** Writes the mail and the job that sends it; both stand or fall with the caller's transaction. */
export async function queueMail(tx: Tx, mail: QueueMailOptions): Promise<QueueMailOutcome> {
  const mailId = newId('mail');
  const { count } = await tx.mail.createMany({
    data: [{ ...mail, id: mailId, subject: oneLine(mail.subject) }],
    skipDuplicates: true,
  });
  if (count === 0) return { outcome: 'already_queued' };
  await addJob(tx, 'mail.send', { mailId }, { key: `mail.send:${mailId}` });
  return { outcome: 'queued', mailId };
}

/** A subject is one header line: what a person typed into it cannot begin another. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
