import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { type Act, act, type ActInput, ANSWER, assertAmount, bodyHash, keyReused } from './act.server';
import { alarmed } from './drift-alarm.server';
import { BURN_PRIORITY, type LotKind } from './shared';

export interface GrantInput extends ActInput {
  customerId: string;
  /** Credits, above zero. */
  amount: bigint;
  lotKind: LotKind;
  /** Null means never. */
  expiresAt: Date | null;
  /** Lower burns first; every grant burns alike when left out. */
  priority?: number;
  paymentId?: string;
  /** What these credits cost, in the currency's smallest unit. */
  paidMinor?: bigint;
  currency?: string;
  occurredAt: Date;
}

export type GrantOutcome =
  /** The credits stand. `replayed`: they stood already under this key; nothing was written. */
  ({ outcome: 'granted' | 'replayed'; lotId: string } & Act) | { outcome: 'key_reused' };

const rows = z.tuple([
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['granted', 'replayed']), lotId: z.string() }),
    keyReused,
  ]),
]);

/**
 * Adds credits in the caller's transaction: one lot, one transfer, one entry. What refunds of its payment want already
 * is taken at once; what is left repays the wallet's debt. The wallet stays locked until the caller commits.
 * @throws RangeError when the amount is not above zero; a database error when the payment does not entitle to it
 */
export async function grant(tx: Tx, input: GrantInput): Promise<GrantOutcome> {
  assertAmount(input.amount);
  const { priority = BURN_PRIORITY } = input;
  const result = await alarmed(
    tx,
    tx.$queryRaw`
    SELECT ${ANSWER} FROM ledger_grant(${input.book}::mode, ${input.customerId}, ${input.key}, ${bodyOf(input)}, ${input.amount}::bigint,
      ${input.lotKind}::lot_kind, ${priority}::smallint, ${input.lotKind === 'promo'}, ${input.expiresAt}::timestamptz,
      ${input.paymentId ?? null}, ${input.paidMinor ?? null}::bigint, ${input.currency ?? null}, ${input.actor}, ${input.reason ?? null},
      ${input.occurredAt}::timestamptz)`,
  );
  return rows.parse(result)[0];
}

/** Who asked and when it happened are left out: a webhook and a look at the API tell of one payment at two times. */
function bodyOf(input: GrantInput): Uint8Array<ArrayBuffer> {
  const { book, customerId, amount, lotKind, expiresAt, priority, paymentId, paidMinor, currency, reason } =
    input;
  const terms = [book, customerId, amount, lotKind, expiresAt, paymentId, paidMinor, currency] as const;
  // Version 1 knew neither priority nor reason: a grant without them is the same act as ever.
  return priority === undefined && reason === undefined
    ? bodyHash('grant.v1', ...terms)
    : bodyHash('grant.v2', ...terms, priority, reason);
}
