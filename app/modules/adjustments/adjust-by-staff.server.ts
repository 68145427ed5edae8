import { askApproval, checkLimit, countAct } from '~/modules/approvals/index.server';
import { type PersonRole } from '~/modules/approvals/shared';
import { appendAudit } from '~/modules/audit/index.server';
import { adjust, readBalance } from '~/modules/ledger/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import {
  type Adjusted,
  type Adjustment,
  adjustmentBody,
  keyOf,
  post,
  sameBody,
} from './post-adjustment.server';
import { type AdjustmentReason } from './shared';

export interface AdjustByStaffInput extends Adjustment {
  /** Made when the dialog opened: however often it is sent, it is one adjustment. */
  key: string;
  /** The wallet's last entry that the person saw. */
  expectedSeq: bigint;
  /** A user's id. */
  actor: string;
  role: PersonRole;
  reason: AdjustmentReason;
  comment: string;
}

export type AdjustByStaffOutcome =
  /** It stands in the books, by this click or by an earlier one of the same dialog. */
  | ({ outcome: 'adjusted' } & Adjusted)
  /** It is above what who asks may do alone: a second person decides. Asked again it is the same request, however it ended. */
  | { outcome: 'asked'; approvalId: string }
  | Refusal;

/** Nothing is written. */
type Refusal =
  /** The wallet has moved since it was seen: what it holds now. */
  | { outcome: 'changed'; seq: bigint; available: bigint }
  | { outcome: 'insufficient'; available: bigint }
  /** Nobody adjusts the wallet of their own log-in. */
  | { outcome: 'own_wallet' }
  /** Added credits would have expired already. */
  | { outcome: 'expiry_past' }
  | { outcome: 'unknown_customer' }
  /** The key of the dialog stands for another adjustment. */
  | { outcome: 'key_reused' };

/** Takes back what the transaction counted. */
class NotAdjusted extends Error {
  constructor(readonly refusal: Refusal) {
    super('The ledger refused the adjustment');
  }
}

/**
 * Adds credits to a customer's wallet or takes some, within the limits of who does it; above them a second person is
 * asked. Additions and subtractions count alike. The count, the entry and the audit are one transaction.
 * @throws RangeError when the amount is not above zero
 */
export async function adjustByStaff(db: Db, input: AdjustByStaffInput): Promise<AdjustByStaffOutcome> {
  try {
    return await inTransaction(db, 'adjust by staff', (tx) => adjustOrAsk(tx, input));
  } catch (error) {
    if (error instanceof NotAdjusted) return error.refusal;
    throw error;
  }
}

async function adjustOrAsk(tx: Tx, input: AdjustByStaffInput): Promise<AdjustByStaffOutcome> {
  const { book, customerId, amount, actor, role } = input;
  const act = { book, act: 'adjust', actor, role, customerId, unit: 'credits', amount } as const;
  // Waits at the limits for whoever acts meanwhile, a second click of the same dialog among them.
  await checkLimit(tx, act);
  const known = await findKnown(tx, input);
  if (known) return known;
  if ((await tx.customer.count({ where: { id: customerId } })) === 0) return { outcome: 'unknown_customer' };
  if (input.expiresAt !== null && input.expiresAt.getTime() <= Date.now()) return { outcome: 'expiry_past' };
  const subject = keyOf(input.key);
  const counted = await countAct(tx, { ...act, subject });
  if (counted.outcome === 'own_wallet') return counted;
  if (counted.outcome === 'above') return ask(tx, input, { ...act, subject });
  const posted = await post(tx, { ...input, by: `staff:${actor}` });
  if (posted.outcome === 'changed') {
    const { available } = await readBalance(tx, { book, customerId });
    throw new NotAdjusted({ ...posted, available });
  }
  if (posted.outcome !== 'adjusted') throw new NotAdjusted(posted);
  await appendAudit(tx, { ...posted.audit, actor, reason: input.reason, comment: input.comment });
  return posted.adjusted;
}

/** What became of this dialog's key before. */
async function findKnown(tx: Tx, input: AdjustByStaffInput): Promise<AdjustByStaffOutcome | undefined> {
  const key = keyOf(input.key);
  const transfer = await tx.transfer.findUnique({
    where: { bookId_key: { bookId: input.book, key } },
    select: { id: true },
  });
  if (transfer !== null) {
    const again = await adjust(tx, { ...input, key, actor: `staff:${input.actor}` });
    if (again.outcome !== 'replayed') return { outcome: 'key_reused' };
    const { transferId, available, seq } = again;
    return { outcome: 'adjusted', transferId, available, seq };
  }
  const approval = await tx.approval.findFirst({
    where: { act: 'adjust', subject: key },
    select: { id: true, body: true },
  });
  if (approval === null) return undefined;
  return sameBody(approval.body, input)
    ? { outcome: 'asked', approvalId: approval.id }
    : { outcome: 'key_reused' };
}

type Counted = Parameters<typeof countAct>[1] & { role: PersonRole };

/** Nobody is asked for what cannot be done as things stand. */
async function ask(tx: Tx, input: AdjustByStaffInput, act: Counted): Promise<AdjustByStaffOutcome> {
  const { book, customerId, direction, amount, expectedSeq, reason, comment } = input;
  const { seq, available } = await readBalance(tx, { book, customerId });
  if (seq !== expectedSeq) return { outcome: 'changed', seq, available };
  if (direction === 'subtract' && available < amount) return { outcome: 'insufficient', available };
  const after = direction === 'add' ? available + amount : available - amount;
  const asked = await askApproval(tx, {
    ...{ ...act, reason, comment },
    body: adjustmentBody(input),
    preview: { seq: String(seq), before: String(available), after: String(after) },
  });
  if (asked.outcome === 'own_wallet') return asked;
  return { outcome: 'asked', approvalId: asked.approvalId };
}
