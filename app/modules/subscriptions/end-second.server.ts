import { raiseFinding } from '~/modules/findings/index.server';
import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { planAct } from './plan-act.server';
import { isLive, LIVE_STATUSES } from './state';

const MAX_LIVE = 20;

/**
 * A customer has one plan that goes on. Whatever was paid for another one is granted like any other, but the later one is
 * set to end with its period, once: who takes that back in the portal wants both.
 */
export async function endSecond(tx: Tx, customerId: string, context: FactContext): Promise<void> {
  const { realmId, cause } = context;
  const live = await tx.subscription.findMany({
    where: { realmId, customerId, status: { in: [...LIVE_STATUSES] }, endsAt: null },
    orderBy: [{ startedAt: 'asc' }, { stripeId: 'asc' }],
    take: MAX_LIVE,
    select: { id: true, stripeId: true, status: true },
  });
  const [first, ...later] = live.filter(isLive);
  if (!first) return;
  for (const { id, stripeId } of later) {
    const detail = `${stripeId} began while ${first.stripeId} goes on; it is set to end with its period`;
    const { raised } = await raiseFinding(tx, {
      realmId,
      kind: 'second_subscription',
      subject: stripeId,
      detail,
      cause,
    });
    if (raised === 'new')
      await planAct(tx, {
        realmId,
        subscription: { id, stripeId },
        kind: 'end_second',
        actor: cause,
        change: { change: 'end', atPeriodEnd: true },
      });
  }
}
