import { readEntries } from '~/modules/ledger/index.server';
import { type Db } from '~/platform/db.server';

import { isId } from './filters.server';
import { type TransferView } from './shared';

const MOST_LINES = 500;

/** One act on a wallet with the entries that it wrote; undefined when there is none with this id. */
export async function readTransfer(db: Db, id: string): Promise<TransferView | undefined> {
  if (!isId(id)) return undefined;
  const found = await db.transfer.findUnique({
    where: { id },
    select: {
      id: true,
      bookId: true,
      kind: true,
      key: true,
      amount: true,
      actor: true,
      walletId: true,
      paymentId: true,
      reversesId: true,
      occurredAt: true,
      recordedAt: true,
      reversedBy: { select: { id: true } },
      wallet: { select: { customer: { select: { id: true, email: true, name: true } } } },
    },
  });
  if (found === null) return undefined;
  const { bookId, wallet, reversedBy, ...transfer } = found;
  return {
    ...transfer,
    book: bookId,
    customer: wallet.customer,
    reversedById: reversedBy?.id ?? null,
    lines: await readEntries(db, { transferId: id }, MOST_LINES),
  };
}
