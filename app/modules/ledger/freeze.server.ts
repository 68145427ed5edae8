import * as z from 'zod';

import { type Tx } from '~/platform/db.server';

import { type Book } from './shared';

export interface FreezeInput {
  book: Book;
  customerId: string;
  /** What the freeze stands for: a dispute's or an act's id. A wallet is frozen while any cause stands. */
  cause: string;
  actor: string;
}

const rows = z.tuple([z.object({ changed: z.boolean() })]);

/** From now on the wallet is neither spent from nor held from; all else goes on. `unchanged`: this cause froze it before. */
export function freeze(tx: Tx, input: FreezeInput): Promise<{ outcome: 'frozen' | 'unchanged' }> {
  return set(tx, input, true).then((changed) => ({ outcome: changed ? 'frozen' : 'unchanged' }));
}

/** Ends one cause's freeze; the wallet stays frozen while another stands. `unchanged`: this cause froze nothing. */
export function thaw(tx: Tx, input: FreezeInput): Promise<{ outcome: 'thawed' | 'unchanged' }> {
  return set(tx, input, false).then((changed) => ({ outcome: changed ? 'thawed' : 'unchanged' }));
}

async function set(
  tx: Tx,
  { book, customerId, cause, actor }: FreezeInput,
  freezes: boolean,
): Promise<boolean> {
  const result = await tx.$queryRaw`
    SELECT ledger_freeze(${book}::mode, ${customerId}, ${cause}, ${actor}, ${freezes}) AS changed`;
  return rows.parse(result)[0].changed;
}
