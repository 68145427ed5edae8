import Stripe from 'stripe';
import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { CALL_PATHS, type CallKind } from './call-kinds.server';
import { stripeClient, type StripeSettings } from './client.server';
import { isPassing } from './stripe-faults.server';

/**
 * Writes to Stripe. Each is a row before it is sent: purpose, attempt, idempotency key, exact body. While its outcome is
 * unknown the same key and the same stored body are sent again, so a lost answer never becomes a second effect.
 */
export interface PlannedCall {
  id: string;
  kind: CallKind;
  key: string;
  body: Record<string, z.core.util.JSONType>;
}

export type CallResult =
  | { outcome: 'succeeded'; object: CallObject; requestId: string | undefined }
  /** A definitive 4xx: nothing happened at Stripe. */
  | {
      outcome: 'refused';
      httpStatus: number;
      code: string;
      /** The parameter that Stripe names. */
      param: string | undefined;
      message: string;
      requestId: string | undefined;
    }
  /** No answer, or one that says "try again": it may or may not have happened. */
  | { outcome: 'unknown'; message: string };

const callObject = z.object({
  id: z.string(),
  url: z.string().nullish(),
  expires_at: z.int().nullish(),
});
export type CallObject = z.infer<typeof callObject>;

const jsonBody = z.record(z.string(), z.json());

export interface CallPurpose {
  realmId: string;
  kind: CallKind;
  /** The row that the call serves. */
  purpose: string;
}

/**
 * Writes the intent of a call as the purpose's next attempt. Only a definitive refusal, or the loss of what it made,
 * makes room for another attempt: while one is open or has succeeded its key is taken, and the unique key refuses a twin that comes at the same moment.
 */
export async function planCall(tx: Tx, input: CallPurpose & { params: object }): Promise<PlannedCall> {
  const { realmId, kind, purpose } = input;
  const ended = await tx.stripeCall.count({
    where: { realmId, purpose, state: { in: ['refused', 'lost'] } },
  });
  const attempt = ended + 1;
  const key = `${purpose}.${attempt}`;
  const body = jsonBody.parse(JSON.parse(JSON.stringify(input.params)));
  const { id } = await tx.stripeCall.create({
    data: { id: newId('scl'), realmId, kind, purpose, attempt, key, body },
    select: { id: true },
  });
  return { id, kind, key, body };
}

export type StandingCall =
  | { state: 'open'; call: PlannedCall }
  | { state: 'succeeded'; objectId: string }
  | { state: 'ended' | 'none' };

/** Where the purpose's latest attempt stands. */
export async function findCall(db: Db, { realmId, kind, purpose }: CallPurpose): Promise<StandingCall> {
  const row = await db.stripeCall.findFirst({
    where: { realmId, purpose, kind },
    orderBy: { attempt: 'desc' },
    select: { id: true, key: true, body: true, state: true, objectId: true },
  });
  if (row === null) return { state: 'none' };
  if (row.state === 'open')
    return { state: 'open', call: { id: row.id, kind, key: row.key, body: jsonBody.parse(row.body) } };
  if (row.state !== 'succeeded' || row.objectId === null) return { state: 'ended' };
  return { state: 'succeeded', objectId: row.objectId };
}

const TWIN_WAITS = [100, 200, 400, 800];

/** Sends a planned call. A twin of the same key in flight (409) is waited for; it gives the same answer. */
export async function sendCall(db: Db, settings: StripeSettings, call: PlannedCall): Promise<CallResult> {
  const now = new Date();
  await db.stripeCall.updateMany({ where: { id: call.id, firstSentAt: null }, data: { firstSentAt: now } });
  await db.stripeCall.update({
    where: { id: call.id },
    data: { sends: { increment: 1 }, lastSentAt: now },
    select: { id: true },
  });
  for (const wait of TWIN_WAITS) {
    const result = await sendOnce(settings, call);
    if (result !== 'twin_in_flight') return result;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return { outcome: 'unknown', message: 'another request with this key is still in flight' };
}

async function sendOnce(settings: StripeSettings, call: PlannedCall): Promise<CallResult | 'twin_in_flight'> {
  try {
    const answer = await stripeClient(settings).rawRequest('POST', CALL_PATHS[call.kind], call.body, {
      idempotencyKey: call.key,
      timeout: seconds(20),
    });
    return {
      outcome: 'succeeded',
      object: callObject.parse(answer),
      requestId: answer.lastResponse.requestId,
    };
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError)) throw error;
    if (error.statusCode === 409) return 'twin_in_flight';
    if (isPassing(error)) return { outcome: 'unknown', message: error.message };
    return {
      outcome: 'refused',
      httpStatus: error.statusCode ?? 400,
      code: error.code ?? error.rawType ?? 'invalid_request',
      param: error.param,
      message: error.message,
      requestId: error.requestId,
    };
  }
}

/** Records what came of a call, in the transaction that changes what the call was for. An unknown one stays open. */
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
    case 'unknown':
      log.warn('stripe call unanswered', { call: callId });
      await tx.stripeCall.updateMany({
        where: { id: callId, state: 'open' },
        data: { errorMessage: result.message },
      });
  }
}
