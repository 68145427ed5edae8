import * as z from 'zod';

import { type Db, type Tx } from '~/platform/db.server';

import { type Act, act, type ActInput, ANSWER, bodyHash, keyReused, notFound } from './act.server';
import { alarmed } from './drift-alarm.server';

export interface ReverseInput extends ActInput {
  /** A spend or a capture. */
  transferId: string;
}

export type ReverseOutcome =
  | ({ outcome: 'reversed' | 'replayed' } & Act)
  | { outcome: 'not_found' }
  /** It is neither a spend nor a capture: it took nothing that could come back. */
  | { outcome: 'not_reversible' }
  | { outcome: 'already_reversed'; transferId: string }
  | { outcome: 'key_reused' };

const rows = z.tuple([
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['reversed', 'replayed']) }),
    z.object({ outcome: z.literal('already_reversed'), transferId: z.string() }),
    z.object({ outcome: z.literal('not_reversible') }),
    notFound,
    keyReused,
  ]),
]);

/**
 * Takes back a spend, or what a capture spent, whole and once: the credits return to the lots that they came from. A lot
 * that died meanwhile is followed by one that lives as long as was left when they were taken.
 */
export async function reverse(db: Db | Tx, input: ReverseInput): Promise<ReverseOutcome> {
  const { book, transferId, key, actor, reason } = input;
  const body = bodyHash('reverse.v1', book, transferId, reason);
  const result = await alarmed(
    db,
    db.$queryRaw`
    SELECT ${ANSWER} FROM ledger_reverse(${book}::mode, ${transferId}, ${key}, ${body}, ${actor}, ${reason ?? null})`,
  );
  return rows.parse(result)[0];
}
