import { type Act } from '~/modules/ledger/index.server';
import { type BalanceView, type Book } from '~/modules/ledger/shared';

import { named, type NamedCustomer } from './customers.server';
import { plain } from './plain';

export const balanceBody = (
  balance: BalanceView,
  of: { book: Book; customer: string; external_id: string | null; as_of: string },
) => ({
  object: 'balance' as const,
  ...of,
  available: plain(balance.available),
  held: plain(balance.held),
  claimed: plain(balance.claimed),
  debt: plain(balance.debt),
  is_frozen: balance.frozen,
  seq: plain(balance.seq),
});

/** What every act answers. */
export const actBody = (act: Act, book: Book, customer: NamedCustomer) => ({
  id: act.transferId,
  book,
  ...named(customer),
  amount: plain(act.amount),
  balance: { available: plain(act.available), held: plain(act.held), debt: plain(act.debt) },
  seq: plain(act.seq),
  created_at: act.recordedAt.toISOString(),
});
