import { decided, type DoorOutcome, type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { createPayment } from './create-payment.server';
import { type Doubt } from './hold-for-review.server';
import { linkPayment, writeLinks } from './link-payment.server';
import { lockMoney } from './lock-money.server';
import { type LockedPayment, lockPayment } from './lock-payment.server';
import { queuePurchaseMail } from './queue-purchase-mail.server';
import { grantSettled, type SettledMoney, settlePayment, type SoldLot } from './settle-payment.server';

/** A paid invoice of a subscription, as what it sold. Amounts in the currency's smallest unit. */
export interface SettledInvoice {
  invoiceId: string;
  subscriptionId: string;
  customerId: string;
  /** Null, with no credits, while nobody knows what the invoice is for: then it comes with a doubt. */
  versionId: string | null;
  quantity: number;
  credits: bigint;
  currency: string;
  amountSubtotal: bigint;
  amountDiscount: bigint;
  amountTax: bigint;
  amountPaid: bigint;
  intentId: string | undefined;
  chargeId: string | undefined;
  invoiceUrl: string | undefined;
}

/**
 * Each paid invoice of a subscription is a payment of its own, made from the fact and settled by the same door as any
 * other. The caller holds the lock that makes facts of one customer's plans come one after the other.
 * What came to review because its plan was unknown is granted once the plan is known. Money that a person has given to
 * somebody as a pack's before the invoice was heard of stays that: it is granted once.
 */
export async function settlePlanInvoice(
  tx: Tx,
  invoice: SettledInvoice,
  lot: SoldLot,
  context: FactContext,
  doubt?: Doubt,
): Promise<DoorOutcome> {
  const known = await findPlanPayment(tx, context.realmId, invoice.invoiceId);
  const assigned = known === undefined ? await findAssigned(tx, context.realmId, invoice) : undefined;
  if (assigned !== undefined) return decided('duplicate', 'assigned_by_person', [assigned]);
  const id = known ?? (await create(tx, invoice, context));
  const payment = await lockPayment(tx, id, context.realmId);
  if (!payment) throw new Error(`Payment ${id} vanished.`);
  linkPayment(payment, { stripeCharge: invoice.chargeId });
  const money: SettledMoney = {
    moneyObject: invoice.invoiceId,
    ...(invoice.intentId === undefined ? {} : { stripeIntent: invoice.intentId }),
    amountPaid: invoice.amountPaid,
    amountDiscount: invoice.amountDiscount,
    amountTax: invoice.amountTax,
  };
  const isInReview = payment.state === 'review';
  const isLearned = isInReview && payment.credits === 0n && !doubt && !payment.isOfClosed;
  const outcome = isLearned
    ? await grantLearned(tx, payment, invoice, money, lot, context)
    : await settlePayment(tx, payment, { ...money, proofs: ['invoice'] }, context, doubt, lot);
  await writeLinks(tx, payment);
  return isInReview && doubt ? { outcome: 'quarantined', ...doubt, effects: [id] } : outcome;
}

async function grantLearned(
  tx: Tx,
  payment: LockedPayment,
  { versionId, credits, quantity }: SettledInvoice,
  money: SettledMoney,
  lot: SoldLot,
  context: FactContext,
): Promise<DoorOutcome> {
  const learned = { versionId, credits, quantity };
  await tx.payment.update({ where: { id: payment.id }, data: learned, select: { id: true } });
  return grantSettled(tx, Object.assign(payment, learned), money, context, lot);
}

/** The payment that an invoice of this realm became; undefined while it was not settled. */
async function findPlanPayment(tx: Tx, realmId: string, invoiceId: string): Promise<string | undefined> {
  const row = await tx.payment.findUnique({
    where: { realmId_stripeInvoice: { realmId, stripeInvoice: invoiceId } },
    select: { id: true },
  });
  return row?.id;
}

/** The payment that a person made of the PaymentIntent which paid an invoice. */
async function findAssigned(
  tx: Tx,
  realmId: string,
  { intentId }: SettledInvoice,
): Promise<string | undefined> {
  if (intentId === undefined) return undefined;
  await lockMoney(tx, realmId, intentId);
  const row = await tx.payment.findUnique({
    where: { realmId_moneyObject: { realmId, moneyObject: intentId } },
    select: { id: true },
  });
  return row?.id;
}

/** An invoice that is in doubt stands in review from its first row on: only then may its worth be unknown. */
async function create(tx: Tx, invoice: SettledInvoice, context: FactContext): Promise<string> {
  const { invoiceId, subscriptionId, customerId, versionId, quantity, credits, currency } = invoice;
  const isUnknown = credits === 0n;
  const id = await createPayment(
    tx,
    {
      realmId: context.realmId,
      customerId,
      kind: 'plan',
      versionId,
      quantity,
      credits,
      currency,
      amountSubtotal: invoice.amountSubtotal,
      stripeInvoice: invoiceId,
      stripeSubscription: subscriptionId,
      invoiceUrl: invoice.invoiceUrl ?? null,
      ...(isUnknown ? { state: 'review' as const, reviewReason: 'unknown_plan' } : {}),
    },
    { reason: `${invoiceId} of ${subscriptionId} is paid`, cause: context.cause },
  );
  if (isUnknown) await queuePurchaseMail(tx, id, 'in_review');
  return id;
}
