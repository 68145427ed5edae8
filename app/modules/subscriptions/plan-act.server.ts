import { planCall, type SubscriptionChange, subscriptionUpdateBody } from '~/modules/stripe/index.server';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type ActKind } from './shared';

export interface ActInput {
  realmId: string;
  subscription: { id: string; stripeId: string };
  kind: ActKind;
  /** The plan that it changes to. */
  versionId?: string;
  actor: string;
  change: SubscriptionChange;
}

/**
 * Writes an act and its call before Stripe hears of it. What is not sent by the caller is sent by the sweep of calls.
 * One act of a customer is under way at a time: another breaks `subscription_act_one_asked`.
 */
export async function planAct(tx: Tx, input: ActInput) {
  const { realmId, subscription, kind, versionId, actor, change } = input;
  const id = newId('sba');
  await tx.subscriptionAct.create({
    data: { id, subscriptionId: subscription.id, kind, versionId: versionId ?? null, actor },
    select: { id: true },
  });
  const call = await planCall(tx, {
    realmId,
    kind: 'subscription.update',
    purpose: id,
    target: subscription.stripeId,
    params: subscriptionUpdateBody({ id, realmId }, change),
  });
  return { id, call };
}
