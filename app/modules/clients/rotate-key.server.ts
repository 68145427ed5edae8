import { appendAudit } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { lockClient } from './lock-client.server';
import { insertKey } from './new-key.server';

export type RotateKeyOutcome =
  /** The new key is answered this once. */
  { outcome: 'rotated'; key: string; formerUntil: Date } | { outcome: 'not_found' } | { outcome: 'closed' };

/**
 * Makes a new key of a client. Its former ones stay good beside it for `overlap` milliseconds, and never for longer than
 * they were. What is asked with either of them under one Idempotency-Key is one act: the client is the same.
 */
export async function rotateKey(
  tx: Tx,
  input: { clientId: string; overlap: number; now: Date; actor: string },
): Promise<RotateKeyOutcome> {
  const { clientId, overlap, now, actor } = input;
  const client = await lockClient(tx, clientId);
  if (!client) return { outcome: 'not_found' };
  if (client.closedAt !== null) return { outcome: 'closed' };
  const formerUntil = new Date(now.getTime() + overlap);
  const isLongerGood = { OR: [{ expiresAt: null }, { expiresAt: { gt: formerUntil } }] };
  await tx.apiKey.updateMany({
    where: { clientId, revokedAt: null, ...isLongerGood },
    data: { expiresAt: formerUntil },
  });
  const { keyId, key } = await insertKey(tx, { id: clientId, book: client.bookId });
  await appendAudit(tx, { actor, act: 'api_key.rotated', subject: clientId, after: { keyId, formerUntil } });
  return { outcome: 'rotated', key, formerUntil };
}
