import { grant } from '~/modules/ledger/index.server';
import { type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';
import { days } from '~/platform/time';

import { createPayment } from './create-payment.server';
import { type Doubt, holdForReview } from './hold-for-review.server';
import { type LockedPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { queuePurchaseMail } from './queue-purchase-mail.server';

/** Money that Stripe says is settled. What does not fit the sale comes with a doubt. Smallest units. */
export interface SettledMoney {
  /** PaymentIntent; the session when its total is 0. Unique per realm. */
  moneyObject: string;
  /** The PaymentIntent, when one paid. */
  stripeIntent?: string;
  amountPaid: bigint;
  amountDiscount: bigint;
  amountTax: bigint;
}

/**
 * The one place where settled money becomes credits. Session, intent, return page and reconciler all end here, under
 * the payment's lock and in one transaction: state to paid, lot and entries on the ledger, once.
 * Money in doubt is kept for a person instead.
 * Held by: the lock, the state's rank, the unique money object of the realm, the unique key `grant:<payment>`.
 */
export async function settlePayment(
  tx: Tx,
  payment: LockedPayment,
  money: SettledMoney,
  context: FactContext,
  doubt?: Doubt,
): Promise<DoorOutcome> {
  const isOther = payment.moneyObject !== null && payment.moneyObject !== money.moneyObject;
  if (isOther) return keepSecondMoney(tx, payment, money, context);
  if (payment.state === 'paid') {
    if (!doubt) await tellDiscountAndTax(tx, payment, money);
    return { outcome: 'decided', decision: 'duplicate', reason: 'already_granted', effects: [] };
  }
  if (payment.state === 'review') return keepMoneyOfReview(tx, payment, money);
  if (doubt) return holdForReview(tx, payment, doubt, context, money);

  await movePayment(tx, payment, {
    to: 'paid',
    reason: `settled by ${money.moneyObject}`,
    cause: context.cause,
    data: { ...money, ...unlinkOther(payment, money), paidAt: context.at },
  });
  const { expiresDays } = payment;
  const granted = await grant(tx, {
    book: context.book,
    customerId: payment.customerId,
    key: `grant:${payment.id}`,
    amount: payment.credits,
    lotKind: 'pack',
    expiresAt: expiresDays === null ? null : new Date(context.at.getTime() + days(expiresDays)),
    paymentId: payment.id,
    paidMinor: money.amountPaid,
    currency: payment.currency,
    actor: context.cause,
    occurredAt: context.at,
  });
  if (granted.outcome === 'key_reused')
    throw new Error(`The grant of ${payment.id} stands with another body.`);
  await queuePurchaseMail(tx, payment.id, 'credits_added');
  return {
    outcome: 'decided',
    decision: 'applied',
    reason: 'settled',
    effects: [payment.id, granted.transferId],
  };
}

/** A payment may have come to review before its money object was known. */
async function keepMoneyOfReview(tx: Tx, payment: LockedPayment, money: SettledMoney): Promise<DoorOutcome> {
  if (payment.moneyObject !== null)
    return { outcome: 'decided', decision: 'noop', reason: 'in_review', effects: [] };
  await tx.payment.update({ where: { id: payment.id }, data: { ...money }, select: { id: true } });
  return { outcome: 'decided', decision: 'applied', reason: 'money_of_review', effects: [payment.id] };
}

/** Another intent's charge may have come before the intent that settles: its card and receipt are not this payment's. */
function unlinkOther(payment: LockedPayment, money: SettledMoney) {
  const isOther =
    payment.stripeIntent !== null &&
    money.stripeIntent !== undefined &&
    payment.stripeIntent !== money.stripeIntent;
  return isOther ? { stripeCharge: null, card: null, receiptUrl: null } : {};
}

/** An exact PaymentIntent may have settled first: only the session knows what of it was discount and tax. */
async function tellDiscountAndTax(tx: Tx, payment: LockedPayment, money: SettledMoney): Promise<void> {
  const { amountDiscount, amountTax } = money;
  if (amountDiscount === 0n && amountTax === 0n) return;
  await tx.payment.update({
    where: { id: payment.id },
    data: { amountDiscount, amountTax },
    select: { id: true },
  });
}

/**
 * Settled money beside a sale's own is the customer's money too: a payment of its own, for a person to resolve. It never
 * stands in the way of the money that the sale waits for, whichever of the two comes first.
 */
export async function keepSecondMoney(
  tx: Tx,
  payment: LockedPayment,
  money: SettledMoney,
  context: FactContext,
): Promise<DoorOutcome> {
  const known = await tx.payment.findFirst({
    where: { realmId: payment.realmId, moneyObject: money.moneyObject },
    select: { id: true },
  });
  if (known)
    return { outcome: 'decided', decision: 'duplicate', reason: 'second_payment_known', effects: [] };
  const id = await createPayment(
    tx,
    {
      realmId: payment.realmId,
      customerId: payment.customerId,
      kind: payment.kind,
      state: 'review',
      reviewReason: 'paid_twice',
      versionId: payment.versionId,
      quantity: payment.quantity,
      credits: payment.credits,
      currency: payment.currency,
      amountSubtotal: payment.amountSubtotal,
      secondOfId: payment.id,
      ...money,
    },
    { reason: `${money.moneyObject} was paid beside the money of ${payment.id}`, cause: context.cause },
  );
  await queuePurchaseMail(tx, id, 'in_review');
  return { outcome: 'quarantined', code: 'paid_twice', detail: `kept as ${id}`, effects: [id] };
}
