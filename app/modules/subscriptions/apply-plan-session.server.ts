import { decided, type DoorOutcome, type FactContext, type SessionFact } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { lockPlans } from './lock-plans.server';

/** A session of mode `subscription` only links its order to what it brought: the subscription's invoices settle. */
export async function applyPlanSession(
  tx: Tx,
  session: SessionFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const { realmId } = context;
  const { ours } = session;
  if (ours.realm !== undefined && ours.realm !== realmId) return decided('ignored', 'other_realm');
  const order = await findOrder(tx, session, realmId);
  if (!order && ours.order !== undefined)
    return {
      outcome: 'quarantined',
      code: 'unknown_order',
      detail: `names ${ours.order}, which this realm does not have`,
      effects: [],
    };
  if (!order) return decided('ignored', 'foreign');
  await lockPlans(tx, order.customerId);
  if (session.status === 'expired') return close(tx, order.id);
  if (session.subscriptionId === undefined) return decided('noop', `session_${session.status ?? 'none'}`);
  return link(tx, order.id, session.id, { realmId, stripeId: session.subscriptionId });
}

function findOrder(tx: Tx, { id, ours }: SessionFact, realmId: string) {
  return tx.subscriptionOrder.findFirst({
    where: { realmId, ...(ours.order === undefined ? { stripeSession: id } : { id: ours.order }) },
    select: { id: true, customerId: true },
  });
}

async function link(
  tx: Tx,
  orderId: string,
  stripeSession: string,
  subscription: { realmId: string; stripeId: string },
): Promise<DoorOutcome> {
  const known = await tx.subscription.findUnique({
    where: { realmId_stripeId: subscription },
    select: { id: true },
  });
  const { count } = await tx.subscriptionOrder.updateMany({
    where: { id: orderId, state: { not: 'linked' } },
    data: {
      ...{ state: 'linked', stripeSession, stripeSubscription: subscription.stripeId },
      subscriptionId: known?.id ?? null,
    },
  });
  return count === 0 ? decided('duplicate', 'linked') : decided('applied', 'linked', [orderId]);
}

async function close(tx: Tx, orderId: string): Promise<DoorOutcome> {
  const { count } = await tx.subscriptionOrder.updateMany({
    where: { id: orderId, state: { in: ['created', 'open'] } },
    data: { state: 'closed' },
  });
  return count === 0 ? decided('stale', 'order_closed') : decided('applied', 'expired', [orderId]);
}
