import { lockPayment } from '~/modules/payments/index.server';
import {
  type CallResult,
  recordCall,
  refundStatusOf,
  sendCall,
  type StripeSettings,
} from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { bringRefund } from './bring-refund.server';
import { REFUND_STATUSES, type RefundStatus } from './shared';
import { type PlannedRefundCall } from './write-request.server';

/** How a refund stands after it was sent. `sending`: Stripe has not answered; the same request is sent again by itself. */
export interface SentRefund {
  refundId: string;
  status: RefundStatus;
  /** Stripe's reason, when it refused. */
  failure: string | null;
}

/** Sends a refund that is written, outside any transaction, and records what came of it. */
export async function sendRefund(
  db: Db,
  settings: StripeSettings,
  { refundId, call }: { refundId: string; call: PlannedRefundCall },
): Promise<SentRefund> {
  await inTransaction(db, 'send refund', (tx) =>
    raise(tx, { id: call.id, purpose: refundId }, { status: 'sending' }),
  );
  const result = await sendCall(db, settings, call);
  return inTransaction(db, 'record refund', (tx) =>
    recordRefund(tx, { id: call.id, purpose: refundId }, result),
  );
}

/** Records what came of a `refund.create`; the purpose is our refund. */
export async function recordRefundCall(
  tx: Tx,
  call: { id: string; purpose: string },
  result: CallResult,
): Promise<void> {
  await recordRefund(tx, call, result);
}

async function recordRefund(
  tx: Tx,
  call: { id: string; purpose: string },
  result: CallResult,
): Promise<SentRefund> {
  const outcome = outcomeOf(result);
  const sent = outcome === undefined ? await read(tx, call.purpose) : await raise(tx, call, outcome);
  await recordCall(tx, call.id, result);
  log.info('refund sent', { refund: call.purpose, call: call.id, status: sent.status });
  return sent;
}

interface Outcome {
  status: RefundStatus;
  stripeId?: string;
  failure?: string;
}

/** Undefined while it is unknown what came of it: then the credits stay held back. */
function outcomeOf(result: CallResult): Outcome | undefined {
  switch (result.outcome) {
    case 'unknown':
      return undefined;
    case 'succeeded':
      return { status: refundStatusOf(result.object.status), stripeId: result.object.id };
    case 'refused':
      return { status: 'failed', failure: `${result.code}: ${result.message}` };
    case 'absent':
      return { status: 'failed', failure: 'Stripe never made it: whoever still wants it asks for it anew' };
    default:
      return assertNever(result);
  }
}

async function raise(tx: Tx, call: { id: string; purpose: string }, outcome: Outcome): Promise<SentRefund> {
  const { paymentId } = await tx.moneyBack.findUniqueOrThrow({
    where: { id: call.purpose },
    select: { paymentId: true },
  });
  const payment = await lockPayment(tx, paymentId);
  if (!payment) throw new Error(`Payment ${paymentId} vanished.`);
  const { mode } = await tx.realm.findUniqueOrThrow({
    where: { id: payment.realmId },
    select: { mode: true },
  });
  const { amount } = await tx.moneyBack.findUniqueOrThrow({
    where: { id: call.purpose },
    select: { amount: true },
  });
  await bringRefund(
    tx,
    payment,
    {
      ...{ row: call.purpose, stripeId: outcome.stripeId, stripeIntent: payment.stripeIntent ?? undefined },
      ...{ status: outcome.status, amount, currency: payment.currency, failure: outcome.failure },
    },
    { book: mode, cause: `call:${call.id}`, at: new Date() },
  );
  return read(tx, call.purpose);
}

async function read(tx: Tx, refundId: string): Promise<SentRefund> {
  const { status, failure } = await tx.moneyBack.findUniqueOrThrow({
    where: { id: refundId },
    select: { status: true, failure: true },
  });
  return { refundId, status: asStatus(status), failure };
}

function asStatus(status: string): RefundStatus {
  const known = REFUND_STATUSES.find((one) => one === status);
  if (known === undefined) throw new Error(`No refund is ${status}.`);
  return known;
}
