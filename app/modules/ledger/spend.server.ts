import * as z from 'zod';

import { askPrepared, type Db } from '~/platform/db.server';
import { isConnectionFault, sqlState } from '~/platform/db-errors.server';

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
} from './act.server';
import { alarmed } from './drift-alarm.server';
import { type Book } from './shared';

export interface SpendInput extends ActInput {
  customerId: string;
  /** Credits, above zero. */
  amount: bigint;
}

export type SpendOutcome =
  | ({ outcome: 'spent' | 'replayed' } & Act)
  | { outcome: 'insufficient'; available: bigint }
  | { outcome: 'frozen' }
  | { outcome: 'key_reused' };

const rows = z.array(
  z.discriminatedUnion('outcome', [
    act.extend({ outcome: z.enum(['spent', 'replayed']) }),
    insufficient,
    frozen,
    keyReused,
  ]),
);

const SPEND = `SELECT ${ANSWER.sql} FROM ledger_spend($1::mode, $2, $3::text[], $4::bytea[], $5::bigint[], $6::text[], $7::text[])`;

interface Waiting {
  input: SpendInput;
  resolve: (outcome: SpendOutcome) => void;
  reject: (error: unknown) => void;
}

/** Spends that wait for the one of their wallet that is under way, by wallet. */
const lines = new WeakMap<Db, Map<string, Waiting[]>>();

/** The SQLSTATE by which a call says that another wallet took one of its keys while it ran: now that one stands. */
const KEY_TAKEN = 'CR002';

/** So many together hold a wallet's lock for a few milliseconds. */
const MAX_TOGETHER = 32;

/**
 * Spends credits, all or nothing, in the order in which lots burn. One call to the database; spends of one wallet that
 * come while one is under way go together in the next call, each with its own outcome.
 * @throws RangeError when the amount is not above zero; a database error when the outcome is unknown: ask again with the same key
 */
export function spend(db: Db, input: SpendInput): Promise<SpendOutcome> {
  assertAmount(input.amount);
  const wallets = lines.get(db) ?? new Map<string, Waiting[]>();
  lines.set(db, wallets);
  const wallet = `${input.book} ${input.customerId}`;
  const answer = new Promise<SpendOutcome>((resolve, reject) => {
    const waiting = { input, resolve, reject };
    const line = wallets.get(wallet);
    if (line) return void line.push(waiting);
    wallets.set(wallet, [waiting]);
    void serve(db, wallets, wallet);
  });
  return alarmed(db, answer);
}

async function serve(db: Db, wallets: Map<string, Waiting[]>, wallet: string): Promise<void> {
  for (;;) {
    const together = wallets.get(wallet)?.splice(0, MAX_TOGETHER) ?? [];
    const first = together[0];
    if (!first) return void wallets.delete(wallet);
    await spendTogether(db, first.input.book, first.input.customerId, together);
  }
}

/** Never rejects: each that waits is told. */
async function spendTogether(
  db: Db,
  book: Book,
  customerId: string,
  together: readonly Waiting[],
): Promise<void> {
  try {
    const outcomes = await callSpend(db, book, customerId, together);
    for (const [n, { resolve, reject }] of together.entries()) {
      const outcome = outcomes[n];
      if (outcome) resolve(outcome);
      else reject(new Error('ledger_spend answered fewer spends than it was asked.'));
    }
  } catch (error) {
    // All of the call was rolled back. A fault of one spend is its own: each is asked alone.
    const isLast = together.length === 1 && sqlState(error) !== KEY_TAKEN;
    if (isLast || isConnectionFault(error)) for (const { reject } of together) reject(error);
    else for (const one of together) await spendTogether(db, book, customerId, [one]);
  }
}

async function callSpend(
  db: Db,
  book: Book,
  customerId: string,
  together: readonly Waiting[],
): Promise<SpendOutcome[]> {
  const inputs = together.map(({ input }) => input);
  const answers = await askPrepared(db, {
    name: 'ledger_spend',
    text: SPEND,
    values: [
      book,
      customerId,
      inputs.map(({ key }) => key),
      inputs.map(bodyOf),
      inputs.map(({ amount }) => amount),
      inputs.map(({ actor }) => actor),
      inputs.map(({ reason }) => reason ?? ''),
    ],
  });
  return rows.parse(answers);
}

function bodyOf({ book, customerId, amount, reason }: SpendInput): Uint8Array<ArrayBuffer> {
  return bodyHash('spend.v1', book, customerId, amount, reason);
}
