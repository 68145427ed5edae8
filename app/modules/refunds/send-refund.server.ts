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
import { readSent } from './read-sent.server';
import { type RefundStatus, type SentRefund } from './shared';
import { type PlannedRefundCall } from './write-request.server';

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
  const sent = outcome === undefined ? await readSent(tx, call.purpose) : await raise(tx, call, outcome);
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
  return readSent(tx, call.purpose);
}
