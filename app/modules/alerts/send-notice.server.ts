import { type AddressRules, post, signedHeaders } from '~/modules/outbox/index.server';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';

/** With the job's own pauses between tries this is about a day and a half. */
const MAX_TRIES = 14;

export type SendNoticeOutcome =
  | { outcome: 'sent' }
  /** Another run sent it, it was given up, or nobody listens any more. */
  | { outcome: 'not_queued' }
  /** Given up: tried too often. */
  | { outcome: 'failed' };

/**
 * Posts one telling of an alert to the webhook that is set now, signed as webhooks to the product are, under their rules of
 * where requests may go.
 * @throws when it was not taken and may be tried again: the job runs again later.
 */
export async function sendAlertNotice(
  db: Db,
  noticeId: string,
  rules: AddressRules,
): Promise<SendNoticeOutcome> {
  const notice = await db.alertNotice.findUnique({
    where: { id: noticeId },
    select: { state: true, body: true },
  });
  const channel = await db.alertChannel.findUnique({ where: { id: 1 } });
  if (notice?.state !== 'queued') return { outcome: 'not_queued' };
  const mine = { id: noticeId, state: 'queued' as const };
  if (channel === null || channel.webhookUrl === null || channel.webhookSecret === null) {
    const lastError = 'no webhook is set any more';
    await db.alertNotice.updateMany({
      where: mine,
      data: { state: 'failed', endedAt: new Date(), lastError },
    });
    return { outcome: 'not_queued' };
  }
  const { body } = notice;
  const headers = signedHeaders({ messageId: noticeId, body, secrets: [channel.webhookSecret] }, new Date());
  const { status, error } = await post(channel.webhookUrl, { headers, body }, rules);
  if (status !== null && status >= 200 && status < 300) {
    await db.alertNotice.updateMany({
      where: mine,
      data: { state: 'sent', endedAt: new Date(), tries: { increment: 1 }, lastError: null },
    });
    log.info('alert posted', { notice: noticeId, status });
    return { outcome: 'sent' };
  }
  return recordFailure(db, noticeId, error ?? `answered ${status}`);
}

async function recordFailure(db: Db, noticeId: string, lastError: string): Promise<SendNoticeOutcome> {
  const { tries } = await db.alertNotice.update({
    where: { id: noticeId },
    data: { tries: { increment: 1 }, lastError },
    select: { tries: true },
  });
  if (tries < MAX_TRIES) throw new Error(`${noticeId} was not taken: ${lastError}`);
  await db.alertNotice.updateMany({
    where: { id: noticeId, state: 'queued' },
    data: { state: 'failed', endedAt: new Date() },
  });
  log.error('alert not posted, given up', { notice: noticeId, tries });
  return { outcome: 'failed' };
}
