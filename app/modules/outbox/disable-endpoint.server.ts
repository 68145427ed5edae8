import { appendAudit } from '~/modules/audit/index.server';
import { mailAdmins } from '~/modules/mail/index.server';
import { type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { type DisableReason } from './shared';

/** Locks an endpoint. Whoever changes it and its sendings locks it first: so nobody waits in a ring. */
export async function lockEndpoint(tx: Tx, endpointId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${endpointId} FOR NO KEY UPDATE`;
}

/** Ends what is on its way to an endpoint that listens no more; it can be replayed. The caller has locked the endpoint. */
export async function cancelPending(tx: Tx, endpointId: string, now: Date): Promise<void> {
  await tx.sending.updateMany({
    where: { endpointId, state: 'pending' },
    data: { state: 'canceled', endedAt: now, claimedUntil: null },
  });
}

const WHY: Record<DisableReason, string> = {
  gone: 'It answered 410: the product says that nobody listens there any more.',
  failing: 'For a day, every try to reach it failed, and at least one message was given up.',
};

/** Sends an endpoint nothing more and tells each admin once. The caller has locked it; nothing happens unless it is on. */
export async function disableEndpoint(
  tx: Tx,
  { endpointId, reason, now }: { endpointId: string; reason: DisableReason; now: Date },
): Promise<void> {
  const { count } = await tx.endpoint.updateMany({
    where: { id: endpointId, state: 'on' },
    data: { state: 'disabled', reason },
  });
  if (count === 0) return;
  await cancelPending(tx, endpointId, now);
  const { url, bookId } = await tx.endpoint.findUniqueOrThrow({
    where: { id: endpointId },
    select: { url: true, bookId: true },
  });
  const since = now.toISOString();
  const subject = `Webhooks to ${new URL(url).host} are off`;
  await mailAdmins(tx, {
    cause: `endpoint.disabled:${endpointId}:${since}`,
    kind: 'outbox.disabled',
    subject,
    content: {
      heading: subject,
      paragraphs: [
        `Book ${bookId} sends nothing more to ${url} (${endpointId}). ${WHY[reason]}`,
        'Messages are still written. Once the product answers again, switch it on and send what it missed:',
        `npm run credence -- endpoint change ${endpointId} --on, then endpoint replay ${endpointId} --since TIME, and the same with --missed.`,
      ],
      footnotes: [
        'You have this mail as an admin, once each time that an endpoint is switched off by itself.',
      ],
    },
  });
  log.warn('endpoint disabled', { endpoint: endpointId, reason });
  await appendAudit(tx, { actor: 'system', act: 'endpoint.disabled', subject: endpointId, reason });
}
