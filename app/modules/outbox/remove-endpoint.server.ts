import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { cancelPending, lockEndpoint } from './disable-endpoint.server';

export type RemoveEndpointOutcome = { outcome: 'removed' } | { outcome: 'not_found' };

/** Takes an endpoint out of use for good: its secrets are forgotten, what it was sent stays readable. */
export async function removeEndpoint(
  tx: Tx,
  { endpointId, actor, reason, comment }: Author & { endpointId: string },
): Promise<RemoveEndpointOutcome> {
  await lockEndpoint(tx, endpointId);
  const before = await tx.endpoint.findUnique({
    where: { id: endpointId },
    select: { url: true, state: true },
  });
  const { count } = await tx.endpoint.updateMany({
    where: { id: endpointId, state: { not: 'removed' } },
    data: { state: 'removed', reason: null },
  });
  if (count === 0) return { outcome: 'not_found' };
  await cancelPending(tx, endpointId, new Date());
  await tx.endpointSecret.deleteMany({ where: { endpointId } });
  const after = { url: before?.url, state: 'removed' };
  const why = { actor, reason, comment };
  await appendAudit(tx, { ...why, act: 'endpoint.removed', subject: endpointId, before, after });
  return { outcome: 'removed' };
}
