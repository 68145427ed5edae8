import type Stripe from 'stripe';
import type { Happening } from '../happening';
import { behaviourOf } from '../methods/behaviours';
import type { World } from '../world';
import { DISPUTE_REASONS, type DisputeReason } from './build-dispute';
import { closeDispute } from './close-dispute';
import { openDispute } from './open-dispute';

/** Some test accounts take their money back after the payment has succeeded. */
export function expectReturn(world: World, charge: Stripe.Charge): void {
  if (reasonOf(world, charge) === undefined) return;
  world.later('return_debit', charge.id, world.nowMs() + world.settings().disputeDelayMs);
}

export function returnDebitWhenDue(world: World, chargeId: string): void {
  const charge = world.store.charges.get(chargeId);
  const reason = charge && reasonOf(world, charge);
  if (!charge || reason === undefined) return;
  world.publish(world.byItself, returnDebit(world, charge, reason, charge.amount_captured).happenings);
}

/** The bank returns a debit: a dispute that is lost as it comes, for no evidence is heard. */
export function returnDebit(
  world: World,
  charge: Stripe.Charge,
  reason: DisputeReason,
  amount: number,
): { dispute: Stripe.Dispute; happenings: Happening[] } {
  const opened = openDispute(world, charge, { kind: 'chargeback', reason, amount });
  const lost = closeDispute(world, opened.dispute, 'lost');
  return { dispute: lost.dispute, happenings: [...opened.happenings, ...lost.happenings] };
}

function reasonOf(world: World, charge: Stripe.Charge): DisputeReason | undefined {
  const method = world.store.paymentMethods.get(charge.payment_method ?? '');
  const behaviour = method && behaviourOf(world, method);
  if (!behaviour || behaviour.kind === 'card' || behaviour.dispute === null) return undefined;
  return DISPUTE_REASONS.find((known) => known === behaviour.dispute) ?? 'debit_not_authorized';
}
