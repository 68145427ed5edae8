import type Stripe from 'stripe';
import { idIn, type World } from '../world';

export type RefundJudgement =
  | { outcome: 'allowed'; amount: number }
  /** The try was refused, or its bank has not paid yet. */
  | { outcome: 'not_paid' }
  /** The money is only held. */
  | { outcome: 'uncaptured' }
  /** A chargeback is open or lost: the bank took the money already. */
  | { outcome: 'charged_back' }
  | { outcome: 'nothing_left' }
  | { outcome: 'too_much'; amount: number; left: number };

/** Whether `wanted` may be refunded; null: all that is left. Amounts are in the smallest unit. */
export function judgeRefund(world: World, charge: Stripe.Charge, wanted: number | null): RefundJudgement {
  if (charge.status !== 'succeeded') return { outcome: 'not_paid' };
  if (!charge.captured) return { outcome: 'uncaptured' };
  const disputes = world.store.disputes.where('charge', charge.id);
  if (disputes.some((dispute) => !dispute.is_charge_refundable)) return { outcome: 'charged_back' };
  const left = unrefunded(world, charge);
  if (left <= 0) return { outcome: 'nothing_left' };
  const amount = wanted ?? left;
  return amount > left ? { outcome: 'too_much', amount, left } : { outcome: 'allowed', amount };
}

/** What is captured and neither refunded nor about to be. */
export function unrefunded(world: World, charge: Stripe.Charge): number {
  const given = world.store.refunds.where('charge', charge.id).filter(holdsMoney);
  return charge.amount_captured - given.reduce((sum, { amount }) => sum + amount, 0);
}

function holdsMoney({ status }: Stripe.Refund): boolean {
  return status === 'pending' || status === 'succeeded';
}

/** The charge of an intent that was paid, or else its latest one. */
export function refundableCharge(world: World, intent: Stripe.PaymentIntent): Stripe.Charge | undefined {
  const charges = world.store.charges.where('payment_intent', intent.id);
  const paid = charges.find(({ status }) => status === 'succeeded');
  return paid ?? world.store.charges.get(idIn(intent.latest_charge) ?? '');
}
