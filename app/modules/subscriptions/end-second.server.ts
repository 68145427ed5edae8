import { raiseFinding } from '~/modules/findings/index.server';
import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { planAct } from './plan-act.server';
import { goingOn } from './state';

const MAX_LIVE = 20;

/**
 * A customer has one plan that goes on, in all realms of a book. Whatever was paid for another one is granted like any other, but the later one is
 * set to end with its period, once: who takes that back in the portal wants both.
 */
export async function endSecond(tx: Tx, customerId: string, context: FactContext): Promise<void> {
  const { realmId: toldIn, cause } = context;
  const { mode: book } = await tx.realm.findUniqueOrThrow({ where: { id: toldIn }, select: { mode: true } });
  const live = await tx.subscription.findMany({
    where: { ...goingOn({ book, customerId }, new Date()), endsAt: null },
    orderBy: [{ startedAt: 'asc' }, { stripeId: 'asc' }],
    take: MAX_LIVE,
    select: { id: true, realmId: true, stripeId: true },
  });
  const [first, ...later] = live;
  if (!first) return;
  for (const { id, realmId, stripeId } of later) {
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
