import { type Tx } from '~/platform/db.server';

import { noteChange } from './keep-money-back.server';

/**
 * Closes a request that waited for a second person; it has taken nothing of its payment. Nothing else moves such a row but
 * its approval, whose lock the caller holds.
 */
export async function rejectMoneyBack(
  tx: Tx,
  input: { id: string; waiting: string; rejected: { status: string; rank: number }; cause: string },
): Promise<boolean> {
  const { id, waiting, rejected, cause } = input;
  const { count } = await tx.moneyBack.updateMany({ where: { id, status: waiting }, data: rejected });
  if (count === 0) return false;
  await noteChange(tx, id, { from: waiting, ...rejected, level: 'none', taken: 0n, cause });
  return true;
}
