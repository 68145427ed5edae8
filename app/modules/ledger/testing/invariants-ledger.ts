import { BOOKS } from '../shared';
import { least, most, sum } from './oracle-wallet';
import { type Books, type LotRow } from './invariants-books';
import { type Recount, transferOf } from './invariants-recount';

/** What the ledger itself must keep, whoever acted: told from its rows alone. */
export interface Kept {
  books: Books;
  recount: Recount;
  /** What `verifyLedger` says of these wallets. */
  faults: readonly unknown[];
}

export function must(isKept: boolean, fault: string): void {
  if (!isKept) throw new Error(fault);
}

const same = (left: bigint, right: bigint, what: string) =>
  must(left === right, `${what}: ${left} is not ${right}`);
const worded = (value: unknown) =>
  JSON.stringify(value, (_n, v: unknown) => (typeof v === 'bigint' ? Number(v) : v));

export function aBookSumsToZero({ books, recount: { accounts } }: Kept): void {
  for (const book of BOOKS) {
    const of = (account: string) => accounts.get(`${book} ${account}`) ?? 0n;
    const all = [...accounts].filter(([name]) => name.startsWith(`${book} `));
    same(sum(all.map(([, amount]) => amount)), 0n, `all accounts of ${book}`);
    const issued = sum(all.filter(([name]) => name.includes('issued.')).map(([, amount]) => -amount));
    const wallets = books.wallets.filter((wallet) => wallet.book === book);
    const inWallets = sum(wallets.map((wallet) => wallet.available + wallet.held + wallet.claimed));
    const gone = of('spent') + of('expired') + of('revoked.refund') + of('revoked.dispute');
    const indebted = sum(wallets.map((wallet) => wallet.debt));
    same(issued, inWallets + gone, `what ${book} issued`);
    same(-of('debt_issued'), indebted, `the debt of ${book}`);
  }
}

export function aWalletIsTheSumOfItsLots({ books }: Kept): void {
  for (const wallet of books.wallets) {
    const lots = books.lots.filter((lot) => lot.wallet === wallet.id);
    for (const account of ['available', 'held', 'claimed'] as const)
      same(wallet[account], sum(lots.map((lot) => lot[account])), `${account} of the wallet`);
  }
}

export function aWalletIsTheSumOfItsEntries({ books }: Kept): void {
  for (const wallet of books.wallets) {
    const entries = books.entries.filter((entry) => entry.wallet === wallet.id);
    for (const account of ['available', 'held', 'claimed', 'debt'] as const) {
      const ins = entries.filter((entry) => entry.to === account).map((entry) => entry.amount);
      const outs = entries.filter((entry) => entry.from === account).map((entry) => entry.amount);
      same(wallet[account], sum(ins) - sum(outs), `${account} of the wallet by its entries`);
    }
    same(wallet.seq, BigInt(entries.length), 'the number of entries');
    entries.forEach((entry, n) => same(entry.seq, BigInt(n + 1), 'the place of an entry'));
  }
}

export function noAccountWasEverNegative({ books, recount: { impossible } }: Kept): void {
  must(impossible.length === 0, impossible.join('; '));
  for (const entry of books.entries)
    for (const after of [entry.available_after, entry.held_after, entry.claimed_after, entry.debt_after])
      must(after >= 0n, `entry ${entry.seq} left ${after}`);
  for (const wallet of books.wallets)
    must(
      wallet.available >= 0n && wallet.held >= 0n && wallet.claimed >= 0n && wallet.debt >= 0n,
      'a wallet',
    );
}

export function aLotAddsUpToWhatWasGranted({ books, recount: { lots } }: Kept): void {
  for (const lot of books.lots) {
    const counts = lots.get(lot.id);
    if (!counts) throw new Error('A lot was not counted.');
    for (const place of ['available', 'held', 'claimed', 'revoked', 'expired', 'moved'] as const)
      same(lot[place], counts[place], `${place} of a lot of ${lot.kind}`);
    same(sum(Object.values(counts)), lot.granted, 'all of a lot');
    must(lot.open === lot.available + lot.held + lot.claimed > 0n, 'a lot is open while it holds credits');
  }
}

export function theChainVerifies({ faults }: Kept): void {
  must(faults.length === 0, worded(faults));
}

export function aKeyNamesOneAct({ books }: Kept): void {
  const keys = new Set<string>();
  for (const { book, key } of books.transfers) {
    must(!keys.has(`${book} ${key}`), `${key} stands twice`);
    keys.add(`${book} ${key}`);
  }
}

export function timeRisesFromActToAct({ books }: Kept): void {
  const of = transferOf(books);
  for (const [n, entry] of books.entries.entries()) {
    const before = books.entries[n - 1];
    same(of(entry).recorded_at, entry.recorded_at, 'the time of an entry');
    if (before?.wallet === entry.wallet) must(before.recorded_at <= entry.recorded_at, 'time went back');
  }
  for (const wallet of books.wallets) {
    const last = books.entries.filter((entry) => entry.wallet === wallet.id).at(-1);
    if (last) same(wallet.last_at, last.recorded_at, 'the time of the last entry');
  }
}

const burnsBefore = (a: LotRow, b: LotRow): boolean => {
  if (a.priority !== b.priority) return a.priority < b.priority;
  if (a.expires_at !== b.expires_at) return a.expires_at < b.expires_at;
  if (a.promo !== b.promo) return a.promo;
  return a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at;
};

/** No spend, hold or subtraction takes from a lot while a living one before it has credits. */
export function creditsBurnInThePublishedOrder({ books }: Kept): void {
  const of = transferOf(books);
  const lots = new Map(books.lots.map((lot) => [lot.id, lot]));
  const available = new Map<string, bigint>();
  for (const entry of books.entries) {
    const lot = entry.lot === null ? undefined : lots.get(entry.lot);
    if (!lot) continue;
    const isBurnt = entry.from === 'available' && ['spend', 'hold', 'adjust'].includes(of(entry).kind);
    const passedOver = books.lots.filter(
      (other) =>
        isBurnt &&
        other.wallet === entry.wallet &&
        other.expires_at > entry.recorded_at &&
        (available.get(other.id) ?? 0n) > 0n &&
        burnsBefore(other, lot),
    );
    must(passedOver.length === 0, `entry ${entry.seq} passed over ${worded(passedOver)}`);
    available.set(lot.id, entry.lot_available_after ?? 0n);
  }
}

/** Past its expiry nothing leaves `available` of a lot but to `expired`; only a claim may still take it. */
export function expiredCreditsAreNeverTaken({ books }: Kept): void {
  const of = transferOf(books);
  const expiries = new Map(books.lots.map((lot) => [lot.id, lot.expires_at]));
  for (const entry of books.entries) {
    const expiresAt = entry.lot === null ? undefined : expiries.get(entry.lot);
    if (expiresAt === undefined || entry.from !== 'available' || expiresAt > entry.recorded_at) continue;
    must(entry.to === 'expired' || of(entry).kind === 'claim', `entry ${entry.seq} took from a dead lot`);
  }
}

export function aHoldIsCoveredByItsParts({ books }: Kept): void {
  for (const hold of books.holds) {
    const parts = books.parts.filter((part) => part.hold === hold.id);
    same(sum(parts.map((part) => part.amount)), hold.amount, 'the parts of a hold');
    must(new Set(parts.map((part) => part.lot)).size === parts.length, 'a hold has one part of a lot');
  }
  const active = new Set(books.holds.filter((hold) => hold.state === 'active').map((hold) => hold.id));
  for (const lot of books.lots) {
    const parts = books.parts.filter((part) => part.lot === lot.id && active.has(part.hold));
    same(lot.held, sum(parts.map((part) => part.amount)), 'what a lot has in holds');
  }
  for (const wallet of books.wallets) {
    const holds = books.holds.filter((hold) => hold.wallet === wallet.id && active.has(hold.id));
    same(wallet.held, sum(holds.map((hold) => hold.amount)), 'what a wallet has in holds');
  }
}

export function aHoldEndsOnce({ books }: Kept): void {
  for (const hold of books.holds) {
    const of = books.transfers.filter((transfer) => transfer.hold === hold.id);
    const [begun, ended] = [
      of.filter(({ kind }) => kind === 'hold'),
      of.filter(({ kind }) => kind !== 'hold'),
    ];
    same(BigInt(begun.length), 1n, 'the beginnings of a hold');
    same(BigInt(ended.length), hold.state === 'active' ? 0n : 1n, `the ends of a hold that is ${hold.state}`);
    const end = ended[0];
    if (hold.state === 'captured') must(end?.kind === 'capture', 'a captured hold was not captured');
    if (hold.state === 'released' || hold.state === 'expired') must(end?.kind === 'release', 'a hold ended');
    if (hold.state === 'expired') must((end?.recorded_at ?? 0n) >= hold.expires_at, 'a hold expired early');
    else if (end) must(end.recorded_at < hold.expires_at, 'a hold was ended past its expiry');
  }
}

export function aTransferIsReversedOnceAndWhole({ books }: Kept): void {
  const byId = new Map(books.transfers.map((transfer) => [transfer.id, transfer]));
  const reversed = new Set<string>();
  for (const reversal of books.transfers) {
    if (reversal.reverses === null) continue;
    const first = byId.get(reversal.reverses);
    must(!reversed.has(reversal.reverses), 'a transfer is reversed twice');
    must(first?.kind === 'spend' || first?.kind === 'capture', 'what was reversed had spent nothing');
    same(reversal.amount, first?.amount ?? 0n, 'the amount of a reversal');
    const back = books.entries.filter((entry) => entry.transfer === reversal.id && entry.from === 'spent');
    same(sum(back.map((entry) => entry.amount)), reversal.amount, 'what a reversal gave back');
    reversed.add(reversal.reverses);
  }
}

export function aClaimStandsAtItsLevels({ books }: Kept): void {
  for (const claim of books.claims) {
    const family = books.lots.filter((lot) => lot.payment === claim.payment);
    const of = (place: 'available' | 'held' | 'claimed' | 'revoked' | 'expired' | 'granted') =>
      sum(family.map((lot) => lot[place]));
    const reachable = of('available') + of('claimed') + of('revoked');
    const revoked = least(claim.t_gone, reachable);
    same(of('revoked'), revoked, 'what is revoked of a payment');
    same(
      of('claimed'),
      least(claim.t_all - claim.t_gone, reachable - revoked),
      'what is claimed of a payment',
    );
    const byRefund = least(claim.t_gone - claim.t_dispute, revoked);
    same(claim.revoked_dispute, revoked - byRefund, 'what disputes revoked');
    const shortfall = family.length === 0 ? 0n : most(0n, claim.t_gone - revoked - of('expired'));
    same(claim.shortfall, shortfall, 'the shortfall of a payment');
    const owed = least(shortfall, claim.t_debt);
    if (of('held') > 0n) must(claim.owed <= owed, 'a payment owes more than its levels say');
    else same(claim.owed, owed, 'what a payment owes');
  }
}

export function debtIsWhatIsOwedLessWhatWasRepaid({ books }: Kept): void {
  for (const wallet of books.wallets) {
    const claims = books.claims.filter((claim) => claim.wallet === wallet.id);
    for (const claim of claims)
      must(0n <= claim.repaid && claim.repaid <= claim.owed, 'repaid beyond what is owed');
    same(wallet.debt, sum(claims.map((claim) => claim.owed - claim.repaid)), 'the debt of a wallet');
  }
}

export function eachBookKeepsItsOwn({ books }: Kept): void {
  const bookOf = new Map(books.wallets.map((wallet) => [wallet.id, wallet.book]));
  const walletOf = new Map(books.lots.map((lot) => [lot.id, lot.wallet]));
  for (const transfer of books.transfers)
    must(bookOf.get(transfer.wallet) === transfer.book, 'a transfer is of the other book');
  for (const entry of books.entries)
    if (entry.lot !== null)
      must(walletOf.get(entry.lot) === entry.wallet, 'an entry moves a lot of another wallet');
  for (const lot of books.lots)
    if (lot.parent_lot !== null)
      must(walletOf.get(lot.parent_lot) === lot.wallet, 'a child is in another wallet');
}
