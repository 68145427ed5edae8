import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';
import { days, hours } from '~/platform/time';

import {
  type Act,
  act,
  type ActInput,
  ANSWER,
  assertAmount,
  bodyHash,
  frozen,
  insufficient,
  keyReused,
  notActive,
  notFound,
} from './act.server';
import { alarmed } from './drift-alarm.server';
import { type HoldState } from './shared';

/** How long a hold lasts when the caller does not say, and at most. It cannot be renewed. */
const HOLD_FOR = hours(1);
const HOLD_AT_MOST = days(7);

export interface HoldInput extends ActInput {
  customerId: string;
  /** Credits, above zero. */
  amount: bigint;
  /** Milliseconds; an hour when left out, at most seven days. */
  expiresIn?: number;
}

export type HoldOutcome =
  | ({ outcome: 'held' | 'replayed'; holdId: string; expiresAt: Date } & Act)
  | { outcome: 'insufficient'; available: bigint }
  | { outcome: 'frozen' }
  | { outcome: 'key_reused' };

const heldRows = z.tuple([
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['held', 'replayed']), holdId: z.string(), expiresAt: z.date() }),
    insufficient,
    frozen,
    keyReused,
  ]),
]);

/**
 * Sets credits aside, all or nothing, until they are captured or released, or the hold expires. While they are held
 * they do not expire, and no refund takes them.
 * @throws RangeError when the amount is not above zero, or the time not above zero and at most seven days
 */
export async function hold(db: Db | Tx, input: HoldInput): Promise<HoldOutcome> {
  const { book, customerId, key, amount, actor, reason, expiresIn = HOLD_FOR } = input;
  assertAmount(amount);
  if (!(expiresIn > 0 && expiresIn <= HOLD_AT_MOST))
    throw new RangeError(`A hold lasts above zero and at most ${HOLD_AT_MOST} ms, and this is ${expiresIn}.`);
  const body = bodyHash('hold.v1', book, customerId, amount, expiresIn, reason);
  const result = await alarmed(
    db,
    db.$queryRaw`
    SELECT ${ANSWER} FROM ledger_hold(${book}::mode, ${customerId}, ${key}, ${body}, ${amount}::bigint,
      make_interval(secs => ${expiresIn}::float8 / 1000), ${actor}, ${reason ?? null})`,
  );
  return heldRows.parse(result)[0];
}

/** Why a hold was not ended. */
type NotEnded =
  { outcome: 'not_found' } | { outcome: 'not_active'; state: HoldState } | { outcome: 'key_reused' };

export interface CaptureInput extends ActInput {
  holdId: string;
  /** Credits, above zero and at most what is held. */
  amount: bigint;
}

export type CaptureOutcome =
  | ({ outcome: 'captured' | 'replayed'; holdId: string } & Act)
  | { outcome: 'too_much'; held: bigint }
  | NotEnded;

const capturedRows = z.tuple([
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['captured', 'replayed']), holdId: z.string() }),
    z
      .object({ outcome: z.literal('too_much'), amount: z.bigint() })
      .transform(({ outcome, amount }) => ({ outcome, held: amount })),
    notFound,
    notActive,
    keyReused,
  ]),
]);

/** Spends a hold or a part of it, once; the rest is released in the same act. */
export async function capture(db: Db | Tx, input: CaptureInput): Promise<CaptureOutcome> {
  const { book, holdId, key, amount, actor, reason } = input;
  assertAmount(amount);
  const body = bodyHash('capture.v1', book, holdId, amount, reason);
  const result = await alarmed(
    db,
    db.$queryRaw`
    SELECT ${ANSWER} FROM ledger_end(${book}::mode, ${holdId}, 'capture', ${key}, ${body}, ${amount}::bigint, ${actor}, ${reason ?? null})`,
  );
  return capturedRows.parse(result)[0];
}

export interface ReleaseInput extends ActInput {
  holdId: string;
}

export type ReleaseOutcome = ({ outcome: 'released' | 'replayed'; holdId: string } & Act) | NotEnded;

const releasedRows = z.tuple([
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['released', 'replayed']), holdId: z.string() }),
    notFound,
    notActive,
    keyReused,
  ]),
]);

/** Gives a hold's credits back to their lots; those of a lot that died meanwhile expire. */
export async function release(db: Db | Tx, input: ReleaseInput): Promise<ReleaseOutcome> {
  const { book, holdId, key, actor, reason } = input;
  const body = bodyHash('release.v1', book, holdId, reason);
  const result = await alarmed(
    db,
    db.$queryRaw`
    SELECT ${ANSWER} FROM ledger_end(${book}::mode, ${holdId}, 'release', ${key}, ${body}, 0::bigint, ${actor}, ${reason ?? null})`,
  );
  return releasedRows.parse(result)[0];
}
