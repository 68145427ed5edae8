import { type Books, type EntryRow, type LotRow } from './invariants-books';

const ACCOUNTS_OF_LOT = ['available', 'held', 'claimed', 'spent', 'revoked', 'expired'] as const;
type Place = (typeof ACCOUNTS_OF_LOT)[number] | 'moved';
type Counts = Record<Place, bigint>;

/** What the entries alone say of every lot and of every account, without a look at any projection. */
export interface Recount {
  lots: Map<string, Counts>;
  /** By book and account, what came in less what went out. */
  accounts: Map<string, bigint>;
  /** What a walk through the entries met that can never be. */
  impossible: string[];
}

export const transferOf = (books: Books) => {
  const byId = new Map(books.transfers.map((transfer) => [transfer.id, transfer]));
  return (entry: EntryRow) => {
    const transfer = byId.get(entry.transfer);
    if (!transfer) throw new Error(`Entry ${entry.seq} has no transfer.`);
    return transfer;
  };
};

const placeOf = (account: string): Place | undefined =>
  account.startsWith('revoked.') ? 'revoked' : ACCOUNTS_OF_LOT.find((place) => place === account);

export function recount(books: Books): Recount {
  const none: Counts = {
    available: 0n,
    held: 0n,
    claimed: 0n,
    spent: 0n,
    revoked: 0n,
    expired: 0n,
    moved: 0n,
  };
  const lots = new Map(books.lots.map((lot) => [lot.id, { ...none }]));
  const rows = new Map(books.lots.map((lot) => [lot.id, lot]));
  const bookOf = new Map(books.wallets.map((wallet) => [wallet.id, wallet.book]));
  const accounts = new Map<string, bigint>();
  const impossible: string[] = [];
  const transfer = transferOf(books);
  const isFounded = new Set<string>();

  const add = (name: string, amount: bigint) => accounts.set(name, (accounts.get(name) ?? 0n) + amount);
  const count = (id: string, place: Place, amount: bigint) => {
    const counts = lots.get(id);
    if (!counts) return void impossible.push(`lot ${id} is unknown`);
    counts[place] += amount;
    if (counts[place] < 0n) impossible.push(`lot ${id} had ${counts[place]} ${place}`);
  };

  /** A lot's first entry takes from an issue, or from what its parent had lost. */
  const found = (entry: EntryRow, lot: LotRow) => {
    if (lot.parent_lot === null) {
      if (!entry.from.startsWith('issued.')) impossible.push(`lot ${lot.id} was not issued`);
    } else if (entry.from === 'spent' || transfer(entry).payment === lot.payment) {
      count(lot.parent_lot, placeOf(entry.from) ?? 'moved', -entry.amount);
      count(lot.parent_lot, 'moved', entry.amount);
    }
    if (entry.amount !== lot.granted) impossible.push(`lot ${lot.id} was founded with ${entry.amount}`);
    count(lot.id, 'available', entry.amount);
  };

  for (const entry of books.entries) {
    const book = bookOf.get(entry.wallet);
    add(`${book} ${entry.from}`, -entry.amount);
    add(`${book} ${entry.to}`, entry.amount);
    const lot = entry.lot === null ? undefined : rows.get(entry.lot);
    if (!lot) continue;
    if (!isFounded.has(lot.id)) found(entry, lot);
    else {
      const isMoved = entry.from === 'available' && ['repay', 'adjust'].includes(transfer(entry).kind);
      count(lot.id, placeOf(entry.from) ?? 'moved', -entry.amount);
      count(lot.id, isMoved ? 'moved' : (placeOf(entry.to) ?? 'moved'), entry.amount);
    }
    isFounded.add(lot.id);
  }
  return { lots, accounts, impossible };
}
