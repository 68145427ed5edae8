import { type CallResult, recordCall } from '~/modules/stripe/index.server';
import { type Tx } from '~/platform/db.server';

/** Records what came of a `subscription.update`; the purpose is the act. What it changed is read, not taken from here. */
export async function recordActCall(
  tx: Tx,
  call: { id: string; purpose: string },
  result: CallResult,
): Promise<void> {
  await recordCall(tx, call.id, result);
  if (result.outcome === 'unknown') return;
  const state = result.outcome === 'succeeded' ? 'done' : 'refused';
  await tx.subscriptionAct.updateMany({
    where: { id: call.purpose, state: 'asked' },
    data: { state, endedAt: new Date() },
  });
}
