import * as z from 'zod';

import { type AuditInput } from '~/modules/audit/index.server';
import { adjust, type AdjustOutcome } from '~/modules/ledger/index.server';
import { type Book } from '~/modules/ledger/shared';
import { type Tx } from '~/platform/db.server';

import { DIRECTIONS, type Direction } from './shared';

/** What is to be done to a wallet. */
export interface Adjustment {
  book: Book;
  customerId: string;
  direction: Direction;
  /** Credits, above zero. */
  amount: bigint;
  /** When added credits expire; null means never. */
  expiresAt: Date | null;
}

/** What stands in the books; credits. */
export interface Adjusted {
  transferId: string;
  available: bigint;
  seq: bigint;
}

/** The dialog's key names one act in the ledger, carried out by one person or by two. */
export const keyOf = (key: string): string => `adjust:${key}`;

const bodySchema = z.object({
  direction: z.enum(DIRECTIONS),
  amount: z.string().transform(BigInt),
  expiresAt: z.iso
    .datetime()
    .nullable()
    .transform((text) => (text === null ? null : new Date(text))),
});

/** What a second person is asked for, as the request keeps it. */
export const adjustmentBody = ({ direction, amount, expiresAt }: Adjustment) => ({
  direction,
  amount: amount.toString(),
  expiresAt: direction === 'add' && expiresAt !== null ? expiresAt.toISOString() : null,
});

export const parseBody = (body: unknown): Pick<Adjustment, 'direction' | 'amount' | 'expiresAt'> =>
  bodySchema.parse(body);

/** Whether a request asks for just this. */
export const sameBody = (body: unknown, adjustment: Adjustment): boolean => {
  const own = adjustmentBody(adjustment);
  const asked = adjustmentBody({ ...adjustment, ...parseBody(body) });
  return (
    own.direction === asked.direction && own.amount === asked.amount && own.expiresAt === asked.expiresAt
  );
};

type Posted =
  | { outcome: 'adjusted'; adjusted: { outcome: 'adjusted' } & Adjusted; audit: Omit<AuditInput, 'actor'> }
  | Extract<AdjustOutcome, { outcome: 'changed' | 'insufficient' | 'key_reused' }>;

/** Writes the entry, once per key, and says what the audit is to keep of it. */
export async function post(
  tx: Tx,
  input: Adjustment & { key: string; expectedSeq: bigint; by: string; reason: string },
): Promise<Posted> {
  const { book, customerId, direction, amount, expiresAt, expectedSeq, by, reason } = input;
  const done = await adjust(tx, {
    ...{ book, customerId, direction, amount, expectedSeq, reason, actor: by, key: keyOf(input.key) },
    expiresAt: direction === 'add' ? expiresAt : null,
  });
  if (!('transferId' in done)) return done;
  // Known keys are answered before anything is counted: one that is met here is another act's.
  if (done.outcome === 'replayed') return { outcome: 'key_reused' };
  const { transferId, available, seq } = done;
  return {
    outcome: 'adjusted',
    adjusted: { outcome: 'adjusted', transferId, available, seq },
    audit: {
      ...{ act: 'credits.adjusted', subject: customerId },
      after: { transfer: transferId, book, direction, amount, available, seq, expiresAt },
    },
  };
}
