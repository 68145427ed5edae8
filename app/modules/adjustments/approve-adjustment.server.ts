import {
  approve,
  type ApproveInput,
  type ApproveOutcome,
  type CarryOut,
} from '~/modules/approvals/index.server';
import { appendAudit } from '~/modules/audit/index.server';
import { readBalance } from '~/modules/ledger/index.server';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { parseBody, post } from './post-adjustment.server';
import { adjusted } from './preview-adjustment.server';
import { type Balances } from './shared';

/**
 * A second person lets an adjustment go: it is carried out at once, on the wallet that they saw, under the key of the
 * dialog that asked for it.
 */
export function approveAdjustment(db: Db, input: ApproveInput): Promise<ApproveOutcome> {
  return inTransaction(db, 'approve adjustment', (tx) => approve(tx, input, carryOut(tx, input.walletSeq)));
}

const carryOut =
  (tx: Tx, expectedSeq: bigint): CarryOut =>
  async ({ id, act, book, customerId, subject, body, requester, reason, comment }) => {
    if (act !== 'adjust' || customerId === null) return { outcome: 'not_done', why: 'no_adjustment' };
    const terms = parseBody(body);
    if (isOver(terms.expiresAt)) return { outcome: 'not_done', why: 'expiry_past' };
    const posted = await post(tx, {
      ...{ ...terms, book, customerId, expectedSeq, reason, by: `approval:${id}` },
      key: subject.slice('adjust:'.length),
    });
    if (posted.outcome !== 'adjusted') return { outcome: 'not_done', why: posted.outcome };
    await appendAudit(tx, { ...posted.audit, actor: requester, reason, comment });
    return { outcome: 'done', effects: [posted.adjusted.transferId] };
  };

const isOver = (expiresAt: Date | null): boolean => expiresAt !== null && expiresAt.getTime() <= Date.now();

/** What carrying out a request would do to the wallet as it stands now. */
export async function previewRequested(
  db: Db,
  request: { book: 'test' | 'live'; customerId: string; body: unknown },
): Promise<{
  before: Balances;
  after: Balances;
  expiresAt: Date | null;
  bar: 'insufficient' | 'expiry_past' | undefined;
}> {
  const { direction, amount, expiresAt } = parseBody(request.body);
  const balance = await readBalance(db, request);
  const isShort = direction === 'subtract' && balance.available < amount;
  return {
    before: adjusted(balance, direction, 0n),
    after: isShort ? adjusted(balance, direction, 0n) : adjusted(balance, direction, amount),
    expiresAt,
    bar: isShort ? 'insufficient' : isOver(expiresAt) ? 'expiry_past' : undefined,
  };
}
