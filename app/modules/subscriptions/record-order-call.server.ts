import { type CallResult, recordCall } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { lockPlans } from './lock-plans.server';

/** Records what came of a `subscription_session.create`; the purpose is the order. */
export async function recordOrderCall(
  tx: Tx,
  call: { id: string; purpose: string },
  result: CallResult,
): Promise<void> {
  const { customerId } = await tx.subscriptionOrder.findUniqueOrThrow({
    where: { id: call.purpose },
    select: { customerId: true },
  });
  await lockPlans(tx, customerId);
  await recordCall(tx, call.id, result);
  switch (result.outcome) {
    case 'unknown':
      return;
    case 'refused':
    case 'absent':
      await moveOrder(tx, call.purpose, { state: 'closed' });
      return;
    case 'succeeded': {
      const { id: stripeSession, url } = result.object;
      await moveOrder(tx, call.purpose, { state: 'open', stripeSession, sessionUrl: url ?? null });
      return;
    }
    default:
      assertNever(result);
  }
}

/** An event may have told of the session before its own answer did. */
async function moveOrder(
  tx: Tx,
  id: string,
  data: { state: 'open' | 'closed'; stripeSession?: string; sessionUrl?: string | null },
): Promise<void> {
  await tx.subscriptionOrder.updateMany({ where: { id, state: 'created' }, data });
}
