import type Stripe from 'stripe';
import { recordWithdrawal } from '../balance/record-transaction';
import { changedFields } from '../changed-fields';
import { happening, type Happening } from '../happening';
import { stopRefunds } from '../refunds/move-refund';
import { idIn, type World } from '../world';
import { buildDispute, type DisputeInput } from './build-dispute';
import { warningsAnswered } from './early-fraud-warnings';

/**
 * The customer's bank asks (inquiry) or takes the money (chargeback). The caller publishes the events: a dispute
 * may come with the very payment.
 */
export function openDispute(
  world: World,
  charge: Stripe.Charge,
  input: DisputeInput,
): { dispute: Stripe.Dispute; happenings: Happening[] } {
  const opened = world.store.disputes.put(buildDispute(world, charge, input));
  const disputed = world.store.charges.put({ ...charge, disputed: true });
  world.later('expire_dispute', opened.id, (opened.evidence_details.due_by ?? 0) * 1000);
  const warned = warningsAnswered(world, disputed);
  if (input.kind === 'inquiry') {
    const asked = [happening('charge.dispute.created', opened), ...chargeChanged(world, charge, opened)];
    return { dispute: opened, happenings: [...asked, ...warned] };
  }
  const dispute = withdraw(world, opened);
  const happenings = [
    happening('charge.dispute.created', dispute),
    happening('charge.dispute.funds_withdrawn', dispute),
    ...chargeChanged(world, charge, dispute),
    ...warned,
    ...stopRefunds(world, disputed),
  ];
  return { dispute, happenings };
}

/** The bank takes the disputed amount, and Stripe its fee. */
export function withdraw(world: World, dispute: Stripe.Dispute): Stripe.Dispute {
  const transaction = recordWithdrawal(world, chargeOf(world, dispute), dispute);
  return world.store.disputes.put({
    ...dispute,
    balance_transactions: [...dispute.balance_transactions, transaction],
  });
}

/** charge.updated beside a dispute's own events, if the sandbox is set so. `before`: the charge as it was. */
export function chargeChanged(world: World, before: Stripe.Charge, dispute: Stripe.Dispute): Happening[] {
  if (!world.settings().chargeUpdatedOnDispute) return [];
  const after = chargeOf(world, dispute);
  return [{ ...happening('charge.updated', after), previous: changedFields(before, after) }];
}

export function chargeOf(world: World, { charge }: Stripe.Dispute): Stripe.Charge {
  return world.store.charges.must(idIn(charge) ?? '');
}
