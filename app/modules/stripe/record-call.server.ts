import { addJob } from '~/modules/jobs/index.server';
import { assertNever } from '~/platform/assert-never';
import { type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';

import { delayAfterSend } from './call-schedule';
import { type CallResult } from './calls.server';

/**
 * Records what came of a call, in the transaction that changes what the call was for. An unknown one stays
 * open and is sent again by itself.
 */
export async function recordCall(tx: Tx, callId: string, result: CallResult): Promise<void> {
  switch (result.outcome) {
    case 'succeeded':
      await tx.stripeCall.updateMany({
        where: { id: callId, state: 'open' },
        data: {
          state: 'succeeded',
          endedAt: new Date(),
          objectId: result.object.id,
          httpStatus: 200,
          requestId: result.requestId ?? null,
        },
      });
      return;
    case 'refused':
      log.warn('stripe call refused', { call: callId, code: result.code, stripeRequest: result.requestId });
      await tx.stripeCall.updateMany({
        where: { id: callId, state: 'open' },
        data: {
          state: 'refused',
          endedAt: new Date(),
          httpStatus: result.httpStatus,
          errorCode: result.code,
          errorMessage: result.message,
          requestId: result.requestId ?? null,
        },
      });
      return;
    case 'absent':
      log.warn('stripe call never happened', { call: callId });
      await tx.stripeCall.updateMany({
        where: { id: callId, state: 'open' },
        data: { state: 'absent', endedAt: new Date() },
      });
      return;
    case 'unknown':
      return askAgainLater(tx, callId, result.message);
    default:
      assertNever(result);
  }
}

async function askAgainLater(tx: Tx, callId: string, message: string): Promise<void> {
  const call = await tx.stripeCall.findUniqueOrThrow({ where: { id: callId }, select: { sends: true } });
  const dueAt = new Date(Date.now() + delayAfterSend(call.sends));
  log.warn('stripe call unanswered', { call: callId, sends: call.sends });
  await tx.stripeCall.updateMany({
    where: { id: callId, state: 'open' },
    data: { errorMessage: message, dueAt },
  });
  await addJob(tx, 'stripe.sweep_calls', {}, { key: `stripe.sweep_calls:${callId}`, runAt: dueAt });
}
