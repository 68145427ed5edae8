import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

export type RevokeKeyOutcome =
  { outcome: 'revoked'; clientId: string } | { outcome: 'already_revoked' } | { outcome: 'not_found' };

/** Ends a key at once: the next request with it is refused. What it did stays. */
export async function revokeKey(
  tx: Tx,
  input: Author & { keyId: string; now: Date },
): Promise<RevokeKeyOutcome> {
  const { keyId, now, actor, reason, comment } = input;
  const { count } = await tx.apiKey.updateMany({
    where: { id: keyId, revokedAt: null },
    data: { revokedAt: now },
  });
  const key = await tx.apiKey.findUnique({ where: { id: keyId }, select: { clientId: true, hint: true } });
  if (key === null) return { outcome: 'not_found' };
  if (count === 0) return { outcome: 'already_revoked' };
  await appendAudit(tx, {
    ...{ actor, act: 'api_key.revoked', subject: key.clientId, reason, comment },
    before: { keyId, hint: key.hint, revokedAt: null },
    after: { keyId, hint: key.hint, revokedAt: now },
  });
  return { outcome: 'revoked', clientId: key.clientId };
}
