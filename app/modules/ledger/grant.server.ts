import { createHash } from 'node:crypto';
import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { type Book, type LotKind } from './shared';

export interface GrantInput {
  book: Book;
  customerId: string;
  /** Says which act this is, for all time and per book: `grant:<payment>`. */
  key: string;
  amount: bigint;
  lotKind: LotKind;
  /** Null means never. */
  expiresAt: Date | null;
  paymentId?: string;
  /** What these credits cost, in the currency's smallest unit. */
  paidMinor?: bigint;
  currency?: string;
  actor: string;
  occurredAt: Date;
}

export type GrantOutcome =
  /** The credits stand. `replayed`: they stood already under this key; nothing was written. */
  | {
      outcome: 'granted' | 'replayed';
      transferId: string;
      walletId: string;
      lotId: string;
      availableAfter: bigint;
    }
  /** The key belongs to another act; no credits. The caller has mixed up two acts, or is asked to. */
  | { outcome: 'key_reused' };

/**
 * Burn order: lots of lower priority number first, then the one that expires first, then promotional ones, then the
 * oldest. Every kind burns alike until a lot is granted with a priority of its own.
 */
const BURN_PRIORITY = 50;

const rows = z.tuple([
  z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.enum(['granted', 'replayed']),
      transferId: z.string(),
      walletId: z.string(),
      lotId: z.string(),
      availableAfter: z.bigint(),
    }),
    z.object({ outcome: z.literal('key_reused') }),
  ]),
]);

/**
 * Adds credits in the caller's transaction: one lot, one transfer, one entry. The same key and body again is answered
 * with what stands. The wallet stays locked until the caller commits. `availableAfter` is the books' figure: it may
 * still hold credits whose expiry is not booked yet.
 */
export async function grant(tx: Tx, input: GrantInput): Promise<GrantOutcome> {
  const result = await tx.$queryRaw`
    SELECT outcome, transfer_id AS "transferId", wallet_id AS "walletId", lot_id AS "lotId", available_after AS "availableAfter"
    FROM ledger_grant(${input.book}::mode, ${input.customerId}, ${input.key}, ${bodyHash(input)}, ${input.amount}::bigint,
      ${input.lotKind}::lot_kind, ${BURN_PRIORITY}::smallint, ${input.lotKind === 'promo'}, ${input.expiresAt}::timestamptz,
      ${input.paymentId ?? null}, ${input.paidMinor ?? null}::bigint, ${input.currency ?? null}, ${input.actor},
      ${input.occurredAt}::timestamptz)`;
  return rows.parse(result)[0];
}

/**
 * What makes two grants under one key the same act. Who asked and when it happened are left out: a webhook and a look at
 * the API tell of one payment at two times.
 */
function bodyHash(input: GrantInput): Uint8Array<ArrayBuffer> {
  const body = JSON.stringify([
    'grant.v1',
    input.book,
    input.customerId,
    input.amount.toString(),
    input.lotKind,
    input.expiresAt?.toISOString() ?? null,
    input.paymentId ?? null,
    input.paidMinor?.toString() ?? null,
    input.currency ?? null,
  ]);
  return new Uint8Array(createHash('sha256').update(body).digest());
}
