import { type Book, type LotKind, type TransferKind } from '../shared';
import {
  balancesAt,
  nextEndOf,
  bookDue,
  openClaim,
  familyOf,
  letGo,
  repayDebts,
  settle,
  settleOf,
  targetsOf,
} from './oracle-claims';
import {
  type Account,
  balances,
  emptyWallet,
  found,
  giveBack,
  inBurnOrder,
  least,
  type Levels,
  lotOf,
  type Micros,
  most,
  move,
  type OracleHold,
  type OracleWallet,
  total,
} from './oracle-wallet';

/** An answer as the doors give it, its ids replaced by the oracle's and its times in microseconds. */
export type Answer = { outcome: string } & Record<string, bigint | string | null>;

interface Keyed {
  book: Book;
  key: string;
}
interface OfCustomer extends Keyed {
  customerId: string;
}
export interface GrantAct extends OfCustomer {
  amount: bigint;
  lotKind: LotKind;
  priority: number;
  expiresAt: Micros;
  paymentId: string | null;
}
export interface SpendAct extends OfCustomer {
  amount: bigint;
}
export interface CaptureAct extends Keyed {
  holdId: string;
  amount: bigint;
}
export interface ReleaseAct extends Keyed {
  holdId: string;
}
export interface ReverseAct extends Keyed {
  transferId: string;
}
export interface HoldAct extends OfCustomer {
  amount: bigint;
  expiresIn: Micros;
}
export interface AdjustAct extends OfCustomer {
  direction: 'add' | 'subtract';
  amount: bigint;
  expiresAt: Micros;
  expectedSeq: bigint | null;
}

export interface ClaimAct extends Levels {
  book: Book;
  customerId: string;
  paymentId: string;
  /** What the payment sold: its claim may come before its grant. */
  sold: bigint;
}

interface Standing {
  id: string;
  body: string;
  answer: Answer;
  kind: TransferKind;
  wallet: OracleWallet;
  amount: bigint;
  /** What a spend or a capture took, and when it left `available`. */
  took: { lot: number; amount: bigint; at: Micros }[];
  reversedBy: string | null;
}

/** Decides an act whose key is new, at its time, with everything due booked. */
type Decide = (w: OracleWallet, at: Micros, took: Standing['took'], id: string) => Answer;

/** Of what a person adds. */
const PRIORITY = 50;

/** A ledger in memory, written from its contract alone: a second opinion on what every act should answer and leave. */
export class Oracle {
  readonly wallets = new Map<string, OracleWallet>();
  readonly transfers = new Map<string, Standing>();
  readonly keys = new Map<string, Standing>();
  #ids = 0;

  /** An oracle that knows the same and may be tried out. */
  fork(): Oracle {
    const other = new Oracle();
    const { wallets, transfers, keys } = structuredClone({
      ...{ wallets: this.wallets, transfers: this.transfers, keys: this.keys },
    });
    for (const [name, wallet] of wallets) other.wallets.set(name, wallet);
    for (const [id, transfer] of transfers) other.transfers.set(id, transfer);
    for (const [key, standing] of keys) other.keys.set(key, standing);
    other.#ids = this.#ids;
    return other;
  }

  wallet(book: Book, customerId: string): OracleWallet {
    const name = `${book} ${customerId}`;
    const wallet = this.wallets.get(name) ?? emptyWallet(book, customerId);
    this.wallets.set(name, wallet);
    return wallet;
  }

  grant(now: Micros, act: GrantAct): Answer {
    const { amount, lotKind: kind, priority, expiresAt, paymentId } = act;
    const body = [amount, kind, priority, expiresAt, paymentId];
    return this.#keyed('grant', now, act, body, this.#of(act), (w, at) => {
      const terms = { kind, priority, promo: kind === 'promo', expiresAt, paymentId, parent: null };
      const lot = found(w, terms, { at, kind: 'grant', from: `issued.${kind}`, to: 'available', amount });
      if (paymentId !== null) {
        openClaim(w, paymentId, amount);
        settle(w, [paymentId], { at, asOf: at });
      }
      repayDebts(w, lot, at);
      return { outcome: 'granted', amount };
    });
  }

  spend(now: Micros, act: SpendAct): Answer {
    return this.#keyed('spend', now, act, [act.amount], this.#of(act), (w, at, took) => {
      const refusal = refusalOf(w, act.amount);
      if (refusal) return refusal;
      for (const part of this.#burn(w, act.amount, { at, kind: 'spend', to: 'spent' }))
        took.push({ ...part, at });
      return { outcome: 'spent', amount: act.amount };
    });
  }

  hold(now: Micros, act: HoldAct): Answer {
    return this.#keyed('hold', now, act, [act.amount, act.expiresIn], this.#of(act), (w, at) => {
      const refusal = refusalOf(w, act.amount);
      if (refusal) return refusal;
      const parts = this.#burn(w, act.amount, { at, kind: 'hold', to: 'held' });
      const id = `hold ${(this.#ids += 1)}`;
      const expiresAt = at + act.expiresIn;
      w.holds.push({ id, amount: act.amount, parts, createdAt: at, expiresAt, state: 'active' });
      return { outcome: 'held', amount: act.amount, holdId: id, expiresAt };
    });
  }

  capture(now: Micros, act: CaptureAct): Answer {
    const hold = this.#holdOf(act);
    if (!hold) return { outcome: 'not_found' };
    return this.#keyed('capture', now, act, [act.holdId, act.amount], hold.wallet, (w, at, took) => {
      const { parts, state, amount: held, createdAt } = hold.is();
      if (state !== 'active') return { outcome: 'not_active', state };
      if (act.amount > held) return { outcome: 'too_much', held };
      hold.is().state = 'captured';
      let left = act.amount;
      const rest = parts.map(({ lot, amount }) => {
        const part = least(left, amount);
        left -= part;
        move(w, lotOf(w, lot), { at, kind: 'capture', from: 'held', to: 'spent', amount: part });
        if (part > 0n) took.push({ lot, amount: part, at: createdAt });
        return { lot, amount: amount - part };
      });
      letGo(w, rest, { at, asOf: at, kind: 'capture' });
      return { outcome: 'captured', amount: act.amount, holdId: act.holdId };
    });
  }

  release(now: Micros, act: ReleaseAct): Answer {
    const hold = this.#holdOf(act);
    if (!hold) return { outcome: 'not_found' };
    return this.#keyed('release', now, act, [act.holdId], hold.wallet, (w, at) => {
      const { parts, state, amount } = hold.is();
      if (state !== 'active') return { outcome: 'not_active', state };
      hold.is().state = 'released';
      letGo(w, parts, { at, asOf: at, kind: 'release' });
      return { outcome: 'released', amount, holdId: act.holdId };
    });
  }

  reverse(now: Micros, act: ReverseAct): Answer {
    const first = this.transfers.get(act.transferId);
    if (!first || first.wallet.book !== act.book) return { outcome: 'not_found' };
    const { kind, amount, took, wallet } = first;
    const refuse = (): Answer | undefined => {
      if (kind !== 'spend' && kind !== 'capture') return { outcome: 'not_reversible' };
      return first.reversedBy === null
        ? undefined
        : { outcome: 'already_reversed', transferId: first.reversedBy };
    };
    const decide: Decide = (w, at, _took, id) => {
      first.reversedBy = id;
      for (const part of took) {
        const movement = {
          at,
          kind: 'reverse',
          from: 'spent',
          to: 'available',
          amount: part.amount,
        } as const;
        giveBack(w, lotOf(w, part.lot), part.at, movement);
      }
      settleOf(w, took, { at, asOf: at });
      return { outcome: 'reversed', amount };
    };
    return this.#keyed('reverse', now, act, [act.transferId], wallet, decide, refuse);
  }

  adjust(now: Micros, act: AdjustAct): Answer {
    const { direction, amount, expiresAt, expectedSeq } = act;
    const body = [direction, amount, expiresAt];
    const refuse = (w: OracleWallet): Answer | undefined => {
      const { seq } = balances(w);
      return expectedSeq === null || expectedSeq === seq ? undefined : { outcome: 'changed', seq };
    };
    const decide: Decide = (w, at) => {
      const { available } = balances(w);
      if (direction === 'add') {
        const terms = { kind: 'manual', priority: PRIORITY, promo: false, expiresAt } as const;
        const movement = { at, kind: 'adjust', from: 'issued.manual', to: 'available', amount } as const;
        found(w, { ...terms, paymentId: null, parent: null }, movement);
      } else if (available < amount) return { outcome: 'insufficient', available };
      else this.#burn(w, amount, { at, kind: 'adjust', to: 'issued.manual' });
      return { outcome: 'adjusted', amount };
    };
    return this.#keyed('adjust', now, act, body, this.#of(act), decide, refuse);
  }

  settleClaim(now: Micros, act: ClaimAct): Answer {
    const w = this.#of(act);
    const at = openAt(w, now);
    const claim = openClaim(w, act.paymentId, act.sold);
    const { refund, dispute, pending, indebted } = act;
    Object.assign(claim, { refund, dispute, pending, indebted });
    settle(w, [act.paymentId], { at, asOf: at });
    const family = familyOf(w, act.paymentId);
    const { shortfall } = targetsOf(claim, family);
    const [revoked, claimed] = [total(family, 'revoked'), total(family, 'claimed')];
    const moved = w.entries.some((e) => e.at === at && e.kind === 'claim' && e.paymentId === act.paymentId);
    return { outcome: 'settled', moved: String(moved), revoked, claimed, shortfall, owed: claim.owed };
  }

  freeze({ cause, ...of }: { book: Book; customerId: string; cause: string }): Answer {
    const w = this.#of(of);
    if (w.frozenBy.includes(cause)) return { outcome: 'unchanged' };
    w.frozenBy.push(cause);
    return { outcome: 'frozen' };
  }

  thaw({ cause, ...of }: { book: Book; customerId: string; cause: string }): Answer {
    const w = this.#of(of);
    if (!w.frozenBy.includes(cause)) return { outcome: 'unchanged' };
    w.frozenBy = w.frozenBy.filter((other) => other !== cause);
    return { outcome: 'thawed' };
  }

  /** Books all that is due by the clock in any wallet; how many wallets it was. */
  bookDue(now: Micros): number {
    const due = [...this.wallets.values()].filter((w) => nextEndOf(w) <= now);
    for (const wallet of due) openAt(wallet, now);
    return due.length;
  }

  /** Books what is due in one wallet, at an instant after its last entry. */
  bookAt(of: { book: Book; customerId: string }, now: Micros): void {
    openAt(this.#of(of), now);
  }

  readBalance(now: Micros, of: { book: Book; customerId: string }) {
    const w = this.#of(of);
    return { ...balancesAt(w, most(now, w.lastAt)), frozen: w.frozenBy.length > 0 };
  }

  #of({ book, customerId }: { book: Book; customerId: string }): OracleWallet {
    return this.wallet(book, customerId);
  }

  #holdOf({ book, holdId }: { book: Book; holdId: string }) {
    for (const wallet of this.wallets.values()) {
      const found = () => wallet.holds.find((hold) => hold.id === holdId);
      if (wallet.book === book && found()) return { wallet, is: () => must(found()) };
    }
    return undefined;
  }

  #burn(
    w: OracleWallet,
    amount: bigint,
    { at, kind, to }: { at: Micros; kind: TransferKind; to: Account },
  ): { lot: number; amount: bigint }[] {
    let left = amount;
    const parts: { lot: number; amount: bigint }[] = [];
    for (const lot of inBurnOrder(w.lots)) {
      const part = lot.expiresAt > at ? least(left, lot.in.available) : 0n;
      if (part === 0n) continue;
      left -= part;
      move(w, lot, { at, kind, from: 'available', to, amount: part });
      parts.push({ lot: lot.n, amount: part });
    }
    if (left > 0n) throw new Error('The oracle burnt less than it said it had.');
    return parts;
  }

  /** One act: its key, what refuses it whatever is due, what is due, its decision; what stands is answered the same way for ever. */
  #keyed(
    kind: TransferKind,
    now: Micros,
    { book, key }: Keyed,
    body: unknown[],
    w: OracleWallet,
    decide: Decide,
    refuse?: (w: OracleWallet) => Answer | undefined,
  ): Answer {
    const said = [kind, w.customerId, ...body].join(' ');
    const known = this.keys.get(`${book} ${key}`);
    if (known)
      return known.body === said ? { ...known.answer, outcome: 'replayed' } : { outcome: 'key_reused' };
    const refused = refuse?.(w);
    if (refused) return refused;
    const at = openAt(w, now);
    const id = `transfer ${this.#ids + 1}`;
    const took: Standing['took'] = [];
    const decided = decide(w, at, took, id);
    if (!STANDS.has(decided.outcome)) return decided;
    this.#ids += 1;
    const { available, held, debt, seq } = balances(w);
    const answer = { ...decided, transferId: id, available, held, debt, seq, recordedAt: at };
    const amount = BigInt(decided.amount ?? 0n);
    const standing = { id, body: said, answer, kind, wallet: w, amount, took, reversedBy: null };
    this.transfers.set(id, standing);
    this.keys.set(`${book} ${key}`, standing);
    return answer;
  }
}

const STANDS = new Set(['granted', 'spent', 'held', 'captured', 'released', 'reversed', 'adjusted']);

/** The time of an act, with everything booked that is due by then. */
function openAt(w: OracleWallet, now: Micros): Micros {
  const at = most(now, w.lastAt + 1n);
  bookDue(w, at);
  return at;
}

function refusalOf(w: OracleWallet, amount: bigint): Answer | undefined {
  if (w.frozenBy.length > 0) return { outcome: 'frozen' };
  const { available } = balances(w);
  return available < amount ? { outcome: 'insufficient', available } : undefined;
}

function must(hold: OracleHold | undefined): OracleHold {
  if (!hold) throw new Error('The oracle lost a hold.');
  return hold;
}
