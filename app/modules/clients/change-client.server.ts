import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { lockClient } from './lock-client.server';
import { originOf } from './return-origin';
import { type ApiScope } from './shared';

export interface ChangeClientInput extends Author {
  clientId: string;
  /** What is left out stays as it is. */
  scopes?: readonly ApiScope[];
  returnOrigins?: readonly string[];
  /** Closes it for good: none of its keys opens anything from now on. */
  closes?: boolean;
  now: Date;
}

export type ChangeClientOutcome =
  | { outcome: 'changed' }
  | { outcome: 'not_found' }
  | { outcome: 'closed' }
  /** No http or https origin; nothing was changed. */
  | { outcome: 'bad_origin'; origin: string };

/** Changes what a client may do, from its next request on, or closes it. */
export async function changeClient(tx: Tx, input: ChangeClientInput): Promise<ChangeClientOutcome> {
  const { clientId, actor, reason, comment } = input;
  const bad = input.returnOrigins?.find((origin) => originOf(origin) === undefined);
  if (bad !== undefined) return { outcome: 'bad_origin', origin: bad };
  const client = await lockClient(tx, clientId);
  if (!client) return { outcome: 'not_found' };
  if (client.closedAt !== null) return { outcome: 'closed' };
  const before = { scopes: client.scopes, returnOrigins: client.returnOrigins, closedAt: null };
  const after = {
    scopes: input.scopes === undefined ? client.scopes : [...new Set(input.scopes)],
    returnOrigins: input.returnOrigins?.flatMap((origin) => originOf(origin) ?? []) ?? client.returnOrigins,
    closedAt: input.closes ? input.now : null,
  };
  await tx.apiClient.update({ where: { id: clientId }, data: after, select: { id: true } });
  const act = input.closes ? 'api_client.closed' : 'api_client.changed';
  await appendAudit(tx, { actor, act, subject: clientId, reason, comment, before, after });
  return { outcome: 'changed' };
}
