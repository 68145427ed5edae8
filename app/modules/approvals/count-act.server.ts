import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { checkLimit, type LimitedAct, type LimitVerdict } from './check-limit.server';
import { isOwner } from './wallet-owner.server';

export type CountActOutcome =
  /** It counts now: the caller acts in this transaction. */
  | { outcome: 'counted'; actId: string }
  /** Nothing is written: a person asks a second one, a client of the API is refused. */
  | (LimitVerdict & { outcome: 'above' })
  /** Nothing is written: nobody acts on the wallet of their own log-in. */
  | { outcome: 'own_wallet' };

/** Counts an act that one person or one client of the API does alone, if their limit leaves room for it. Called before wallets are locked. */
export async function countAct(tx: Tx, act: LimitedAct & { subject: string }): Promise<CountActOutcome> {
  if (await isOwner(tx, act.customerId, act.actor)) return { outcome: 'own_wallet' };
  const verdict = await checkLimit(tx, act);
  if (verdict.outcome === 'above') return { ...verdict, outcome: 'above' };
  const { book, actor, role, customerId, subject, unit, amount } = act;
  const { id } = await tx.staffAct.create({
    data: { id: newId('act'), book, act: act.act, actor, role, customerId, subject, unit, amount },
    select: { id: true },
  });
  return { outcome: 'counted', actId: id };
}
