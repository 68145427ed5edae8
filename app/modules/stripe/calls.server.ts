import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';
import { newId } from '~/platform/ids.server';

import { type CallKind } from './call-kinds.server';
import { RESEND_WITHIN } from './call-schedule';

/**
 * Writes to Stripe. Each is a row before it is sent: purpose, attempt, idempotency key, exact body. While its outcome is
 * unknown the same key and the same stored body are sent again, so a lost answer never becomes a second effect.
 */
export interface PlannedCall {
  id: string;
  kind: CallKind;
  key: string;
  /** The Stripe object that it changes; null where it makes one. */
  target: string | null;
  body: Record<string, z.core.util.JSONType>;
}

export type CallResult = FinalResult | UnknownResult;

/** What came of a call, for good. */
export type FinalResult =
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
  /** Never answered, and looked for in vain: nothing happened at Stripe. */
  | { outcome: 'absent' };

export interface UnknownResult {
  /** No answer, or one that says "try again": it may or may not have happened. */
  outcome: 'unknown';
  message: string;
  /** Stripe repeats a stored failure under this key: sending it again tells nothing more. */
  isReplayed: boolean;
}

/** What else Stripe says of it stays, for the room that asked. */
export const callObject = z.looseObject({
  id: z.string(),
  url: z.string().nullish(),
  expires_at: z.int().nullish(),
  status: z.string().nullish(),
});
export type CallObject = z.infer<typeof callObject>;

export const jsonBody = z.record(z.string(), z.json());

export interface CallPurpose {
  realmId: string;
  kind: CallKind;
  /** The row that the call serves. */
  purpose: string;
}

/**
 * Writes the intent of a call as the purpose's next attempt. Only an attempt that left nothing at Stripe (refused, lost
 * or absent) makes room for another: while one is open or has succeeded its key is taken, and the unique key refuses a
 * twin that comes at the same moment.
 */
export async function planCall(
  tx: Tx,
  input: CallPurpose & { params: object; target?: string },
): Promise<PlannedCall> {
  const { realmId, kind, purpose, target = null } = input;
  const ended = await tx.stripeCall.count({
    where: { realmId, purpose, state: { in: ['refused', 'lost', 'absent'] } },
  });
  const attempt = ended + 1;
  const key = `${purpose}.${attempt}`;
  const body = jsonBody.parse(JSON.parse(JSON.stringify(input.params)));
  const stored = await tx.stripeCall.create({
    data: { id: newId('scl'), realmId, kind, purpose, target, attempt, key, body },
    select: { id: true, body: true },
  });
  // As the database gives it back: what is sent first and what is sent again are the same to the letter.
  return { id: stored.id, kind, key, target, body: jsonBody.parse(stored.body) };
}

export type StandingCall =
  | { state: 'open'; call: PlannedCall }
  /** Open, and too old to be sent again under its key: the sweeper looks for what it made. */
  | { state: 'looked_for' }
  | { state: 'succeeded'; objectId: string }
  | { state: 'ended' | 'none' };

/** Whether an open call may be sent under its key: after that Stripe may have forgotten the key. */
export function mayResend(
  call: { createdAt: Date; firstSentAt: Date | null; absentAt: Date | null },
  now: Date,
): boolean {
  const age = now.getTime() - (call.firstSentAt ?? call.createdAt).getTime();
  return age < RESEND_WITHIN && call.absentAt === null;
}

/** Where the purpose's latest attempt stands. */
export async function findCall(db: Db, { realmId, kind, purpose }: CallPurpose): Promise<StandingCall> {
  const row = await db.stripeCall.findFirst({
    where: { realmId, purpose, kind },
    orderBy: { attempt: 'desc' },
    select: {
      id: true,
      key: true,
      target: true,
      body: true,
      state: true,
      objectId: true,
      createdAt: true,
      firstSentAt: true,
      absentAt: true,
    },
  });
  if (row === null) return { state: 'none' };
  if (row.state === 'open' && !mayResend(row, new Date())) return { state: 'looked_for' };
  if (row.state === 'open')
    return {
      state: 'open',
      call: { id: row.id, kind, key: row.key, target: row.target, body: jsonBody.parse(row.body) },
    };
  if (row.state !== 'succeeded' || row.objectId === null) return { state: 'ended' };
  return { state: 'succeeded', objectId: row.objectId };
}
