import {
  decided,
  type DoorOutcome,
  type FactContext,
  type IntentFact,
  type SessionFact,
} from '~/modules/stripe/shared';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';

import { applySession } from './apply-session.server';
import { closeTopUp } from './close-top-up.server';
import { linkPayment } from './link-payment.server';
import { type LockedPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { keepSecondMoney } from './keep-second-money.server';
import { settlePayment } from './settle-payment.server';

/** A PaymentIntent settles when it succeeded. A declined try changes no state: the customer may try again. */
export async function applyIntent(
  tx: Tx,
  payment: LockedPayment,
  intent: IntentFact,
  context: FactContext,
): Promise<DoorOutcome> {
  if (payment.kind === 'plan') return linkPlanIntent(payment, intent);
  if (payment.kind === 'topup' && ENDS_TOP_UP.has(intent.status))
    return endTopUp(tx, payment, intent, context);
  switch (intent.status) {
    case 'succeeded':
      return settle(tx, payment, intent, context);
    case 'processing':
      linkPayment(payment, { stripeIntent: intent.id });
      return rise(tx, payment, { to: 'processing', reason: 'the bank has not confirmed yet' }, context);
    case 'canceled':
      linkPayment(payment, { stripeIntent: intent.id });
      return rise(tx, payment, { to: 'canceled', reason: 'the payment was canceled at Stripe' }, context);
    case 'requires_payment_method':
    case 'requires_action':
    case 'requires_confirmation':
    case 'requires_capture': {
      const linked = linkPayment(payment, { stripeIntent: intent.id });
      const reason = intent.lastError === undefined ? intent.status : 'declined';
      return decided('noop', reason, linked ? [payment.id] : []);
    }
    default:
      return assertNever(intent.status);
  }
}

/** Nobody is there to pay a top-up another way: what is not paid at once, or by its bank, is over. */
const ENDS_TOP_UP = new Set<IntentFact['status']>(['canceled', 'requires_action', 'requires_payment_method']);

async function endTopUp(
  tx: Tx,
  payment: LockedPayment,
  intent: IntentFact,
  { cause }: FactContext,
): Promise<DoorOutcome> {
  linkPayment(payment, { stripeIntent: intent.id });
  const code =
    intent.errorCode ?? (intent.status === 'requires_action' ? 'authentication_required' : 'canceled');
  const closed = await closeTopUp(tx, payment, { code, message: intent.lastError, cause });
  if (!closed) return decided('stale', `already_${payment.state}`);
  return decided('applied', 'refused', [payment.id]);
}

/** A plan's payment is settled by its invoice: what pays the invoice brings its links alone. */
function linkPlanIntent(payment: LockedPayment, intent: IntentFact): DoorOutcome {
  const linked =
    intent.status === 'succeeded' &&
    linkPayment(payment, { stripeIntent: intent.id, stripeCharge: intent.chargeId });
  const effects = linked ? [payment.id] : [];
  return decided(linked ? 'applied' : 'noop', 'paid_an_invoice', effects);
}

/**
 * An amount other than what was sold may be a promotion or tax: only the session tells, so it is read first. What the
 * session knows nothing of is not this sale's money, and is linked to it in no way.
 */
async function settle(
  tx: Tx,
  payment: LockedPayment,
  intent: IntentFact,
  context: FactContext,
): Promise<DoorOutcome> {
  const money = {
    moneyObject: intent.id,
    stripeIntent: intent.id,
    amountPaid: intent.amountReceived,
    amountDiscount: 0n,
    amountTax: 0n,
  };
  const proofs = ['intent'] as const;
  if (payment.moneyObject !== null && payment.moneyObject !== intent.id)
    return settlePayment(tx, payment, { ...money, proofs }, context);
  const links = { stripeIntent: intent.id, stripeCharge: intent.chargeId };
  const isExact = intent.currency === payment.currency && intent.amountReceived === payment.amountSubtotal;
  if (isExact || payment.moneyObject !== null) {
    linkPayment(payment, links);
    return settlePayment(tx, payment, { ...money, proofs }, context);
  }
  const detail = `${intent.id} received ${intent.amountReceived} ${intent.currency}, sold at ${payment.amountSubtotal} ${payment.currency}`;
  const doubt = { code: 'amount_differs', detail };
  if (payment.stripeSession === null) return settlePayment(tx, payment, { ...money, proofs }, context, doubt);
  const session = context.evidence.find(
    (fact): fact is SessionFact => fact.kind === 'session' && fact.id === payment.stripeSession,
  );
  if (!session) return { outcome: 'need', refs: [{ object: 'checkout.session', id: payment.stripeSession }] };
  if (session.intentId !== undefined && session.intentId !== intent.id)
    return keepSecondMoney(tx, payment, money, context);
  linkPayment(payment, links);
  if (session.intentId === undefined) return settlePayment(tx, payment, { ...money, proofs }, context, doubt);
  return applySession(tx, payment, session, context, proofs);
}

async function rise(
  tx: Tx,
  payment: LockedPayment,
  move: { to: 'processing' | 'canceled'; reason: string },
  context: FactContext,
): Promise<DoorOutcome> {
  const moved = await movePayment(tx, payment, { ...move, cause: context.cause });
  if (!moved) return decided('stale', `already_${payment.state}`);
  return decided('applied', move.to, [payment.id]);
}
