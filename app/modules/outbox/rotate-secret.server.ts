import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { lockEndpoint } from './disable-endpoint.server';
import { newSecret } from './secret.server';

export type RotateSecretOutcome =
  /** Show the secret: it is not told again. The former one signs beside it until then. */
  { outcome: 'rotated'; secret: string; formerUntil: Date } | { outcome: 'not_found' };

/** Gives an endpoint another secret at once; for `overlap` milliseconds, zero or more, the former one signs too. */
export async function rotateSecret(
  tx: Tx,
  { endpointId, overlap, actor, reason, comment }: Author & { endpointId: string; overlap: number },
): Promise<RotateSecretOutcome> {
  await lockEndpoint(tx, endpointId);
  const where = { id: endpointId, state: { not: 'removed' as const } };
  if ((await tx.endpoint.count({ where })) === 0) return { outcome: 'not_found' };
  const formerUntil = new Date(Date.now() + overlap);
  const { n } = await tx.endpointSecret.findFirstOrThrow({
    where: { endpointId, expiresAt: null },
    select: { n: true },
  });
  await tx.endpointSecret.update({
    where: { endpointId_n: { endpointId, n } },
    data: { expiresAt: formerUntil },
    select: { n: true },
  });
  const secret = newSecret();
  await tx.endpointSecret.create({ data: { endpointId, n: n + 1, secret }, select: { n: true } });
  await appendAudit(tx, {
    ...{ actor, act: 'endpoint.secret_rotated', subject: endpointId, reason, comment },
    before: { n },
    after: { n: n + 1, formerUntil },
  });
  return { outcome: 'rotated', secret, formerUntil };
}
