import type Stripe from 'stripe';
import type { Aftermath } from '../cards';
import type { Happening } from '../happening';
import { behaviourOf } from '../methods/behaviours';
import type { World } from '../world';
import type { DisputeInput } from './build-dispute';
import { warnEarly } from './early-fraud-warnings';
import { openDispute } from './open-dispute';

/**
 * What the bank of a test card does as soon as the charge is captured, as events of the same act: whoever reads
 * the answer finds the dispute.
 */
export function afterCharge(world: World, charge: Stripe.Charge): Happening[] {
  const method = world.store.paymentMethods.get(charge.payment_method ?? '');
  const behaviour = method && behaviourOf(world, method);
  if (behaviour?.kind !== 'card' || behaviour.afterCharge === null) return [];
  if (behaviour.afterCharge === 'early_fraud_warning') return warnEarly(world, charge);
  return disputesOf(behaviour.afterCharge, charge.amount_captured).flatMap(
    (input) => openDispute(world, world.store.charges.must(charge.id), input).happenings,
  );
}

function disputesOf(aftermath: Exclude<Aftermath, 'early_fraud_warning'>, amount: number): DisputeInput[] {
  switch (aftermath) {
    case 'dispute':
      return [{ kind: 'chargeback', reason: 'fraudulent', amount }];
    case 'dispute_not_received':
      return [{ kind: 'chargeback', reason: 'product_not_received', amount }];
    case 'inquiry':
      return [{ kind: 'inquiry', reason: 'fraudulent', amount }];
    case 'multiple_disputes': {
      const first = Math.floor(amount / 2);
      return [first, amount - first].map((part) => ({
        kind: 'chargeback',
        reason: 'fraudulent',
        amount: part,
      }));
    }
  }
}
