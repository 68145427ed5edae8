import { type Db, inSnapshot } from '~/platform/db.server';

import { readBalance } from './read-balance.server';
import { readStatementPage, type StatementPlace } from './read-lines.server';
import { listSpendableLots } from './read-lots.server';
import { type BalanceView, type Book, type LotView, type StatementView, type TransferKind } from './shared';

export interface WalletView {
  balance: BalanceView;
  statement: StatementView;
  lots: LotView[];
}

/** A wallet as its owner sees it, all of one instant: no line stands above a balance that does not know of it yet. */
export async function readWallet(
  db: Db,
  input: {
    book: Book;
    customerId: string;
    kinds: readonly TransferKind[] | undefined;
    place: StatementPlace;
    lines: number;
    lots: number;
  },
): Promise<WalletView> {
  return inSnapshot(db, 'read wallet', async (tx) => ({
    balance: await readBalance(tx, input),
    statement: await readStatementPage(tx, { ...input, take: input.lines }),
    lots: await listSpendableLots(tx, { ...input, take: input.lots }),
  }));
}
