import { appendAudit, type Author } from '~/modules/audit/index.server';
import { type Db, type Tx } from '~/platform/db.server';

import { type CreditLevels } from './money-back-levels.server';

/** What becomes of credits that were spent before their money went back: the seller's loss, or the customer's debt. */
export interface MoneyBackPolicy {
  refund: 'absorb' | 'debt';
  dispute: 'absorb' | 'debt';
}

const DEFAULT: MoneyBackPolicy = { refund: 'absorb', dispute: 'debt' };
const VIEW = { refund: true, dispute: true } as const;

export async function readMoneyBackPolicy(tx: Db | Tx, realmId: string): Promise<MoneyBackPolicy> {
  return (await tx.moneyBackPolicy.findUnique({ where: { realmId }, select: VIEW })) ?? DEFAULT;
}

/** Sets a realm's policy. It holds for what is refunded or disputed from now on, and for payments whose levels change again. */
export async function setMoneyBackPolicy(
  tx: Tx,
  input: Author & { realmId: string; policy: MoneyBackPolicy },
): Promise<{ outcome: 'set' | 'unchanged' }> {
  const { realmId, policy, actor, reason, comment } = input;
  const before = await readMoneyBackPolicy(tx, realmId);
  if (before.refund === policy.refund && before.dispute === policy.dispute) return { outcome: 'unchanged' };
  await tx.moneyBackPolicy.upsert({
    where: { realmId },
    create: { realmId, ...policy },
    update: { ...policy },
    select: { realmId: true },
  });
  await appendAudit(tx, {
    ...{ actor, act: 'money_back_policy.set', subject: realmId, realmId, reason, comment },
    before: { ...before },
    after: { ...policy },
  });
  return { outcome: 'set' };
}

/** How much of what went is owed where it was spent. */
export const owingOf = (policy: MoneyBackPolicy, gone: CreditLevels['gone']): bigint =>
  (policy.refund === 'debt' ? gone.refund : 0n) + (policy.dispute === 'debt' ? gone.dispute : 0n);
