import { type CallResult, recordCall } from '~/modules/stripe/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';
import { fromUnix } from '~/platform/time';

import { type LockedPayment, lockPayment } from './lock-payment.server';
import { movePayment } from './move-payment.server';

/** Records what came of a `checkout_session.create`; the purpose is the payment. */
export async function recordSessionCall(
  tx: Tx,
  call: { id: string; purpose: string },
  result: CallResult,
): Promise<void> {
  const payment = await lockPayment(tx, call.purpose);
  if (!payment) throw new Error(`Payment ${call.purpose} vanished.`);
  await recordCall(tx, call.id, result);
  const cause = `call:${call.id}`;
  switch (result.outcome) {
    case 'unknown':
      return;
    case 'refused': {
      const reason = `Stripe refused the payment page: ${result.code}`;
      await movePayment(tx, payment, { to: 'failed', reason, cause });
      return;
    }
    case 'absent': {
      const reason = 'Stripe never made a payment page for it';
      await movePayment(tx, payment, { to: 'failed', reason, cause });
      return;
    }
    case 'succeeded':
      return open(tx, payment, result.object, cause);
    default:
      assertNever(result);
  }
}

async function open(
  tx: Tx,
  payment: LockedPayment,
  session: { id: string; url?: string | null | undefined; expires_at?: number | null | undefined },
  cause: string,
): Promise<void> {
  await tx.payment.update({
    where: { id: payment.id },
    data: {
      stripeSession: session.id,
      sessionUrl: session.url ?? null,
      expiresAt: typeof session.expires_at === 'number' ? fromUnix(session.expires_at) : null,
    },
    select: { id: true },
  });
  await movePayment(tx, payment, { to: 'open', reason: 'the payment page is open', cause });
}
