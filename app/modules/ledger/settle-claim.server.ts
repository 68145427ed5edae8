import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

/** How much of a payment's credits its money took along: levels, not steps. Each is capped at what was granted. */
export interface ClaimInput {
  paymentId: string;
  /** Credits whose money has gone back, by refunds and by disputes. */
  gone: { refund: bigint; dispute: bigint };
  /** Credits whose money may go back: they are held back meanwhile. */
  pending: bigint;
  /** The part of what has gone that the customer owes where it was spent already; the rest of such a shortfall is absorbed. */
  owing: bigint;
  actor: string;
  occurredAt: Date;
}

export interface ClaimOutcome {
  outcome: 'settled';
  /** Null when nothing had to move. */
  transferId: string | null;
  revoked: bigint;
  claimed: bigint;
  /** Gone and spent: what could not be revoked. */
  shortfall: bigint;
  /** The part of it that is or was debt. */
  owed: bigint;
}

import { alarmed } from './drift-alarm.server';

const rows = z.tuple([
  z.object({
    transferId: z.string().nullable(),
    revoked: z.bigint(),
    claimed: z.bigint(),
    shortfall: z.bigint(),
    owed: z.bigint(),
  }),
]);

/**
 * Brings what is revoked, held back and owing of a payment's credits to these levels, in the transaction that learned
 * them. The same levels again move nothing; a payment not granted yet is settled by its grant.
 * @throws a database error when a level is below zero or there is no such payment
 */
export async function settleClaim(tx: Tx, input: ClaimInput): Promise<ClaimOutcome> {
  const { paymentId, gone, pending, owing, actor, occurredAt } = input;
  const result = await alarmed(
    tx,
    tx.$queryRaw`
    SELECT transfer_id AS "transferId", revoked, claimed, shortfall, owed
    FROM ledger_settle_claim(${paymentId}, ${gone.refund}::bigint, ${gone.dispute}::bigint, ${pending}::bigint, ${owing}::bigint, ${actor},
      ${occurredAt}::timestamptz)`,
  );
  return { outcome: 'settled', ...rows.parse(result)[0] };
}
