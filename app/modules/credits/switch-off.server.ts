import { type Db, inTransaction } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { lockRule } from './lock-rule.server';
import { moveRule } from './move-rule.server';

export interface SwitchOffInput {
  realmId: string;
  customerId: string;
  /** `customer:cst_…` */
  cause: string;
}

/**
 * Nothing is bought any more; a purchase under way comes to its end. A page to save a card on that is still open turns
 * nothing on. `unchanged`: it was off.
 */
export async function switchOff(
  db: Db,
  { realmId, customerId, cause }: SwitchOffInput,
): Promise<{ outcome: 'off' | 'unchanged' }> {
  const outcome = await inTransaction(db, 'switch top-up off', async (tx) => {
    const rule = await lockRule(tx, { realmId, customerId });
    if (rule === undefined || rule.state === 'off') return 'unchanged';
    await tx.cardSetup.updateMany({
      where: { realmId, customerId, state: { in: ['created', 'open'] } },
      data: { state: 'closed' },
    });
    await moveRule(tx, rule, { to: 'off', cause });
    return 'off';
  });
  if (outcome === 'off') log.info('top-up switched off', { customer: customerId });
  return { outcome };
}
