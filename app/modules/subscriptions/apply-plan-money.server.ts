import { applyFact } from '~/modules/payments/index.server';
import { customerOfStripeCustomer } from '~/modules/stripe/index.server';
import {
  decided,
  type ChargeFact,
  type DoorOutcome,
  type FactContext,
  type IntentFact,
} from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

/**
 * PaymentIntents and charges. Those of a pack name their payment; those of a plan name neither a payment nor an invoice,
 * so until the paid invoice has linked them they wait, by the PaymentIntent's name.
 */
export async function applyPlanMoney(
  tx: Tx,
  fact: IntentFact | ChargeFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const outcome = await applyFact(tx, fact, context);
  if (!isUnlinked(outcome) || !(await mayBeOfPlan(tx, fact, context.realmId))) return outcome;
  if (fact.status !== 'succeeded') return decided('noop', `unpaid_${fact.status}`);
  const intentId = fact.kind === 'intent' ? fact.id : fact.intentId;
  return intentId === undefined ? outcome : { outcome: 'waits', waitsFor: intentId };
}

const isUnlinked = (outcome: DoorOutcome): boolean =>
  (outcome.outcome === 'quarantined' && outcome.code === 'no_payment') ||
  (outcome.outcome === 'decided' && outcome.decision === 'ignored' && outcome.reason === 'foreign');

async function mayBeOfPlan(tx: Tx, fact: IntentFact | ChargeFact, realmId: string): Promise<boolean> {
  if (fact.stripeCustomer === undefined) return false;
  const customerId = await customerOfStripeCustomer(tx, realmId, fact.stripeCustomer);
  if (customerId === undefined) return false;
  const where = { realmId, customerId };
  const orders = await tx.subscriptionOrder.count({ where });
  return orders > 0 || (await tx.subscription.count({ where })) > 0;
}
