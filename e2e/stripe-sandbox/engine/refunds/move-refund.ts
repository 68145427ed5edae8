import type Stripe from 'stripe';
import { recordRefundReturn } from '../balance/record-transaction';
import { changedFields } from '../changed-fields';
import { happening, type Happening } from '../happening';
import { idIn, type Cause, type World } from '../world';
import { isOnItsWay, withReference } from './create-refund';

export type FailureReason =
  'charge_for_pending_refund_disputed' | 'declined' | 'expired_or_canceled_card' | 'lost_or_stolen_card';

/** The bank's reference of a refund that succeeded at once. */
export function referenceRefund(world: World, refundId: string): void {
  const refund = world.store.refunds.get(refundId);
  if (refund?.status !== 'succeeded') return;
  world.publish(world.byItself, updated(world, refund, withReference(refund)));
}

/** The bank's yes to a pending refund. */
export function settleRefund(world: World, refundId: string): void {
  const refund = world.store.refunds.get(refundId);
  if (refund?.status !== 'pending') return;
  const succeeded = withReference(answered(refund, 'succeeded'));
  world.publish(world.byItself, updated(world, refund, succeeded));
}

/** The bank sends the money of a refund back. */
export function failRefund(world: World, refundId: string): void {
  const refund = world.store.refunds.get(refundId);
  if (!refund || !canFail(refund)) return;
  world.publish(world.byItself, refundFailed(world, refund, failureOf(refund)));
}

/** Also a refund that has succeeded comes back when the customer's card or account is closed. */
export function canFail({ status }: Stripe.Refund): boolean {
  return status === 'pending' || status === 'succeeded';
}

function failureOf({ destination_details: destination }: Stripe.Refund): FailureReason {
  return destination?.type === 'card' ? 'expired_or_canceled_card' : 'declined';
}

export function cancelRefund(world: World, cause: Cause, refund: Stripe.Refund): Stripe.Refund {
  const canceled = takeBack(world, answered(refund, 'canceled'));
  world.publish(cause, updated(world, refund, canceled));
  return canceled;
}

/** A chargeback takes the whole charge: refunds that have not left yet are stopped. */
export function stopRefunds(world: World, charge: Stripe.Charge): Happening[] {
  const stoppable = world.store.refunds
    .where('charge', charge.id)
    .filter((refund) => canFail(refund) && !isOnItsWay(refund));
  return stoppable.flatMap((refund) => refundFailed(world, refund, 'charge_for_pending_refund_disputed'));
}

function refundFailed(world: World, refund: Stripe.Refund, reason: FailureReason): Happening[] {
  const failed = world.store.refunds.put(
    takeBack(world, { ...answered(refund, 'failed'), failure_reason: reason }),
  );
  const previous = changedFields(refund, failed);
  return [
    happening('refund.failed', failed),
    ...(world.settings().refundUpdatedBesideFailed
      ? [{ ...happening('refund.updated', failed), previous }]
      : []),
    { ...happening('charge.refund.updated', failed), previous },
  ];
}

/** It waits for nothing any more. */
function answered(refund: Stripe.Refund, status: 'canceled' | 'failed' | 'succeeded'): Stripe.Refund {
  const rest = { ...refund, status };
  delete rest.pending_reason;
  return rest;
}

/** The money is the account's again, and the charge may be refunded anew. */
function takeBack(world: World, refund: Stripe.Refund): Stripe.Refund {
  const charge = world.store.charges.must(idIn(refund.charge) ?? '');
  const transaction = recordRefundReturn(world, charge, refund);
  world.store.charges.put({
    ...charge,
    amount_refunded: charge.amount_refunded - refund.amount,
    refunded: false,
  });
  return { ...refund, failure_balance_transaction: transaction.id };
}

export function updateRefund(
  world: World,
  cause: Cause,
  refund: Stripe.Refund,
  metadata: Stripe.Metadata,
): Stripe.Refund {
  const changed = { ...refund, metadata };
  const happenings = updated(world, refund, changed);
  if (Object.keys(changedFields(refund, changed)).length > 0) world.publish(cause, happenings);
  return changed;
}

function updated(world: World, before: Stripe.Refund, after: Stripe.Refund): Happening[] {
  const refund = world.store.refunds.put(after);
  const previous = changedFields(before, refund);
  return [
    { ...happening('refund.updated', refund), previous },
    { ...happening('charge.refund.updated', refund), previous },
  ];
}
