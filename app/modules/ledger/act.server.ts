import { createHash } from 'node:crypto';
import * as z from 'zod';

import { Prisma } from '../../../prisma/generated/client';
import { type Book, HOLD_STATES } from './shared';

/** What every act is asked with. */
export interface ActInput {
  book: Book;
  /** Says which act this is, for all time and per book: `api:<client>:<Idempotency-Key>`. The same key and body again is answered alike. */
  key: string;
  /** Who asks. Another actor under the same key is answered what the first one was. */
  actor: string;
  /** What for, in the caller's words; part of what the key stands for. */
  reason?: string;
}

/** What an act wrote. The balances are the wallet's at its end; a replay answers what the act answered. Credits. */
export interface Act {
  transferId: string;
  walletId: string;
  amount: bigint;
  available: bigint;
  held: bigint;
  debt: bigint;
  /** The wallet's last entry. */
  seq: bigint;
  recordedAt: Date;
}

export const act = z.object({
  transferId: z.string(),
  walletId: z.string(),
  amount: z.bigint(),
  available: z.bigint(),
  held: z.bigint(),
  debt: z.bigint(),
  seq: z.bigint(),
  recordedAt: z.date(),
});

/** The key belongs to another act, body or wallet; nothing is written. The caller has mixed up two acts, or is asked to. */
export const keyReused = z.object({ outcome: z.literal('key_reused') });
/** The wallet holds this much and no more; nothing is written, and the key stays free. */
export const insufficient = z.object({ outcome: z.literal('insufficient'), available: z.bigint() });
/** A dispute or a person froze the wallet; nothing is written. */
export const frozen = z.object({ outcome: z.literal('frozen') });
/** The hold has ended: captured, released, or by itself. */
export const notActive = z.object({ outcome: z.literal('not_active'), state: z.enum(HOLD_STATES) });
/** This book has nothing of this id. */
export const notFound = z.object({ outcome: z.literal('not_found') });

/** The columns of `ledger_answer` under the names that the doors read. */
export const ANSWER = Prisma.sql`outcome, transfer_id AS "transferId", wallet_id AS "walletId", lot_id AS "lotId", hold_id AS "holdId", amount,
  available, held, debt, seq, recorded_at AS "recordedAt", hold_state::text AS state, hold_expires_at AS "expiresAt"`;

/** @throws RangeError for zero and less: nothing is moved by moving nothing */
export function assertAmount(amount: bigint): void {
  if (amount <= 0n) throw new RangeError(`An amount of credits is above zero, and this is ${amount}.`);
}

/** What makes two acts under one key the same: kind and version first, then all that the caller decided. */
export function bodyHash(
  ...body: readonly (string | bigint | number | boolean | Date | null | undefined)[]
): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(
    body.map((value) => (typeof value === 'bigint' ? value.toString() : (value ?? null))),
  );
  return new Uint8Array(createHash('sha256').update(text).digest());
}
