import { appendAudit } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { cancelPending, lockEndpoint } from './disable-endpoint.server';

export type RemoveEndpointOutcome = { outcome: 'removed' } | { outcome: 'not_found' };

/** Takes an endpoint out of use for good: its secrets are forgotten, what it was sent stays readable. */
export async function removeEndpoint(
  tx: Tx,
  { endpointId, actor }: { endpointId: string; actor: string },
): Promise<RemoveEndpointOutcome> {
  await lockEndpoint(tx, endpointId);
  const { count } = await tx.endpoint.updateMany({
    where: { id: endpointId, state: { not: 'removed' } },
    data: { state: 'removed', reason: null },
  });
  if (count === 0) return { outcome: 'not_found' };
  await cancelPending(tx, endpointId, new Date());
  await tx.endpointSecret.deleteMany({ where: { endpointId } });
  await appendAudit(tx, { actor, act: 'endpoint.removed', subject: endpointId });
  return { outcome: 'removed' };
}
