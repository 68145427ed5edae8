import { isDeepStrictEqual } from 'node:util';

import { type Db, inTransaction } from '~/platform/db.server';

import { bookDue } from '../book-due.server';
import { freeze, thaw } from '../freeze.server';
import { readBalance } from '../read-balance.server';
import { type BalanceView, BOOKS } from '../shared';
import { type Command } from './commands';
import { type Act, asSaid, askLedger, askOracle, inOracleWords, type KeyedAct, Names } from './commands-ask';
import { actOf, type Cast, nextEnd, type Of, ofWho, reusing } from './commands-resolve';
import { type Answer, Oracle } from './oracle';
import { balances, type Micros, most, type OracleWallet } from './oracle-wallet';
import { DAWN, setTestClock } from './test-clock';

/** What was asked, what was answered, and the wallet's last entry before and after. */
export interface Asked {
  act: Act;
  answer: Answer;
  wallet: Of;
  seqBefore: bigint;
  seqAfter: bigint;
}

/** What a read answered at an instant. */
export interface Read extends Of {
  at: Micros;
  balance: BalanceView;
}

/** Twenty years: whatever can end has ended by then. */
const FAR: Micros = BigInt(20 * 365 * 86_400) * 1_000_000n;

const isSame = (a: Of, b: Of) => a.book === b.book && a.customerId === b.customerId;

/** One sequence of commands, done by the ledger and by the oracle side by side. Its wallets are its own. */
export class Run {
  readonly oracle = new Oracle();
  readonly names = new Names();
  readonly asked: Asked[] = [];
  reads: Read[] = [];
  now: Micros = DAWN;
  readonly #keyed: KeyedAct[] = [];

  constructor(
    readonly db: Db,
    readonly cast: Cast,
  ) {}

  get wallets(): Of[] {
    return this.cast.customers.flatMap((customerId) => BOOKS.map((book) => ({ book, customerId })));
  }

  walletOf = ({ book, customerId }: Of): OracleWallet => this.oracle.wallet(book, customerId);

  async setClock(at: Micros): Promise<void> {
    this.now = at;
    await setTestClock(this.db, at);
  }

  async do(command: Command): Promise<void> {
    const { oracle, cast, now } = this;
    if (command.act === 'step') {
      const end = nextEnd(oracle, now);
      const { by } = command;
      await this.setClock(typeof by === 'bigint' ? now + by : by === 'to the next end' ? end : end - 1n);
      await this.#read(ofWho(cast, { customer: 0, book: BOOKS[0] }));
    } else if (command.act === 'book due') await this.#bookDue();
    else if (command.act === 'freeze' || command.act === 'thaw') {
      const input = { ...ofWho(cast, command.who), cause: command.cause, actor: 'random' };
      const change = command.act === 'freeze' ? freeze : thaw;
      const answer = await inTransaction<object>(this.db, command.act, (tx) => change(tx, input));
      assertSame(command.act, answer, oracle[command.act](input));
      await this.#read(input);
    } else if (command.act === 'again' || command.act === 'reuse key') {
      const known = this.#keyed[command.nth % (this.#keyed.length || 1)];
      if (known) await this.#ask(command.act === 'again' ? known : reusing(cast, known, command.change));
    } else {
      const key = `${cast.customers[0]}:${this.asked.length}`;
      await this.#ask(actOf(command, { oracle, cast, now, key }));
    }
  }

  /** Asks both, and both must say the same. */
  async #ask(act: Act): Promise<void> {
    const wallet = this.#ofAct(act);
    const before = balances(this.walletOf(wallet));
    const at = most(this.now, this.walletOf(wallet).lastAt + 1n);
    const expected = asSaid(askOracle(this.oracle, this.now, act));
    const answer = inOracleWords(await askLedger(this.db, this.names, act), expected, this.names);
    assertSame(`${act.act} of ${wallet.book}`, answer, expected);
    const { seq: seqAfter } = balances(this.walletOf(wallet));
    this.asked.push({ act, answer, wallet, seqBefore: before.seq, seqAfter });
    if (act.act !== 'claim' && answer.transferId !== undefined && answer.outcome !== 'replayed')
      this.#keyed.push(act);
    this.#forget(wallet, at);
    await this.#read(wallet);
  }

  #ofAct(act: Act): Of {
    if ('customerId' in act) return act;
    const isIts = (w: OracleWallet) =>
      act.act === 'reverse'
        ? this.oracle.transfers.get(act.transferId)?.wallet === w
        : w.holds.some((hold) => hold.id === act.holdId);
    return (
      this.wallets.find((of) => isIts(this.walletOf(of))) ?? ofWho(this.cast, { customer: 0, book: act.book })
    );
  }

  /** Lets everything end that can, so that nothing of this run is due in another's. */
  async drain(): Promise<void> {
    const lasts = this.wallets.map((of) => this.walletOf(of).lastAt);
    await this.setClock(lasts.reduce(most, this.now) + FAR);
    await this.#bookDue();
    for (const of of this.wallets) await this.#read(of);
  }

  /** Lets everything end that can, whatever it answers. */
  async leave(): Promise<void> {
    await this.setClock(this.now + 2n * FAR);
    await bookDue(this.db);
  }

  async #bookDue(): Promise<void> {
    for (const of of this.wallets) this.#forget(of, most(this.now, this.walletOf(of).lastAt + 1n));
    const booked = await bookDue(this.db);
    const due = this.oracle.bookDue(this.now);
    if (booked < due) throw new Error(`${due} wallets were due, and ${booked} were gone through.`);
  }

  async #read(of: Of): Promise<void> {
    const balance = await readBalance(this.db, of);
    assertSame(`balance of ${of.book}`, balance, this.oracle.readBalance(this.now, of));
    const at = most(this.now, this.walletOf(of).lastAt);
    this.reads = this.reads.filter((read) => !isSame(read, of) || read.at !== at);
    this.reads.push({ ...of, at, balance });
  }

  /** A clock that went back lets an act come before what was read already: those instants were not over yet. */
  #forget(of: Of, at: Micros): void {
    this.reads = this.reads.filter((read) => !isSame(read, of) || read.at < at);
  }
}

export const worded = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));

export function assertSame(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected))
    throw new Error(`${what}\n  the ledger says  ${worded(got)}\n  the oracle says  ${worded(expected)}`);
}
