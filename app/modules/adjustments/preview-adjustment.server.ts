import { checkLimit, isOwner } from '~/modules/approvals/index.server';
import { type PersonRole } from '~/modules/approvals/shared';
import { readBalance } from '~/modules/ledger/index.server';
import { type BalanceView, type Book } from '~/modules/ledger/shared';
import { type Db, inTransaction } from '~/platform/db.server';

import { type AdjustmentPreview, type Balances, type Direction } from './shared';

export interface PreviewInput {
  book: Book;
  customerId: string;
  direction: Direction;
  /** Credits; zero shows the wallet as it stands. */
  amount: bigint;
  /** A user's id. */
  actor: string;
  role: PersonRole;
}

/** What an adjustment would do to the wallet as it stands, and whether who asks may do it alone. It writes nothing. */
export function previewAdjustment(db: Db, input: PreviewInput): Promise<AdjustmentPreview> {
  const { book, customerId, direction, amount, actor, role } = input;
  return inTransaction(db, 'preview adjustment', async (tx) => {
    const isOwn = await isOwner(tx, customerId, actor);
    const { outcome, bound, limit, used } = await checkLimit(tx, {
      ...({ book, act: 'adjust', unit: 'credits' } as const),
      ...{ actor, role, customerId, amount: amount > 0n ? amount : 1n },
    });
    const balance = await readBalance(tx, { book, customerId });
    const isShort = direction === 'subtract' && balance.available < amount;
    return {
      seq: balance.seq,
      before: balancesOf(balance),
      after: isShort ? balancesOf(balance) : adjusted(balance, direction, amount),
      bar: isOwn ? 'own_wallet' : isShort ? 'insufficient' : undefined,
      limit: { isWithin: outcome === 'within', bound, left: limit > used ? limit - used : 0n },
    };
  });
}

const balancesOf = ({ available, held, claimed, debt }: BalanceView): Balances => ({
  available,
  held,
  claimed,
  debt,
});

/** Only what is available changes: an adjustment repays no debt and touches no hold. */
export const adjusted = (balance: BalanceView, direction: Direction, amount: bigint): Balances => ({
  ...balancesOf(balance),
  available: direction === 'add' ? balance.available + amount : balance.available - amount,
});
