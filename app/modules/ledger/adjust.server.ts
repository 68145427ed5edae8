import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import {
  type Act,
  act,
  type ActInput,
  ANSWER,
  assertAmount,
  bodyHash,
  insufficient,
  keyReused,
} from './act.server';
import { alarmed } from './drift-alarm.server';
import { BURN_PRIORITY } from './shared';

export interface AdjustInput extends ActInput {
  customerId: string;
  direction: 'add' | 'subtract';
  /** Credits, above zero. */
  amount: bigint;
  /** When added credits expire; null means never. Has no meaning for a subtraction. */
  expiresAt: Date | null;
  /** The last entry that the person saw: anything after it refuses the adjustment. */
  expectedSeq?: bigint;
  /** A reason code. */
  reason: string;
}

export type AdjustOutcome =
  | ({ outcome: 'adjusted' | 'replayed' } & Act)
  | { outcome: 'insufficient'; available: bigint }
  /** The wallet has moved: `seq` is its last entry now. */
  | { outcome: 'changed'; seq: bigint }
  | { outcome: 'key_reused' };

const rows = z.tuple([
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['adjusted', 'replayed']) }),
    z.object({ outcome: z.literal('changed'), seq: z.bigint() }),
    insufficient,
    keyReused,
  ]),
]);

/**
 * A person's correction, in the transaction that audits it: added credits are a lot of kind manual, subtracted ones leave
 * the lots in burn order. It repays no debt.
 * @throws RangeError when the amount is not above zero
 */
export async function adjust(tx: Tx, input: AdjustInput): Promise<AdjustOutcome> {
  const { book, customerId, key, direction, amount, expiresAt, expectedSeq, actor, reason } = input;
  assertAmount(amount);
  const adds = direction === 'add';
  const body = bodyHash('adjust.v1', book, customerId, direction, amount, adds ? expiresAt : null, reason);
  const result = await alarmed(
    tx,
    tx.$queryRaw`
    SELECT ${ANSWER} FROM ledger_adjust(${book}::mode, ${customerId}, ${key}, ${body}, ${adds}, ${amount}::bigint, ${BURN_PRIORITY}::smallint,
      ${expiresAt}::timestamptz, ${expectedSeq ?? null}::bigint, ${actor}, ${reason})`,
  );
  return rows.parse(result)[0];
}
