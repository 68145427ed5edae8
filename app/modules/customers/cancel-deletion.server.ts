import { appendAudit } from '~/modules/audit/index.server';
import { reopenCustomer } from '~/modules/auth/index.server';
import { thaw } from '~/modules/ledger/index.server';
import { type Db, inTransaction } from '~/platform/db.server';

import { lockDeletion } from './lock-deletion.server';

export interface CancelDeletionInput {
  customerId: string;
  actor: string;
  reason: string;
  comment: string;
  now: Date;
}

export type CancelDeletionOutcome =
  | { outcome: 'canceled' }
  /** It was called off before, or never asked for. */
  | { outcome: 'not_asked' }
  /** It has begun: what Stripe ended stays ended. */
  | { outcome: 'begun' };

/** Calls a deletion off while nothing of it has begun: the customer may log in and buy again, and the wallet is free. */
export async function cancelDeletion(db: Db, input: CancelDeletionInput): Promise<CancelDeletionOutcome> {
  const { customerId, actor, reason, comment, now } = input;
  return inTransaction(db, 'cancel deletion', async (tx) => {
    const standing = await tx.customerDeletion.findFirst({
      where: { customerId, state: { not: 'canceled' } },
      select: { id: true },
    });
    if (standing === null) return { outcome: 'not_asked' };
    const deletion = await lockDeletion(tx, standing.id);
    if (deletion.state === 'canceled') return { outcome: 'not_asked' };
    if (deletion.state !== 'asked') return { outcome: 'begun' };
    await tx.customerDeletion.update({
      where: { id: deletion.id },
      data: { state: 'canceled', endedAt: now },
      select: { id: true },
    });
    await reopenCustomer(tx, customerId);
    const wallets = await tx.wallet.findMany({
      where: { customerId },
      select: { bookId: true },
      orderBy: { id: 'asc' },
      take: 10,
    });
    for (const { bookId: book } of wallets) await thaw(tx, { book, customerId, cause: deletion.id, actor });
    await appendAudit(tx, {
      ...{ actor, act: 'customer.deletion_canceled', subject: customerId, reason, comment },
      before: { deletion: deletion.id },
    });
    return { outcome: 'canceled' };
  });
}
