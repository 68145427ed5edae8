import * as z from 'zod';

import { type Db, inTransaction, type Tx } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { minutes, seconds } from '~/platform/time';

import { CALL_KINDS, type CallKind } from './call-kinds.server';
import { LOOK_AGAIN_AFTER } from './call-schedule';
import { type CallPurpose, type FinalResult, jsonBody, mayResend } from './calls.server';
import { type StripeSettings } from './client.server';
import { findMade } from './find-made.server';
import { recordCall } from './record-call.server';
import { sendCall } from './send-call.server';
import { isKeyFault, isPassing } from './stripe-faults.server';

/** Applies a call's end to what the call was for, and records it, all in one transaction. */
type CallSettler = (tx: Tx, call: CallPurpose & { id: string }, result: FinalResult) => Promise<void>;

/** One for every kind. */
export type CallSettlers = Record<CallKind, CallSettler>;

export interface SweepInput {
  realmId: string;
  /** The room that each kind of call is for. */
  settlers: CallSettlers;
  now: Date;
}

/**
 * Brings calls whose outcome is unknown to their end. Up to 20 hours after it was first sent the same key and body are
 * sent again; after that, or once Stripe only repeats a stored failure, what it may have made is looked for twice, ten
 * minutes apart: found, it is adopted; absent, the attempt is over and leaves room for another.
 * @returns how many calls it ended
 */
export async function sweepCalls(db: Db, settings: StripeSettings, input: SweepInput): Promise<number> {
  const until = Date.now() + SWEEP_FOR;
  const seen: string[] = [];
  let ended = 0;
  for (;;) {
    const call = await claimNext(db, input, seen);
    if (call === undefined || Date.now() > until) return ended;
    seen.push(call.id);
    try {
      if (await bringToEnd(db, settings, call, input)) ended += 1;
    } catch (error) {
      // One that cannot be ended must not keep the others from it.
      log.error('stripe call not swept', { call: call.id, error: String(error) });
    }
  }
}

/** The next sweep begins a minute after this one. */
const SWEEP_FOR = seconds(50);
/** Longer than all that is tried for one call lasts. */
const CLAIMED_FOR = minutes(5);

const lockedRows = z.array(z.object({ id: z.string() })).max(1);
const dueCall = z.object({
  id: z.string(),
  kind: z.enum(CALL_KINDS),
  purpose: z.string(),
  key: z.string(),
  target: z.string().nullable(),
  body: jsonBody,
  createdAt: z.date(),
  firstSentAt: z.date().nullable(),
  absentAt: z.date().nullable(),
});
type DueCall = z.infer<typeof dueCall> & { realmId: string };

/** Takes the call that is due the longest; no other sweeper has it meanwhile. */
function claimNext(
  db: Db,
  { realmId, now }: SweepInput,
  seen: readonly string[],
): Promise<DueCall | undefined> {
  return inTransaction(db, 'claim call', async (tx) => {
    const locked = await tx.$queryRaw`
      SELECT id FROM stripe_call
      WHERE realm = ${realmId} AND state = 'open' AND due_at <= ${now} AND id <> ALL(${[...seen]}::text[])
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
    const [due] = lockedRows.parse(locked);
    if (due === undefined) return undefined;
    const dueAt = new Date(now.getTime() + CLAIMED_FOR);
    return { realmId, ...dueCall.parse(await tx.stripeCall.update({ where: due, data: { dueAt } })) };
  });
}

/** Whether the call ended; else it stays unknown, and due later. */
async function bringToEnd(
  db: Db,
  settings: StripeSettings,
  call: DueCall,
  { settlers, now }: SweepInput,
): Promise<boolean> {
  const result = await findEnd(db, settings, call, now);
  if (result === undefined) return false;
  await inTransaction(db, 'settle call', (tx) => settlers[call.kind](tx, call, result));
  log.info('stripe call ended', { call: call.id, outcome: result.outcome });
  return true;
}

/** How the call ended; undefined while that stays unknown. */
async function findEnd(
  db: Db,
  settings: StripeSettings,
  call: DueCall,
  now: Date,
): Promise<FinalResult | undefined> {
  if (!mayResend(call, now)) {
    // It never left this process.
    if (call.firstSentAt === null) return { outcome: 'absent' };
    return lookFor(db, settings, { ...call, firstSentAt: call.firstSentAt }, now);
  }
  const sent = await sendCall(db, settings, call);
  if (sent.outcome !== 'unknown') return sent;
  await inTransaction(db, 'call unanswered', (tx) => recordCall(tx, call.id, sent));
  if (!sent.isReplayed) return undefined;
  return lookFor(db, settings, { ...call, firstSentAt: call.firstSentAt ?? now }, now);
}

async function lookFor(
  db: Db,
  settings: StripeSettings,
  call: DueCall & { firstSentAt: Date },
  now: Date,
): Promise<FinalResult | undefined> {
  try {
    const object = await findMade(settings, call);
    if (object !== undefined) return { outcome: 'succeeded', object, requestId: undefined };
  } catch (error) {
    if (!isPassing(error) && !isKeyFault(error)) throw error;
    log.warn('stripe call not looked for', { call: call.id });
    return undefined;
  }
  const lookAgainAt = (call.absentAt ?? now).getTime() + LOOK_AGAIN_AFTER;
  if (now.getTime() >= lookAgainAt) return { outcome: 'absent' };
  await db.stripeCall.updateMany({
    where: { id: call.id, state: 'open' },
    data: { absentAt: call.absentAt ?? now, dueAt: new Date(lookAgainAt) },
  });
  return undefined;
}
