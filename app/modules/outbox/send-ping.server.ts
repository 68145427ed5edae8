import { appendAudit, type Author } from '~/modules/audit/index.server';
import { addJob } from '~/modules/jobs/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

export type SendPingOutcome =
  | { outcome: 'queued'; messageId: string; sendingId: string }
  /** There is none, or it is not on. */
  | { outcome: 'not_on' };

/** Writes a message that says nothing but that it came, for one endpoint alone. */
export async function sendPing(
  tx: Tx,
  { endpointId, actor, reason, comment }: Author & { endpointId: string },
): Promise<SendPingOutcome> {
  const endpoint = await tx.endpoint.findFirst({
    where: { id: endpointId, state: 'on' },
    select: { bookId: true },
  });
  if (!endpoint) return { outcome: 'not_on' };
  const [messageId, sendingId] = [newId('msg'), newId('snd')];
  await tx.message.create({
    data: {
      ...{ id: messageId, bookId: endpoint.bookId, type: 'endpoint.ping', cause: `ping:${messageId}` },
      data: { book: endpoint.bookId, endpoint: endpointId },
      sendings: { create: { id: sendingId, endpointId, actor } },
    },
    select: { id: true },
  });
  await addJob(tx, 'outbox.send', { sendingId });
  const why = { actor, reason, comment };
  await appendAudit(tx, { ...why, act: 'endpoint.pinged', subject: endpointId, after: { messageId } });
  return { outcome: 'queued', messageId, sendingId };
}
