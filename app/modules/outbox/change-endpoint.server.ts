import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { addressFault, type AddressRules } from './address.server';
import { cancelPending, lockEndpoint } from './disable-endpoint.server';
import { type AddressFault, type MessageType } from './shared';

export interface EndpointChange {
  url?: string | undefined;
  description?: string | undefined;
  types?: readonly MessageType[] | undefined;
  /** `on` starts a disabled one again; `off` cancels what is on its way to it. */
  state?: 'on' | 'off' | undefined;
}

export type ChangeEndpointOutcome =
  { outcome: 'changed' } | { outcome: 'not_found' } | { outcome: 'url_refused'; fault: AddressFault };

const VIEW = { url: true, description: true, types: true, state: true, failingSince: true } as const;

/** Changes where an endpoint is, what it hears, or whether it does. What waits for its next try goes to the new address. */
export async function changeEndpoint(
  tx: Tx,
  input: Author & { endpointId: string; change: EndpointChange; rules: AddressRules },
): Promise<ChangeEndpointOutcome> {
  const { endpointId, change, rules, actor, reason, comment } = input;
  await lockEndpoint(tx, endpointId);
  const where = { id: endpointId, state: { not: 'removed' as const } };
  const before = await tx.endpoint.findFirst({ where, select: VIEW });
  if (!before) return { outcome: 'not_found' };
  const { url, description, types, state } = change;
  const fault = url === undefined ? undefined : addressFault(url, rules);
  if (fault !== undefined) return { outcome: 'url_refused', fault };
  const after = await tx.endpoint.update({
    where: { id: endpointId },
    data: {
      ...(url === undefined ? {} : { url }),
      ...(description === undefined ? {} : { description }),
      ...(types === undefined ? {} : { types: [...types] }),
      ...(state === undefined || state === before.state ? {} : { state, reason: null, failingSince: null }),
    },
    select: VIEW,
  });
  if (state === 'off') await cancelPending(tx, endpointId, new Date());
  const why = { actor, reason, comment };
  await appendAudit(tx, { ...why, act: 'endpoint.changed', subject: endpointId, before, after });
  return { outcome: 'changed' };
}
