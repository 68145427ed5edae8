import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { keepFirstProofs, type Settled } from './keep-proofs.server';
import { type LockedPayment } from './lock-payment.server';
import { type ProvenMoney } from './settle-payment.server';
import { firesBy, isSwitched, ruleOf } from './settlement-rules';
import { SETTLEMENT_PATIENCE } from './shared';

export type Judged =
  | { outcome: 'settles' }
  /** Not by this fact: its event waits for the object whose fact its rule takes; `forMs` is what is left of the patience. */
  | { outcome: 'waits'; waitsFor: string; forMs: number };

/**
 * Whether a fact settles a payment that is not settled yet, by the rule that the payment has at this moment; and when
 * each proof came first, for the comparison of rules. A rule may delay, never refuse: what is proven settles by any rule
 * when Stripe itself was asked, when its first proof is older than the patience, and when there is nothing to wait for.
 * Whoever calls holds the payment's lock.
 */
export async function judgeSettlement(
  tx: Tx,
  payment: LockedPayment,
  { proofs, moneyObject }: ProvenMoney,
  context: FactContext,
): Promise<Judged> {
  if (!isSwitched(payment.kind)) return { outcome: 'settles' };
  const rule = ruleOf(payment.policy, payment.id);
  const isLook = context.isLook === true;
  const waitsFor = proofs.includes('session') ? moneyObject : payment.stripeSession;
  const told = { proofs, isLook, at: new Date() };
  const by: Settled['by'] | undefined = isLook
    ? 'look'
    : firesBy(rule, payment.kind, proofs)
      ? 'rule'
      : waitsFor === null
        ? 'patience'
        : undefined;
  const provenAt = await keepFirstProofs(tx, payment, { ...told, settled: by && { rule, by } });
  if (by !== undefined || waitsFor === null) return { outcome: 'settles' };
  const forMs = SETTLEMENT_PATIENCE - (told.at.getTime() - provenAt.getTime());
  if (forMs > 0) return { outcome: 'waits', waitsFor, forMs };
  await keepFirstProofs(tx, payment, { ...told, settled: { rule, by: 'patience' } });
  return { outcome: 'settles' };
}
