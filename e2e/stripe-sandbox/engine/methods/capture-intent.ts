import type Stripe from 'stripe';
import { afterCharge } from '../disputes/after-charge';
import { happening } from '../happening';
import { ORDERS } from '../orders';
import { idIn, type Cause, type World } from '../world';

export interface CaptureInput {
  /** In the smallest unit; what is left is released. */
  amount: number;
  metadata: Stripe.Metadata;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
}

/** Takes money that a card holds. */
export function captureIntent(
  world: World,
  cause: Cause,
  held: Stripe.PaymentIntent,
  input: CaptureInput,
): Stripe.PaymentIntent {
  const before = world.store.charges.must(idIn(held.latest_charge) ?? '');
  const charge = world.store.charges.put({
    ...before,
    amount_captured: input.amount,
    captured: true,
    statement_descriptor: input.statementDescriptor,
    statement_descriptor_suffix: input.statementDescriptorSuffix,
  });
  const intent = world.store.paymentIntents.put({
    ...held,
    amount_capturable: 0,
    amount_received: input.amount,
    metadata: input.metadata,
    statement_descriptor: input.statementDescriptor,
    statement_descriptor_suffix: input.statementDescriptorSuffix,
    status: 'succeeded',
  });
  world.later('settle_charge', charge.id, world.nowMs() + world.settings().settleDelayMs);
  const happenings = [
    happening('charge.captured', charge),
    happening('payment_intent.succeeded', intent),
    ...afterCharge(world, charge),
  ];
  world.publish(cause, happenings, ORDERS.capture);
  return intent;
}

/** Gives an intent up; what a card holds for it is released. */
export function cancelPayment(
  world: World,
  cause: Cause,
  before: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const held = before.status === 'requires_capture' ? idIn(before.latest_charge) : null;
  const intent = world.store.paymentIntents.put({
    ...before,
    amount_capturable: 0,
    canceled_at: world.now(),
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  });
  const released = held === null ? [] : [releaseCharge(world, held)];
  world.publish(cause, [happening('payment_intent.canceled', intent), ...released]);
  return intent;
}

function releaseCharge(world: World, chargeId: string) {
  const charge = world.store.charges.must(chargeId);
  const released = world.store.charges.put({ ...charge, amount_refunded: charge.amount, refunded: true });
  return happening('charge.refunded', released, { amount_refunded: 0, refunded: false });
}
