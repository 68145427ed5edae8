import { lockMoneyBackPayment } from '~/modules/payments/index.server';
import { decided, type ChargeRefundsFact, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { keepRefund } from './apply-refund-fact.server';

/**
 * A refunded charge says how much went back by now or once, never by which refund: its total falls when one of them
 * fails. So it only prompts a look at the refunds themselves.
 */
export async function applyChargeRefunds(
  tx: Tx,
  charge: ChargeRefundsFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const parent = { ours: charge.ours, intentId: charge.intentId, chargeId: charge.id };
  const behind = await lockMoneyBackPayment(tx, parent, context);
  if (behind.found === 'none') return behind.answer;
  const refunds = charge.refunds ?? readRefunds(charge, context);
  if (refunds === undefined) return { outcome: 'need', refs: [{ object: 'charge.refunds', id: charge.id }] };
  const effects = new Set<string>();
  for (const refund of refunds) {
    const kept = await keepRefund(tx, behind.payment, refund, context);
    if (kept.outcome !== 'decided') return kept;
    for (const effect of kept.effects) effects.add(effect);
  }
  return effects.size === 0
    ? decided('duplicate', 'refunds_known')
    : decided('applied', 'refunds_of_charge', [...behind.effects, ...effects]);
}

function readRefunds(charge: ChargeRefundsFact, context: FactContext) {
  const read = context.evidence.find(
    (fact): fact is ChargeRefundsFact => fact.kind === 'charge_refunds' && fact.id === charge.id,
  );
  return read?.refunds;
}
