import type Stripe from 'stripe';
import { happening, type Happening } from '../happening';
import { idIn, type World } from '../world';

/** The issuer says that the charge may be fraud; whoever refunds it in time gets no dispute. */
export function warnEarly(world: World, charge: Stripe.Charge): Happening[] {
  const intent = idIn(charge.payment_intent);
  const warning = world.store.earlyFraudWarnings.put({
    id: world.ids.long('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.refunded && !charge.disputed,
    charge: charge.id,
    created: world.now(),
    fraud_type: 'unauthorized_use_of_card',
    livemode: world.livemode,
    ...(intent !== null && { payment_intent: intent }),
  });
  return [happening('radar.early_fraud_warning.created', warning)];
}

/** A charge that is disputed or wholly refunded leaves nothing to do about its warnings. */
export function warningsAnswered(world: World, charge: Stripe.Charge): Happening[] {
  const open = world.store.earlyFraudWarnings
    .where('charge', charge.id)
    .filter(({ actionable }) => actionable);
  return open.map((warning) =>
    happening(
      'radar.early_fraud_warning.updated',
      world.store.earlyFraudWarnings.put({ ...warning, actionable: false }),
      { actionable: true },
    ),
  );
}
