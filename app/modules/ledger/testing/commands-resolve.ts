import { type Book, BOOKS } from '../shared';
import { type Amount, type Command, SECOND, SOLD } from './commands';
import { type Act, type KeyedAct } from './commands-ask';
import { type Oracle } from './oracle';
import { balancesAt, nextEndOf } from './oracle-claims';
import { balances, least, type Micros, most, NEVER, type OracleHold } from './oracle-wallet';

export interface Of {
  book: Book;
  customerId: string;
}

/** Whose wallets a run has, and what was sold to them. */
export interface Cast {
  readonly customers: readonly [string, string];
  readonly payments: readonly (Of & { id: string })[];
}

type Asking = Exclude<Command, { act: 'step' | 'book due' | 'freeze' | 'thaw' | 'again' | 'reuse key' }>;

export const ofWho = ({ customers }: Cast, who: { customer: number; book: Book }): Of => ({
  book: who.book,
  customerId: customers[who.customer === 0 ? 0 : 1],
});

export const nth = <T>(all: readonly T[], n: number): T | undefined => all[n % all.length];
const toMillisecond = (at: Micros): Micros => at - (at % 1000n);
export const expiryOf = (now: Micros, life: bigint | null): Micros =>
  life === null ? NEVER : toMillisecond(now + life);

function amountOf(amount: Amount, all: bigint): bigint {
  if (typeof amount === 'bigint') return amount;
  return amount === 'all' ? most(all, 1n) : all + 1n;
}

interface Scene {
  oracle: Oracle;
  cast: Cast;
  now: Micros;
  key: string;
}

/** The act that a command is at this moment. */
export function actOf(command: Asking, scene: Scene): Act {
  const { oracle, cast, key } = scene;
  switch (command.act) {
    case 'capture':
    case 'release': {
      const of = { key, ...holdOf(oracle, command.hold) };
      if (command.act === 'release') return { act: 'release', book: of.book, key, holdId: of.holdId };
      return {
        act: 'capture',
        book: of.book,
        key,
        holdId: of.holdId,
        amount: amountOf(command.amount, of.held),
      };
    }
    case 'reverse': {
      const all = [...oracle.transfers.values()];
      const taken = all.filter(({ kind }) => kind === 'spend' || kind === 'capture');
      const transfer = nth(command.of === 'taken' ? taken : all, command.transfer);
      return {
        act: 'reverse',
        book: transfer?.wallet.book ?? BOOKS[0],
        key,
        transferId: transfer?.id ?? 'txf_none',
      };
    }
    case 'grant':
    case 'grant payment':
    case 'spend':
    case 'hold':
    case 'adjust':
    case 'claim':
      return ownersAct(command, { ...scene, of: ofWho(cast, command.who) });
  }
}

function ownersAct(
  command: Extract<Asking, { who: unknown }>,
  { oracle, cast, now, key, of }: Scene & { of: Of },
): Act {
  const wallet = oracle.wallet(of.book, of.customerId);
  const { available } = balancesAt(wallet, most(now, wallet.lastAt));
  const payments = cast.payments.filter((p) => p.book === of.book && p.customerId === of.customerId);
  switch (command.act) {
    case 'grant': {
      const { amount, lotKind, priority, life } = command;
      const expiresAt = expiryOf(now, life);
      return { act: 'grant', ...of, key, amount, lotKind, priority, expiresAt, paymentId: null };
    }
    case 'grant payment': {
      const paymentId = nth(payments, command.payment)?.id ?? null;
      const terms = { lotKind: 'pack', priority: 50, expiresAt: expiryOf(now, command.life) } as const;
      return { act: 'grant', ...of, key: `grant:${paymentId}`, amount: SOLD, ...terms, paymentId };
    }
    case 'spend':
      return { act: 'spend', ...of, key, amount: amountOf(command.amount, available) };
    case 'hold': {
      const { amount, life: expiresIn } = command;
      return { act: 'hold', ...of, key, amount: amountOf(amount, available), expiresIn };
    }
    case 'adjust': {
      const { direction, seq, life } = command;
      const seen = balances(wallet).seq;
      const expectedSeq = seq === 'none' ? null : seq === 'seen' ? seen : seen + 1n;
      const expiresAt = direction === 'add' ? expiryOf(now, life) : NEVER;
      const amount = amountOf(command.amount, available);
      return { act: 'adjust', ...of, key, direction, amount, expiresAt, expectedSeq };
    }
    case 'claim': {
      const paymentId = nth(payments, command.payment)?.id ?? '';
      return { act: 'claim', ...of, paymentId, sold: SOLD, ...command.levels };
    }
  }
}

/** A hold, rather one that stands. Few are asked for in the wrong book. */
function holdOf(oracle: Oracle, n: number): { book: Book; holdId: string; held: bigint } {
  const all = [...oracle.wallets.values()].flatMap(({ book, holds }) =>
    holds.map((hold: OracleHold) => ({ book, hold })),
  );
  const active = all.filter(({ hold }) => hold.state === 'active');
  const found = nth(active.length > 0 && n % 6 > 0 ? active : all, n);
  if (!found) return { book: BOOKS[0], holdId: 'hld_none', held: 1n };
  const other = BOOKS.find((book) => book !== found.book) ?? found.book;
  return { book: n % 24 === 23 ? other : found.book, holdId: found.hold.id, held: found.hold.amount };
}

/** Another act under the key of one that stands. */
export function reusing(cast: Cast, known: KeyedAct, change: 'amount' | 'customer' | 'act'): KeyedAct {
  if (change === 'amount' && 'amount' in known) return { ...known, amount: known.amount + 1n };
  const [first, second] = cast.customers;
  if (change === 'customer' && 'customerId' in known)
    return { ...known, customerId: known.customerId === first ? second : first };
  const { book, key } = known;
  const asked = { book, key, customerId: first, amount: 1n };
  return known.act === 'spend' ? { act: 'hold', ...asked, expiresIn: SECOND } : { act: 'spend', ...asked };
}

/** The next instant at which a lot or a hold of the run ends; a second from now when none will. */
export function nextEnd(oracle: Oracle, now: Micros): Micros {
  const end = [...oracle.wallets.values()].map(nextEndOf).reduce(least, NEVER);
  return end > now && end < NEVER ? end : now + SECOND;
}
