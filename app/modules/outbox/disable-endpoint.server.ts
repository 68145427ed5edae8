import { appendAudit } from '~/modules/audit/index.server';
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

/** Sends an endpoint nothing more; an alert tells of it while it stands so. The caller has locked it; nothing happens unless it is on. */
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
  log.warn('endpoint disabled', { endpoint: endpointId, reason });
  await appendAudit(tx, { actor: 'system', act: 'endpoint.disabled', subject: endpointId, reason });
}
