import { settleClaim } from '~/modules/ledger/index.server';
import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { keepFreezesOfPayment } from './dispute-freeze.server';
import { type LockedPayment } from './lock-payment.server';
import { creditsOf, readLevels } from './money-back-levels.server';
import { owingOf, readMoneyBackPolicy } from './money-back-policy.server';

/**
 * Brings the credits of a locked payment to the levels of its refunds and disputes: gone money revokes its share of what
 * was granted, pending money holds its share back, money that came back to us gives it back. Levels, not steps: the same
 * levels again move nothing, and the order in which they came is no part of the result. A payment that is not settled yet
 * is brought there when it is, before its credits can be spent.
 * @returns the transfer that moved credits, if any had to move
 */
export async function settleMoneyBack(
  tx: Tx,
  payment: LockedPayment,
  context: Pick<FactContext, 'book' | 'cause' | 'at'>,
): Promise<string[]> {
  // Of a plan that nobody knows yet it is not known what was sold either.
  if (payment.amountPaid === null || payment.credits === 0n) return [];
  const levels = await readLevels(tx, payment);
  if (levels === undefined) return [];
  const credits = creditsOf({ credits: payment.credits, paid: payment.amountPaid }, levels);
  const policy = await readMoneyBackPolicy(tx, payment.realmId);
  const claim = await settleClaim(tx, {
    paymentId: payment.id,
    ...credits,
    owing: owingOf(policy, credits.gone),
    actor: context.cause,
    occurredAt: context.at,
  });
  await keepFreezesOfPayment(tx, payment.id, {
    customerId: payment.customerId,
    book: context.book,
    actor: context.cause,
  });
  return claim.transferId === null ? [] : [claim.transferId];
}
