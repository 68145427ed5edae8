import { askApproval, countAct } from '~/modules/approvals/index.server';
import { type PersonRole } from '~/modules/approvals/shared';
import { appendAudit } from '~/modules/audit/index.server';
import { type LockedPayment, lockPayment } from '~/modules/payments/index.server';
import { planCall, refundBody } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { bringRefund } from './bring-refund.server';
import { keyOf, readBacks, refundBar } from './judge-refund.server';
import { readSent } from './read-sent.server';
import { type RefundBar, type RefundReason, type RefundStatus, type SentRefund } from './shared';

export interface RefundRequest {
  realm: RealmView;
  paymentId: string;
  /** In the currency's smallest unit. */
  amount: bigint;
  /** The preview's. */
  key: string;
  /** A user's id. */
  actor: string;
  role: PersonRole;
  reason: RefundReason;
  comment: string;
  requestId?: string;
}

export type PlannedRefundCall = Awaited<ReturnType<typeof planCall>>;

export type WrittenRequest =
  | { outcome: 'written'; refundId: string; call: PlannedRefundCall }
  /** It is above the limits of who asks: a second person decides. */
  | { outcome: 'awaiting_approval'; refundId: string; approvalId: string }
  /** Somebody asked for just this, seeing what this one saw: it is one refund. */
  | ({ outcome: 'repeated'; actor: string | null; actorName: string | null } & SentRefund)
  /** Something went back since the preview: look again. */
  | { outcome: 'changed' }
  /** Nobody refunds into the wallet of their own log-in. */
  | { outcome: 'own_wallet' }
  | { outcome: 'not_found' }
  | { outcome: 'barred'; bar: RefundBar };

/**
 * Writes a refund before Stripe hears of it: the row, what it takes from the credits, its call and the audit, or what a
 * second person is asked. Under the payment's lock no two requests see the same money.
 */
export async function writeRequest(tx: Tx, request: RefundRequest): Promise<WrittenRequest> {
  const { realm, amount, actor } = request;
  if (amount <= 0n) return { outcome: 'barred', bar: { bar: 'zero' } };
  const payment = await lockPayment(tx, request.paymentId, realm.id);
  if (!payment) return { outcome: 'not_found' };
  const known = await findRequest(tx, request);
  if (known) return known;
  const backs = await readBacks(tx, payment.id);
  if (keyOf(payment.id, backs) !== request.key) return { outcome: 'changed' };
  const bar = refundBar(payment, backs, amount);
  if (bar) return { outcome: 'barred', bar };
  const id = newId('mbk');
  const act = {
    ...({ book: realm.mode, act: 'refund', actor, role: request.role, subject: id } as const),
    ...{ customerId: payment.customerId, unit: payment.currency, amount },
  };
  const counted = await countAct(tx, act);
  if (counted.outcome === 'own_wallet') return counted;
  const isAlone = counted.outcome === 'counted';
  const kept = await keepRequest(tx, payment, {
    id,
    request,
    status: isAlone ? 'requested' : 'awaiting_approval',
  });
  const call = isAlone ? await planRefund(tx, payment, { id, amount, reason: request.reason }) : undefined;
  const asked = isAlone
    ? undefined
    : await askApproval(tx, {
        ...act,
        body: { refundId: id },
        preview: { key: request.key, amountPaid: String(payment.amountPaid), amount: String(amount) },
        reason: request.reason,
        comment: request.comment,
      });
  if (asked?.outcome === 'own_wallet') throw new Error('A wallet changed its owner within a transaction.');
  await auditRequest(tx, payment, { id, request, status: kept });
  return call === undefined
    ? { outcome: 'awaiting_approval', refundId: id, approvalId: asked?.approvalId ?? '' }
    : { outcome: 'written', refundId: id, call };
}

async function findRequest(tx: Tx, request: RefundRequest): Promise<WrittenRequest | undefined> {
  const row = await tx.moneyBack.findUnique({
    where: { realmId_requestKey: { realmId: request.realm.id, requestKey: request.key } },
    select: { id: true, paymentId: true, amount: true, actor: true },
  });
  if (row === null) return undefined;
  const isSame = row.paymentId === request.paymentId && row.amount === request.amount;
  if (!isSame) return { outcome: 'changed' };
  const { actor } = row;
  const who =
    actor === null ? null : await tx.user.findUnique({ where: { id: actor }, select: { name: true } });
  return { outcome: 'repeated', actor, actorName: who?.name ?? null, ...(await readSent(tx, row.id)) };
}

async function keepRequest(
  tx: Tx,
  payment: LockedPayment,
  { id, request, status }: { id: string; request: RefundRequest; status: RefundStatus },
): Promise<RefundStatus> {
  const { amount, reason, key, actor, comment, realm } = request;
  const kept = await bringRefund(
    tx,
    payment,
    {
      ...{ stripeId: undefined, row: undefined, stripeIntent: payment.stripeIntent ?? undefined },
      ...{ status, amount, currency: payment.currency, reason, request: { id, key, actor, comment } },
    },
    { book: realm.mode, cause: `staff:${actor}`, at: new Date() },
  );
  if (kept.outcome !== 'raised') throw new Error(`The new refund ${id} is ${kept.outcome}.`);
  return status;
}

/** The call of a refund, in the transaction that lets it be sent. */
export function planRefund(
  tx: Tx,
  payment: LockedPayment,
  { id, amount, reason }: { id: string; amount: bigint; reason: string | null },
): Promise<PlannedRefundCall> {
  const { realmId, customerId, stripeIntent } = payment;
  if (stripeIntent === null) throw new Error(`Nothing was paid through Stripe for ${payment.id}.`);
  const known = reason === 'duplicate' || reason === 'fraudulent' ? reason : 'requested_by_customer';
  const params = refundBody({
    ...{ realmId, refundId: id, paymentId: payment.id, customerId, stripeIntent, amount },
    reason: known,
  });
  return planCall(tx, { realmId, kind: 'refund.create', purpose: id, params });
}

async function auditRequest(
  tx: Tx,
  payment: LockedPayment,
  { id, request, status }: { id: string; request: RefundRequest; status: RefundStatus },
): Promise<void> {
  const { actor, reason, comment, realm, amount, requestId } = request;
  await appendAudit(tx, {
    ...{ actor, act: 'refund.requested', subject: id, reason, comment, realmId: realm.id },
    ...(requestId === undefined ? {} : { requestId }),
    after: { payment: payment.id, amount, currency: payment.currency, paid: payment.amountPaid, status },
  });
}
