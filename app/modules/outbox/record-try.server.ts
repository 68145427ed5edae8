import { addJob } from '~/modules/jobs/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type Claim } from './claim.server';
import { disableEndpoint, lockEndpoint } from './disable-endpoint.server';
import { type PostResult } from './post.server';
import { FAILING_AT_MOST, waitAfter } from './schedule';

const GONE = 410;

/**
 * Keeps what became of a try and what follows of it: the message is sent, is due again, or is given up, and its endpoint
 * may be disabled. A sending that ended meanwhile stays as it ended, and one that another worker has claimed since stays
 * with that one; the try is kept all the same.
 */
export async function recordTry(db: Db, claim: Claim, result: PostResult): Promise<void> {
  const isSent = result.status !== null && result.status >= 200 && result.status < 300;
  await inTransaction(db, 'record a try', async (tx) => {
    await (isSent ? recordSent(tx, claim) : recordFailed(tx, claim, result));
    const { at, ms, status, error, answer } = result;
    await tx.sendingTry.create({
      data: { sendingId: claim.sendingId, n: claim.n, at, ms, status, error, answer },
      select: { n: true },
    });
  });
  const { endpointId: endpoint, sendingId: sending, messageId: message, n } = claim;
  const fields = { endpoint, sending, message, n, status: result.status, error: result.error, ms: result.ms };
  if (isSent) log.info('message sent', fields);
  else log.warn('message not sent', fields);
}

/** Whoever tried: it has arrived. */
async function recordSent(tx: Tx, { sendingId, endpointId }: Claim): Promise<void> {
  await tx.endpoint.updateMany({
    where: { id: endpointId, failingSince: { not: null }, state: { not: 'removed' } },
    data: { failingSince: null },
  });
  await tx.sending.updateMany({
    where: { id: sendingId, state: 'pending' },
    data: { state: 'sent', endedAt: new Date(), claimedUntil: null },
  });
}

async function recordFailed(tx: Tx, claim: Claim, result: PostResult): Promise<void> {
  const { sendingId, endpointId, n } = claim;
  const now = new Date();
  await lockEndpoint(tx, endpointId);
  await tx.endpoint.updateMany({
    where: { id: endpointId, failingSince: null, state: 'on' },
    data: { failingSince: result.at },
  });
  const wait = result.status === GONE ? undefined : waitAfter(n);
  const mine = { id: sendingId, state: 'pending' as const, tries: n };
  if (wait === undefined) {
    await tx.sending.updateMany({
      where: mine,
      data: { state: 'failed', endedAt: now, claimedUntil: null },
    });
  } else {
    const dueAt = new Date(now.getTime() + wait);
    const { count } = await tx.sending.updateMany({ where: mine, data: { dueAt, claimedUntil: null } });
    if (count === 1) await addJob(tx, 'outbox.send', { sendingId }, { runAt: dueAt });
  }
  if (result.status === GONE) await disableEndpoint(tx, { endpointId, reason: 'gone', now });
  else if (await isFailingTooLong(tx, endpointId, now))
    await disableEndpoint(tx, { endpointId, reason: 'failing', now });
}

async function isFailingTooLong(tx: Tx, endpointId: string, now: Date): Promise<boolean> {
  const endpoint = await tx.endpoint.findFirst({
    where: { id: endpointId, state: 'on', failingSince: { lte: new Date(now.getTime() - FAILING_AT_MOST) } },
    select: { failingSince: true },
  });
  if (!endpoint?.failingSince) return false;
  const givenUp = await tx.sending.findFirst({
    where: { endpointId, state: 'failed', endedAt: { gte: endpoint.failingSince } },
    select: { id: true },
  });
  return givenUp !== null;
}
