import type Stripe from 'stripe';
import { recordReinstatement } from '../balance/record-transaction';
import { changedFields } from '../changed-fields';
import { happening, type Happening } from '../happening';
import { stopRefunds } from '../refunds/move-refund';
import type { World } from '../world';
import { dueBy, networkDetails, DISPUTE_REASONS } from './build-dispute';
import { chargeChanged, chargeOf, withdraw } from './open-dispute';

/** `inquiry` and `chargeback` wait for somebody; `closed` is the end. */
export function stageOf({ status }: Stripe.Dispute): 'inquiry' | 'chargeback' | 'closed' {
  if (status === 'warning_needs_response' || status === 'warning_under_review') return 'inquiry';
  return status === 'needs_response' || status === 'under_review' ? 'chargeback' : 'closed';
}

/** The end: an inquiry is dropped, a chargeback won or lost. The caller publishes the events. */
export function closeDispute(
  world: World,
  dispute: Stripe.Dispute,
  verdict: 'won' | 'lost',
): { dispute: Stripe.Dispute; happenings: Happening[] } {
  const charge = chargeOf(world, dispute);
  if (stageOf(dispute) === 'inquiry') return closed(world, { ...dispute, status: 'warning_closed' });
  if (verdict === 'lost') return closed(world, { ...dispute, status: 'lost' });
  const transaction = recordReinstatement(world, charge, dispute);
  const won = closed(world, {
    ...dispute,
    balance_transactions: [...dispute.balance_transactions, transaction],
    is_charge_refundable: true,
    status: 'won',
  });
  const reinstated = happening('charge.dispute.funds_reinstated', won.dispute);
  return { dispute: won.dispute, happenings: [...won.happenings, reinstated] };
}

function closed(world: World, next: Stripe.Dispute): { dispute: Stripe.Dispute; happenings: Happening[] } {
  const dispute = world.store.disputes.put(next);
  const charge = chargeOf(world, dispute);
  const happenings = [happening('charge.dispute.closed', dispute), ...chargeChanged(world, charge, dispute)];
  return { dispute, happenings };
}

/**
 * An inquiry becomes a chargeback: the money goes now, and the time to answer begins anew. Once the charge is
 * wholly refunded there is nothing to take: the inquiry ends.
 */
export function escalateInquiry(
  world: World,
  inquiry: Stripe.Dispute,
): { dispute: Stripe.Dispute; happenings: Happening[] } {
  const charge = chargeOf(world, inquiry);
  if (charge.refunded) return closeDispute(world, inquiry, 'lost');
  const reason = DISPUTE_REASONS.find((known) => known === inquiry.reason) ?? 'general';
  const due = dueBy(world.now());
  const dispute = withdraw(world, {
    ...inquiry,
    ...networkDetails(charge, { kind: 'chargeback', reason }),
    evidence_details: { ...inquiry.evidence_details, due_by: due },
    is_charge_refundable: false,
    status: 'needs_response',
  });
  world.later('expire_dispute', dispute.id, due * 1000);
  const happenings = [
    { ...happening('charge.dispute.updated', dispute), previous: changedFields(inquiry, dispute) },
    happening('charge.dispute.funds_withdrawn', dispute),
    ...chargeChanged(world, charge, dispute),
    ...stopRefunds(world, charge),
  ];
  return { dispute, happenings };
}

/** Nobody has answered in time: a chargeback is lost. An inquiry may still be dropped or escalated. */
export function expireDispute(world: World, disputeId: string): void {
  const dispute = world.store.disputes.get(disputeId);
  const isWaiting = dispute?.status === 'needs_response' || dispute?.status === 'warning_needs_response';
  if (!dispute || !isWaiting || (dispute.evidence_details.due_by ?? 0) > world.now()) return;
  const late = world.store.disputes.put({
    ...dispute,
    evidence_details: { ...dispute.evidence_details, past_due: true },
  });
  if (stageOf(late) === 'chargeback') {
    world.publish(world.byItself, closeDispute(world, late, 'lost').happenings);
  }
}
