import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Tx } from '~/platform/db.server';

import { lockClient } from './lock-client.server';
import { insertKey } from './new-key.server';

/** Of so many keys that end earlier the audit says until when they were good. */
const MOST_STANDING = 50;

export type RotateKeyOutcome =
  /** The new key is answered this once. */
  { outcome: 'rotated'; key: string; formerUntil: Date } | { outcome: 'not_found' } | { outcome: 'closed' };

/**
 * Makes a new key of a client. Its former ones stay good beside it for `overlap` milliseconds, and never for longer than
 * they were. What is asked with either of them under one Idempotency-Key is one act: the client is the same.
 */
export async function rotateKey(
  tx: Tx,
  input: Author & { clientId: string; overlap: number; now: Date },
): Promise<RotateKeyOutcome> {
  const { clientId, overlap, now, actor, reason, comment } = input;
  const client = await lockClient(tx, clientId);
  if (!client) return { outcome: 'not_found' };
  if (client.closedAt !== null) return { outcome: 'closed' };
  const formerUntil = new Date(now.getTime() + overlap);
  const isLongerGood = { OR: [{ expiresAt: null }, { expiresAt: { gt: formerUntil } }] };
  const standing = { clientId, revokedAt: null, ...isLongerGood };
  const former = await tx.apiKey.findMany({
    where: standing,
    select: { id: true, hint: true, expiresAt: true },
    take: MOST_STANDING,
  });
  await tx.apiKey.updateMany({
    where: standing,
    data: { expiresAt: formerUntil },
  });
  const { keyId, key } = await insertKey(tx, { id: clientId, book: client.bookId });
  await appendAudit(tx, {
    ...{ actor, act: 'api_key.rotated', subject: clientId, reason, comment },
    before: { keys: former },
    after: { keyId, formerUntil },
  });
  return { outcome: 'rotated', key, formerUntil };
}
