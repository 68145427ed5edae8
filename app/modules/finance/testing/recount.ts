import { type Db } from '~/platform/db.server';

import { type Book } from '~/modules/ledger/shared';
import { type Standing } from '../shared';

const HELD_BY_WALLETS: readonly string[] = ['available', 'held', 'claimed'];

interface Entry {
  at: Date;
  from: string;
  to: string;
  amount: bigint;
  lot: string | null;
  payment: string | null;
}

interface Family {
  currency: string | null;
  net: bigint;
  granted: bigint;
  left: bigint;
}

/** Every entry and lot of a book, to be counted by the rules that the page promises and by none of its SQL. */
export async function readBook(db: Db, book: Book) {
  const entries = await db.entry.findMany({
    where: { wallet: { bookId: book } },
    orderBy: [{ walletId: 'asc' }, { seq: 'asc' }],
    select: {
      recordedAt: true,
      from: true,
      to: true,
      amount: true,
      lotId: true,
      transfer: { select: { payment: { select: { currency: true } } } },
    },
  });
  const lots = await db.lot.findMany({
    where: { wallet: { bookId: book } },
    select: { id: true, parentLotId: true, granted: true, paidMinor: true, currency: true },
  });
  const byId = new Map(lots.map((lot) => [lot.id, lot]));
  const rootOf = (id: string): string => {
    const parent = byId.get(id)?.parentLotId ?? null;
    return parent === null ? id : rootOf(parent);
  };
  return {
    entries: entries.map(({ recordedAt, from, to, amount, lotId, transfer }): Entry => ({
      at: recordedAt,
      from,
      to,
      amount,
      lot: lotId === null ? null : rootOf(lotId),
      payment: transfer.payment?.currency ?? null,
    })),
    families: () =>
      new Map(
        lots
          .filter((lot) => lot.parentLotId === null)
          .map((lot): [string, Family] => [
            lot.id,
            { currency: lot.currency, net: lot.paidMinor ?? 0n, granted: lot.granted, left: 0n },
          ]),
      ),
  };
}

/** What stood before an instant, per currency; those without anything are left out. */
export function standingBefore(
  { entries, families }: Awaited<ReturnType<typeof readBook>>,
  until: Date,
): Map<string | null, Standing> {
  const all = families();
  const standing = new Map<string | null, Standing>();
  const of = (currency: string | null) => {
    const known = standing.get(currency) ?? { credits: 0n, money: 0n, debt: 0n };
    standing.set(currency, known);
    return known;
  };
  for (const { at, from, to, amount, lot, payment } of entries) {
    if (at.getTime() >= until.getTime()) continue;
    const family = lot === null ? undefined : all.get(lot);
    if (to === 'debt') of(payment).debt += amount;
    if (from === 'debt') of(payment).debt -= amount;
    if (family === undefined) continue;
    if (HELD_BY_WALLETS.includes(to)) family.left += amount;
    if (HELD_BY_WALLETS.includes(from)) family.left -= amount;
  }
  for (const { currency, net, granted, left } of all.values()) {
    of(currency).credits += left;
    of(currency).money += (net * left + granted - 1n) / granted;
  }
  return new Map([...standing].filter(([, { credits, money, debt }]) => credits + money + debt > 0n));
}
