import { type FactContext } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { createPayment } from './create-payment.server';
import { linkPayment } from './link-payment.server';
import { lockMoney } from './lock-money.server';
import { type LockedPayment, lockPayment } from './lock-payment.server';
import { grantSettled, packLot, type SettledMoney } from './settle-payment.server';
import { type PaymentState } from './shared';

/** Money as Stripe shows it at this moment. Smallest units. */
export interface ShownMoney extends SettledMoney {
  currency: string;
  /** What was asked before discounts and tax: compared with what a pack costs. */
  worth: bigint;
  stripeSession?: string;
}

/** Asked under the payment's lock, before a wallet's; what it answers stops the grant. */
export type MayGrant<Stop> = (worth: {
  paymentId: string;
  customerId: string;
  credits: bigint;
}) => Promise<Stop | undefined>;

export type GrantByPersonOutcome<Stop> =
  | { outcome: 'granted'; paymentId: string; effects: string[] }
  | { outcome: 'stopped'; stop: Stop }
  /** What was paid is less than what would be granted costs, or in another currency. */
  | { outcome: 'more_than_paid' };

export type GrantReviewOutcome<Stop> =
  | GrantByPersonOutcome<Stop>
  | { outcome: 'not_in_review'; state: PaymentState | undefined }
  /** A plan's invoice is granted by the door of plans once its plan is known. */
  | { outcome: 'of_a_plan' }
  /** Its customer is being deleted: it can be refunded. */
  | { outcome: 'customer_deleted' };

/** Grants what a payment in review sold, under the key that any late event of it uses too: it is granted once. */
export async function grantReview<Stop>(
  tx: Tx,
  input: { paymentId: string; money: ShownMoney; context: FactContext },
  mayGrant: MayGrant<Stop>,
): Promise<GrantReviewOutcome<Stop>> {
  const { money, context } = input;
  const payment = await lockPayment(tx, input.paymentId, context.realmId);
  if (payment?.state !== 'review') return { outcome: 'not_in_review', state: payment?.state };
  if (payment.kind === 'plan') return { outcome: 'of_a_plan' };
  if ((await tx.customer.count({ where: { id: payment.customerId, closedAt: null } })) === 0)
    return { outcome: 'customer_deleted' };
  if (payment.moneyObject !== null && payment.moneyObject !== money.moneyObject)
    throw new Error(`${money.moneyObject} is not what settled ${payment.id}.`);
  return grantLocked(tx, payment, money, context, mayGrant);
}

export interface AssignInput {
  customerId: string;
  versionId: string;
  quantity: number;
  money: ShownMoney;
  context: FactContext;
}

export type AssignMoneyOutcome<Stop> =
  | GrantByPersonOutcome<Stop>
  /** It belongs to a payment already. */
  | { outcome: 'money_known'; paymentId: string }
  /** No such customer, or one who is being deleted; or no pack of this version with a price in that currency. */
  | { outcome: 'unknown_customer' | 'no_price' };

/** Makes a payment of settled money that no row of ours knew, as a sale of that pack to that customer. */
export async function assignMoney<Stop>(
  tx: Tx,
  input: AssignInput,
  mayGrant: MayGrant<Stop>,
): Promise<AssignMoneyOutcome<Stop>> {
  const { customerId, versionId, quantity, money, context } = input;
  const { realmId } = context;
  if (money.stripeIntent !== undefined) await lockMoney(tx, realmId, money.stripeIntent);
  const known = await tx.payment.findFirst({
    where: { realmId, OR: [{ moneyObject: money.moneyObject }, ...linksOf(money)] },
    select: { id: true },
  });
  if (known) return { outcome: 'money_known', paymentId: known.id };
  if ((await tx.customer.count({ where: { id: customerId, closedAt: null } })) === 0)
    return { outcome: 'unknown_customer' };
  const price = await tx.catalogPrice.findFirst({
    where: { versionId, currency: money.currency, version: { item: { kind: 'pack' } } },
    select: { amount: true, version: { select: { credits: true, expiresDays: true } } },
  });
  if (!price) return { outcome: 'no_price' };
  const count = BigInt(quantity);
  if (money.worth < price.amount * count) return { outcome: 'more_than_paid' };
  const sold = { credits: price.version.credits * count, amountSubtotal: price.amount * count };
  const stop = await mayGrant({ paymentId: money.moneyObject, customerId, credits: sold.credits });
  if (stop !== undefined) return { outcome: 'stopped', stop };
  const terms = { realmId, customerId, versionId, quantity, ...sold, currency: money.currency };
  const id = await createPayment(
    tx,
    { ...terms, kind: 'pack', state: 'review', reviewReason: 'assigned' },
    { reason: `${money.moneyObject} was assigned by a person`, cause: context.cause },
  );
  const payment = await lockPayment(tx, id);
  if (!payment) throw new Error(`Payment ${id} vanished.`);
  return grantLocked<never>(tx, payment, money, context, () => Promise.resolve(undefined));
}

const linksOf = ({ stripeSession, stripeIntent }: ShownMoney) => [
  ...(stripeSession === undefined ? [] : [{ stripeSession }]),
  ...(stripeIntent === undefined ? [] : [{ stripeIntent }]),
];

async function grantLocked<Stop>(
  tx: Tx,
  payment: LockedPayment,
  shown: ShownMoney,
  context: FactContext,
  mayGrant: MayGrant<Stop>,
): Promise<GrantByPersonOutcome<Stop>> {
  const { currency, worth, stripeSession, ...money } = shown;
  if (currency !== payment.currency || worth < payment.amountSubtotal) return { outcome: 'more_than_paid' };
  const { id: paymentId, customerId, credits } = payment;
  const stop = await mayGrant({ paymentId, customerId, credits });
  if (stop !== undefined) return { outcome: 'stopped', stop };
  linkPayment(payment, { stripeSession, stripeIntent: money.stripeIntent });
  const settled = await grantSettled(tx, payment, money, context, packLot(payment, context));
  return {
    outcome: 'granted',
    paymentId,
    effects: settled.outcome === 'decided' ? settled.effects : [paymentId],
  };
}
