import { grant } from '~/modules/ledger/index.server';
import { type LotKind } from '~/modules/ledger/shared';
import { decided, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';
import { days } from '~/platform/time';

import { thawRepaid } from './dispute-freeze.server';
import { type Doubt, holdForReview } from './hold-for-review.server';
import { judgeSettlement } from './judge-settlement.server';
import { keepLateProofs } from './keep-proofs.server';
import { keepSecondMoney } from './keep-second-money.server';
import { type LockedPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';
import { queuePurchaseMail } from './queue-purchase-mail.server';
import { settleMoneyBack } from './settle-money-back.server';
import { type Proof } from './settlement-rules';

/** Money that Stripe says is settled. What does not fit the sale comes with a doubt. Smallest units. */
export interface SettledMoney {
  /** PaymentIntent; the session when its total is 0; the invoice of a plan. Unique per realm. */
  moneyObject: string;
  /** The PaymentIntent, when one paid. */
  stripeIntent?: string;
  amountPaid: bigint;
  amountDiscount: bigint;
  amountTax: bigint;
}

/** Settled money with all that proves it so. */
export interface ProvenMoney extends SettledMoney {
  proofs: readonly Proof[];
}

/** The lot that settled money becomes; a pack's, living as long as its version says, when left out. */
export interface SoldLot {
  kind: LotKind;
  expiresAt: Date | null;
}

/**
 * The one place where settled money becomes credits. Session, intent, return page and reconciler all end here, under
 * the payment's lock and in one transaction: state to paid, lot and entries on the ledger, once.
 * Money in doubt is kept for a person instead. A pack's rule may have a fact wait for another one (`judgeSettlement`):
 * that delays, and decides nothing else.
 * Held by: the lock, the state's rank, the unique money object of the realm, the unique key `grant:<payment>`.
 */
export async function settlePayment(
  tx: Tx,
  payment: LockedPayment,
  { proofs, ...money }: ProvenMoney,
  context: FactContext,
  doubt?: Doubt,
  lot?: SoldLot,
): Promise<DoorOutcome> {
  const isOther = payment.moneyObject !== null && payment.moneyObject !== money.moneyObject;
  if (isOther) return keepSecondMoney(tx, payment, money, context);
  if (payment.state === 'paid') {
    await keepLateProofs(tx, payment, { proofs, isLook: context.isLook === true, at: new Date() });
    if (!doubt) await tellDiscountAndTax(tx, payment, money);
    return decided('duplicate', 'already_granted');
  }
  if (payment.state === 'review') return keepMoneyOfReview(tx, payment, money, context);
  const judged = await judgeSettlement(tx, payment, { ...money, proofs }, context);
  if (judged.outcome === 'waits') return judged;
  const held = doubt ?? (payment.isOfClosed ? OF_CLOSED : undefined);
  if (held) return reviewMoney(tx, payment, held, money, context);
  return grantSettled(tx, payment, money, context, lot ?? packLot(payment, context));
}

/** Nobody is there to spend what this bought: a person gives the money back. */
const OF_CLOSED: Doubt = {
  code: 'customer_deleted',
  detail: 'it settled after the deletion of its customer was asked for',
};

/** What a pack becomes: credits that live as long as its version says. */
export function packLot({ expiresDays }: LockedPayment, { at }: FactContext): SoldLot {
  return {
    kind: 'pack',
    expiresAt: expiresDays === null ? null : new Date(at.getTime() + days(expiresDays)),
  };
}

/** A locked payment, not paid yet, becomes paid and its credits stand. Called by this room alone. */
export async function grantSettled(
  tx: Tx,
  payment: LockedPayment,
  money: SettledMoney,
  context: FactContext,
  lot: SoldLot,
): Promise<DoorOutcome> {
  await movePayment(tx, payment, {
    to: 'paid',
    reason: `settled by ${money.moneyObject}`,
    cause: context.cause,
    data: { ...money, ...unlinkOther(payment, money), paidAt: context.at },
  });
  // Before the grant: what has gone back already is taken from it before it repays a debt or is spent.
  const taken = await settleMoneyBack(tx, knowMoney(payment, money), context);
  const granted = await grant(tx, {
    book: context.book,
    customerId: payment.customerId,
    key: `grant:${payment.id}`,
    amount: payment.credits,
    lotKind: lot.kind,
    expiresAt: lot.expiresAt,
    paymentId: payment.id,
    paidMinor: money.amountPaid,
    currency: payment.currency,
    ...(payment.kind === 'topup' ? { reason: 'Automatic purchase' } : {}),
    actor: context.cause,
    occurredAt: context.at,
  });
  if (granted.outcome === 'key_reused')
    throw new Error(`The grant of ${payment.id} stands with another body.`);
  await thawRepaid(tx, { customerId: payment.customerId, book: context.book, actor: context.cause });
  await queuePurchaseMail(tx, payment.id, 'credits_added');
  return decided('applied', 'settled', [payment.id, granted.transferId, ...taken]);
}

/** The locked row as its settlement has written it. */
function knowMoney(payment: LockedPayment, money: SettledMoney): LockedPayment {
  const { moneyObject, amountPaid } = money;
  return Object.assign(payment, {
    moneyObject,
    amountPaid,
    stripeIntent: money.stripeIntent ?? payment.stripeIntent,
  });
}

/** A payment may have come to review before its money object was known. */
async function keepMoneyOfReview(
  tx: Tx,
  payment: LockedPayment,
  money: SettledMoney,
  context: FactContext,
): Promise<DoorOutcome> {
  if (payment.moneyObject !== null) return decided('noop', 'in_review');
  await tx.payment.update({ where: { id: payment.id }, data: { ...money }, select: { id: true } });
  const taken = await settleMoneyBack(tx, knowMoney(payment, money), context);
  return decided('applied', 'money_of_review', [payment.id, ...taken]);
}

/** Its refunds may have come first: whoever resolves the review grants what they left. */
async function reviewMoney(
  tx: Tx,
  payment: LockedPayment,
  doubt: Doubt,
  money: SettledMoney,
  context: FactContext,
): Promise<DoorOutcome> {
  const held = await holdForReview(tx, payment, doubt, context, money);
  await settleMoneyBack(tx, knowMoney(payment, money), context);
  return held;
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
