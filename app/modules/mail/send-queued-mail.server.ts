import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { isRefusedForGood, type Mailer } from './mailer.server';
import { mailerOfEnv } from './mailer-of-env.server';

/** With the job's own pauses between tries this is about a day and a half. */
const MAX_TRIES = 14;

export type SendMailOutcome =
  | { outcome: 'sent' }
  /** Another run sent it, gave it up, or the row is gone: nothing was done. */
  | { outcome: 'not_queued' }
  /** Given up: refused for good, or tried too often. */
  | { outcome: 'failed' };

/**
 * Sends one mail of the outbox and blanks its body.
 * @throws when the send failed and may be tried again: the job runs again later.
 */
export async function sendQueuedMail(
  db: Db,
  mailId: string,
  mailer: Mailer = mailerOfEnv(),
): Promise<SendMailOutcome> {
  const mail = await db.mail.findUnique({
    where: { id: mailId },
    select: { state: true, kind: true, recipient: true, subject: true, text: true, html: true },
  });
  if (mail?.state !== 'queued') return { outcome: 'not_queued' };
  try {
    await mailer.send({
      id: mailId,
      to: mail.recipient,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
    });
  } catch (error) {
    return recordFailure(db, mailId, error);
  }
  await db.mail.updateMany({
    where: { id: mailId, state: 'queued' },
    data: { state: 'sent', sentAt: new Date(), text: '', html: '', tries: { increment: 1 }, lastError: null },
  });
  log.info('mail sent', { mailId, kind: mail.kind });
  return { outcome: 'sent' };
}

async function recordFailure(db: Db, mailId: string, error: unknown): Promise<SendMailOutcome> {
  const lastError = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  const { tries } = await db.mail.update({
    where: { id: mailId },
    data: { tries: { increment: 1 }, lastError },
    select: { tries: true },
  });
  // The queue logs what a job throws, and mail servers name the recipient: their words stay in the row.
  if (tries < MAX_TRIES && !isRefusedForGood(error))
    throw new Error(`${mailId} was not taken; its row says why.`);
  await db.mail.updateMany({
    where: { id: mailId, state: 'queued' },
    data: { state: 'failed', text: '', html: '' },
  });
  log.error('mail given up', { mailId, tries });
  return { outcome: 'failed' };
}
