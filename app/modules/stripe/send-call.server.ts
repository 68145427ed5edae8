import { setTimeout as pause } from 'node:timers/promises';
import Stripe from 'stripe';

import { type Db } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { requestOf } from './call-kinds.server';
import { callObject, type CallResult, type PlannedCall } from './calls.server';
import { stripeClient, type StripeSettings } from './client.server';
import { isKeyFault, isPassing } from './stripe-faults.server';

const TWIN_WAITS = [100, 200, 400, 800];
const ANSWER_WITHIN = seconds(20);
/** Longer than all tries of one sending. */
const IN_FLIGHT = ANSWER_WITHIN * (TWIN_WAITS.length + 1);

/** Sends a planned call. A twin of the same key in flight (409) is waited for; it gives the same answer. */
export async function sendCall(
  db: Db,
  settings: StripeSettings,
  call: PlannedCall,
): Promise<Exclude<CallResult, { outcome: 'absent' }>> {
  const now = new Date();
  await db.stripeCall.updateMany({ where: { id: call.id, firstSentAt: null }, data: { firstSentAt: now } });
  const { sends } = await db.stripeCall.update({
    where: { id: call.id },
    // Nobody else sends it while this one may still be answered.
    data: { sends: { increment: 1 }, lastSentAt: now, dueAt: new Date(now.getTime() + IN_FLIGHT) },
    select: { sends: true },
  });
  for (const wait of TWIN_WAITS) {
    const result = await sendOnce(settings, call, sends > 1);
    if (result !== 'twin_in_flight') return result;
    await pause(wait);
  }
  const message = 'another request with this key is still in flight';
  return { outcome: 'unknown', message, isReplayed: false };
}

/**
 * A refused key says nothing of what an earlier sending did, nor does Stripe's word that the key was used with other
 * parameters.
 */
async function sendOnce(settings: StripeSettings, call: PlannedCall, isAgain: boolean) {
  try {
    const { method, path } = requestOf(call);
    const answer = await stripeClient(settings).rawRequest(method, path, call.body, {
      idempotencyKey: call.key,
      timeout: ANSWER_WITHIN,
    });
    return {
      outcome: 'succeeded' as const,
      object: callObject.parse(answer),
      requestId: answer.lastResponse.requestId,
    };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (error.statusCode === 409) return 'twin_in_flight' as const;
    const isOtherBody = error instanceof Stripe.errors.StripeIdempotencyError;
    if (isPassing(error) || (isAgain && (isKeyFault(error) || isOtherBody))) {
      const isReplayed = isOtherBody || error.headers?.['idempotent-replayed'] === 'true';
      return { outcome: 'unknown' as const, message: error.message, isReplayed };
    }
    return {
      outcome: 'refused' as const,
      httpStatus: error.statusCode ?? 400,
      code: error.code ?? error.rawType ?? 'invalid_request',
      param: error.param,
      message: error.message,
      requestId: error.requestId,
    };
  }
}
