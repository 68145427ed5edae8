import { decided, type DoorOutcome, type FactContext, type SessionFact } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { amountFault } from './check-amounts';
import { holdForReview } from './hold-for-review.server';
import { linkPayment } from './link-payment.server';
import { type LockedPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { queuePurchaseMail } from './queue-purchase-mail.server';
import { settlePayment } from './settle-payment.server';
import { type Proof } from './settlement-rules';

/** A session settles when it is paid, or when nothing was to pay; `unpaid` never does. `proven`: what proves it beside. */
export async function applySession(
  tx: Tx,
  payment: LockedPayment,
  session: SessionFact,
  context: FactContext,
  proven: readonly Proof[] = [],
): Promise<DoorOutcome> {
  linkPayment(payment, {
    stripeSession: session.id,
    stripeIntent: session.intentId,
    stripeInvoice: session.invoiceId,
  });
  if (session.status === 'expired') return close(tx, payment, context);
  if (session.status !== 'complete') return decided('noop', 'session_open');
  if (session.paymentStatus === 'unpaid') return wait(tx, payment, context);
  if (session.paymentStatus === 'failed') return fail(tx, payment, context);

  const fault = amountFault(payment, session);
  const doubt = fault === undefined ? undefined : { code: 'amount_differs', detail: fault };
  const isFree = session.amountTotal === 0n;
  const moneyObject = isFree ? session.id : session.intentId;
  if (moneyObject === undefined) {
    const detail = `${session.id} is paid by no PaymentIntent`;
    return holdForReview(tx, payment, { code: 'no_money_object', detail }, context);
  }
  const money = {
    moneyObject,
    ...(session.intentId === undefined ? {} : { stripeIntent: session.intentId }),
    amountPaid: session.amountTotal,
    amountDiscount: session.amountDiscount,
    amountTax: session.amountTax,
    proofs: [...proven, isFree ? ('free_session' as const) : ('session' as const)],
  };
  return settlePayment(tx, payment, money, context, doubt);
}

async function close(tx: Tx, payment: LockedPayment, context: FactContext): Promise<DoorOutcome> {
  const moved = await movePayment(tx, payment, {
    to: 'expired',
    reason: 'the payment page expired unpaid',
    cause: context.cause,
  });
  if (!moved) return decided('stale', `already_${payment.state}`);
  return decided('applied', 'expired', [payment.id]);
}

async function wait(tx: Tx, payment: LockedPayment, context: FactContext): Promise<DoorOutcome> {
  const moved = await movePayment(tx, payment, {
    to: 'processing',
    reason: 'the bank has not confirmed yet',
    cause: context.cause,
  });
  if (!moved) return decided('noop', `already_${payment.state}`);
  return decided('applied', 'processing', [payment.id]);
}

async function fail(tx: Tx, payment: LockedPayment, context: FactContext): Promise<DoorOutcome> {
  const moved = await movePayment(tx, payment, {
    to: 'failed',
    reason: 'the bank refused the payment',
    cause: context.cause,
  });
  if (!moved) return decided('stale', `already_${payment.state}`);
  await queuePurchaseMail(tx, payment.id, 'failed');
  return decided('applied', 'failed', [payment.id]);
}
