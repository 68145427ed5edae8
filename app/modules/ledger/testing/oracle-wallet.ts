import { type Book, type LEDGER_ACCOUNTS, type LotKind, type TransferKind } from '../shared';

/** Microseconds since 1970: the ledger's resolution, which a JavaScript date does not have. */
export type Micros = bigint;
/** The expiry of what never expires: later than any instant. */
export const NEVER: Micros = 1n << 62n;

export type Account = (typeof LEDGER_ACCOUNTS)[number];
export type Cause = 'refund' | 'dispute';

/** Where the credits of a lot are. `moved` went to another lot, to staff or into a debt. */
type Place = 'available' | 'held' | 'claimed' | 'spent' | 'revoked' | 'expired' | 'moved';

export interface OracleLot {
  readonly n: number;
  readonly kind: LotKind;
  readonly priority: number;
  readonly promo: boolean;
  readonly expiresAt: Micros;
  readonly createdAt: Micros;
  readonly granted: bigint;
  readonly paymentId: string | null;
  readonly parent: number | null;
  in: Record<Place, bigint>;
  /** When credits last left `available` for a claim. */
  claimedAt: Micros;
}

export interface OracleHold {
  readonly id: string;
  readonly amount: bigint;
  readonly parts: readonly { lot: number; amount: bigint }[];
  readonly createdAt: Micros;
  readonly expiresAt: Micros;
  state: 'active' | 'captured' | 'released' | 'expired';
}

/** What may go back, and what has: levels in credits, of one payment. */
export interface Levels {
  refund: bigint;
  dispute: bigint;
  pending: bigint;
  indebted: bigint;
}

export interface OracleClaim extends Levels {
  readonly paymentId: string;
  granted: bigint;
  /** Of what is revoked, the part that is put down to disputes. */
  revokedDispute: bigint;
  /** Debt of this payment, repaid or not. */
  owed: bigint;
  repayments: { lot: number; amount: bigint; at: Micros; cause: Cause }[];
}

export interface OracleEntry {
  readonly at: Micros;
  readonly kind: TransferKind;
  readonly from: Account;
  readonly to: Account;
  readonly lot: number | null;
  readonly amount: bigint;
  /** The payment whose claim or debt moved. */
  readonly paymentId: string | null;
}

/** Plain data, so that structuredClone makes a wallet that can be tried out. */
export interface OracleWallet {
  readonly book: Book;
  readonly customerId: string;
  lots: OracleLot[];
  holds: OracleHold[];
  claims: OracleClaim[];
  entries: OracleEntry[];
  frozenBy: string[];
  lastAt: Micros;
}

export function emptyWallet(book: Book, customerId: string): OracleWallet {
  return { book, customerId, lots: [], holds: [], claims: [], entries: [], frozenBy: [], lastAt: 0n };
}

export const sum = (amounts: Iterable<bigint>): bigint => {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
};
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const total = (lots: readonly OracleLot[], ...places: Place[]): bigint =>
  sum(lots.flatMap((lot) => places.map((place) => lot.in[place])));
export const repaid = (claim: OracleClaim): bigint => sum(claim.repayments.map((one) => one.amount));
export const openDebt = (claim: OracleClaim): bigint => claim.owed - repaid(claim);

/** What the wallet's four accounts say, and its number of entries. */
export function balances(w: OracleWallet) {
  return {
    available: total(w.lots, 'available'),
    held: total(w.lots, 'held'),
    claimed: total(w.lots, 'claimed'),
    debt: sum(w.claims.map(openDebt)),
    seq: BigInt(w.entries.length),
  };
}

export function lotOf(w: OracleWallet, n: number): OracleLot {
  const lot = w.lots[n];
  if (!lot) throw new Error(`The oracle has no lot ${n}.`);
  return lot;
}

/** The published order in which credits burn. */
export function inBurnOrder(lots: readonly OracleLot[]): OracleLot[] {
  const keys = (lot: OracleLot) => [
    BigInt(lot.priority),
    lot.expiresAt,
    lot.promo ? 0n : 1n,
    lot.createdAt,
    BigInt(lot.n),
  ];
  return [...lots].sort((a, b) => {
    const [left, right] = [keys(a), keys(b)];
    const first = left.findIndex((key, index) => key !== right[index]);
    return (left[first] ?? 0n) < (right[first] ?? 0n) ? -1 : 1;
  });
}

const PLACE_OF: Partial<Record<Account, Place>> = {
  ...{ available: 'available', held: 'held', claimed: 'claimed', spent: 'spent', expired: 'expired' },
  ...{ 'revoked.refund': 'revoked', 'revoked.dispute': 'revoked' },
};

export interface Movement {
  at: Micros;
  kind: TransferKind;
  from: Account;
  to: Account;
  amount: bigint;
  paymentId?: string;
}

export function record(w: OracleWallet, lot: number | null, movement: Movement): void {
  const { at, kind, from, to, amount, paymentId = null } = movement;
  if (amount < 0n) throw new Error('The oracle moved less than nothing.');
  if (amount === 0n) return;
  w.entries.push({ at, kind, from, to, lot, amount, paymentId });
  w.lastAt = at;
}

/** Moves credits within a lot. What leaves for an account that is no place of the lot is `moved`. */
export function move(w: OracleWallet, lot: OracleLot, movement: Movement, to?: Place): void {
  if (movement.amount === 0n) return;
  const source = PLACE_OF[movement.from];
  if (!source) throw new Error(`No credits of a lot are in ${movement.from}.`);
  lot.in[source] -= movement.amount;
  lot.in[to ?? PLACE_OF[movement.to] ?? 'moved'] += movement.amount;
  if (lot.in[source] < 0n) throw new Error(`The oracle took more from ${source} than lot ${lot.n} has.`);
  record(w, lot.n, movement);
}

export interface LotTerms {
  kind: LotKind;
  priority: number;
  promo: boolean;
  expiresAt: Micros;
  paymentId: string | null;
  parent: number | null;
}

/** A new lot whose credits come from `movement.from`. */
export function found(w: OracleWallet, terms: LotTerms, movement: Movement): OracleLot {
  const { at: createdAt, amount: granted } = movement;
  const places = {
    available: granted,
    held: 0n,
    claimed: 0n,
    spent: 0n,
    revoked: 0n,
    expired: 0n,
    moved: 0n,
  };
  const lot = { ...terms, n: w.lots.length, createdAt, granted, in: places, claimedAt: 0n };
  w.lots.push(lot);
  record(w, lot.n, movement);
  return lot;
}

/** A child of a lot, with credits that were taken from it: it lives as long as was left when they were taken. */
export function foundChild(w: OracleWallet, lot: OracleLot, takenAt: Micros, movement: Movement): OracleLot {
  const expiresAt = lot.expiresAt === NEVER ? NEVER : movement.at + (lot.expiresAt - takenAt);
  return found(w, { ...lot, parent: lot.n, expiresAt }, movement);
}

/** Gives credits back to the lot they were taken from, to a child of it once it has died. */
export function giveBack(w: OracleWallet, lot: OracleLot, takenAt: Micros, movement: Movement): void {
  if (movement.amount === 0n) return;
  if (lot.expiresAt > movement.at) {
    move(w, lot, movement);
    return;
  }
  const source = PLACE_OF[movement.from];
  if (!source) throw new Error(`No credits of a lot are in ${movement.from}.`);
  lot.in[source] -= movement.amount;
  lot.in.moved += movement.amount;
  foundChild(w, lot, takenAt, movement);
}
