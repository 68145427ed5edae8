import { type DoorOutcome, type FactContext, type SubscriptionFact } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { findOwner } from './find-owner.server';
import { keepRead } from './keep-read.server';
import { lockPlans } from './lock-plans.server';
import { queueEndMail } from './queue-plan-mail.server';

/**
 * An event of a subscription only prompts a look: two events may tell of one second in either order, and a read of what
 * stands tells the truth for both.
 */
export async function applySubscription(
  tx: Tx,
  fact: SubscriptionFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const found = await findOwner(tx, context.realmId, {
    subscriptionId: fact.id,
    ours: fact.ours,
    stripeCustomer: fact.stripeCustomer,
    stripePrices: [fact.stripePrice],
  });
  if (found.owner === 'nobody') return found.answer;
  const read = readOf(fact.id, { ...context, evidence: [fact, ...context.evidence] });
  if (!read) return { outcome: 'need', refs: [{ object: 'subscription', id: fact.id }] };
  await lockPlans(tx, found.customerId);
  const kept = await keepRead(tx, found.customerId, read, context);
  if (fact.isTrialEnding) {
    const { id: subscriptionId } = await tx.subscription.findUniqueOrThrow({
      where: { realmId_stripeId: { realmId: context.realmId, stripeId: fact.id } },
      select: { id: true },
    });
    await queueEndMail(tx, { subscriptionId, mail: 'trial_ending' });
  }
  return kept;
}

/** A subscription as it was read, and when that read began. */
export type ReadSubscription = SubscriptionFact & { readAt: Date };

/** What was read of a subscription for this try; undefined while nothing was. */
export function readOf(id: string, { evidence }: FactContext): ReadSubscription | undefined {
  return evidence.find(
    (fact): fact is ReadSubscription =>
      fact.kind === 'subscription' && fact.id === id && fact.readAt !== undefined,
  );
}
