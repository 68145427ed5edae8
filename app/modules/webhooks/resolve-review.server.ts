import { appendAudit } from '~/modules/audit/index.server';
import { grantReview, type ShownMoney } from '~/modules/payments/index.server';
import { type RealmReader } from '~/modules/stripe/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { readPaid, type ReadPaidOutcome } from './read-paid.server';
import { lockEventsOf, requeueStuck } from './resting-event.server';
import { type ByStaff, type Permit, permitAlone, type Stopped } from './staff-permit.server';

export interface ReviewedPayment {
  realmId: string;
  paymentId: string;
}

export type ResolveReviewOutcome =
  | { outcome: 'granted'; paymentId: string; effects: string[] }
  | Stopped
  | Exclude<ReadPaidOutcome, { outcome: 'paid' }>
  /** It left review meanwhile, or there is none of this id. */
  | { outcome: 'not_in_review' }
  /** A plan's invoice: correct its event instead. */
  | { outcome: 'of_a_plan' }
  /** Less was paid than this sold for: it can be refunded. */
  | { outcome: 'more_than_paid' }
  /** Its customer is being deleted: it can be refunded. */
  | { outcome: 'customer_deleted' };

/**
 * Grants what a payment in review sold, within the limits of who does it, under the payment's own key: events of it that
 * come late grant nothing more. Its quarantined events run again.
 * @throws StripeError when Stripe does not answer
 */
export async function resolveReview(
  db: Db,
  reader: RealmReader | undefined,
  reviewed: ReviewedPayment,
  by: ByStaff,
): Promise<ResolveReviewOutcome> {
  const paid = await readReviewed(db, reader, reviewed);
  if (paid.outcome !== 'paid') return paid;
  const permit = permitAlone(by, { kind: 'review', ...reviewed });
  return inTransaction(db, 'resolve review', (tx) => grantReviewed(tx, reviewed, paid.money, by, permit));
}

/** What Stripe shows of the payment's money: of its session, which alone knows discounts, if that is what paid. */
export async function readReviewed(
  db: Db,
  reader: RealmReader | undefined,
  { realmId, paymentId }: ReviewedPayment,
): Promise<ReadPaidOutcome> {
  const payment = await db.payment.findFirst({
    where: { id: paymentId, realmId },
    select: { moneyObject: true, stripeSession: true },
  });
  const { moneyObject = null, stripeSession = null } = payment ?? {};
  if (stripeSession !== null) {
    const read = await readPaid(reader, realmId, stripeSession);
    const isIt =
      read.outcome === 'paid' && read.money.moneyObject === (moneyObject ?? read.money.moneyObject);
    if (isIt || moneyObject === null) return read;
  }
  return moneyObject === null ? { outcome: 'not_money' } : readPaid(reader, realmId, moneyObject);
}

export async function grantReviewed(
  tx: Tx,
  { realmId, paymentId }: ReviewedPayment,
  money: ShownMoney,
  by: ByStaff,
  permit: Permit,
): Promise<ResolveReviewOutcome> {
  const { mode: book } = await tx.realm.findUniqueOrThrow({ where: { id: realmId }, select: { mode: true } });
  const stuck = await lockEventsOf(tx, realmId, money);
  const context = { realmId, book, cause: `staff:${by.actor}`, at: new Date(), evidence: [] };
  const outcome = await grantReview(tx, { paymentId, money, context }, ({ customerId, credits }) =>
    permit(tx, {
      ...{ book, act: 'assign', subject: paymentId, customerId, unit: 'credits', amount: credits },
    }),
  );
  if (outcome.outcome === 'stopped') return outcome.stop;
  if (outcome.outcome === 'not_in_review') return { outcome: 'not_in_review' };
  if (outcome.outcome !== 'granted') return outcome;
  await requeueStuck(tx, realmId, stuck);
  await appendAudit(tx, {
    ...{ actor: by.actor, act: 'payment.granted_in_review', subject: paymentId, reason: by.reason, realmId },
    ...{ comment: by.comment, after: { effects: outcome.effects } },
  });
  return outcome;
}
