import { assertNever } from '~/platform/assert-never';
import { type Db, inTransaction } from '~/platform/db.server';

import { bookDue } from '../book-due.server';
import { freeze, thaw } from '../freeze.server';
import { readBalance } from '../read-balance.server';
import { type BalanceView, BOOKS } from '../shared';
import { type Amount, type Command, SECOND, SOLD } from './commands';
import { type Act, askLedger, type KeyedAct, Names } from './commands-ask';
import { type Cast, expiryOf, nth, type Of, reusing } from './commands-resolve';
import { type Micros, NEVER } from './oracle-wallet';
import { DAWN, stepTestClock } from './test-clock';

interface Took {
  /** Ticks of a clock that all clients of this process share: what responded before another was invoked came before it. */
  invoked: number;
  responded: number;
}
export type ActEvent = Took & { did: 'act'; of: Of; act: Act; actor: string; answer: object };
export type ReadEvent = Took & { did: 'read'; of: Of; balance: BalanceView };
export type FreezeEvent = Took & { did: 'freeze' | 'thaw'; of: Of };
export type StepEvent = Took & { did: 'step'; shows: Micros };
export type Event = ActEvent | ReadEvent | FreezeEvent | StepEvent;

const BOOK = BOOKS[0];
const creditsOf = (amount: Amount): bigint =>
  typeof amount === 'bigint' ? amount : amount === 'all' ? 8n : 15n;

/** Clients that act on two wallets at once, each one act after the other, as two processes would. Ids are the ledger's. */
export class Crowd {
  readonly events: Event[] = [];
  #ticks = 0;
  #clock: Micros = DAWN;
  readonly #names = new Names();
  readonly #keyed: KeyedAct[] = [];
  readonly #holds: string[] = [];
  readonly #transfers: string[] = [];

  constructor(
    readonly processes: readonly [Db, Db],
    readonly cast: Cast,
  ) {}

  get wallets(): Of[] {
    return this.cast.customers.map((customerId) => ({ book: BOOK, customerId }));
  }

  async client(n: number, commands: readonly Command[]): Promise<void> {
    const db = this.processes[n % 2 === 0 ? 0 : 1];
    for (const command of commands) await this.#do(db, command, n);
  }

  async #do(db: Db, command: Command, n: number): Promise<void> {
    const of = this.#of(command);
    switch (command.act) {
      case 'step': {
        const by = typeof command.by === 'bigint' && command.by > 0n ? command.by : SECOND;
        const { value: shows, took } = await this.#timed(() => stepTestClock(db, by));
        this.#clock = shows;
        this.events.push({ ...took, did: 'step', shows });
        return;
      }
      case 'freeze':
      case 'thaw': {
        // One client alone freezes and thaws, so that the order of it is known.
        if (n > 0) return this.#read(db, of);
        const change = command.act === 'freeze' ? freeze : thaw;
        const input = { ...of, cause: 'staff', actor: 'random' };
        const { took } = await this.#timed(() =>
          inTransaction<object>(db, command.act, (tx) => change(tx, input)),
        );
        this.events.push({ ...took, did: command.act, of });
        return;
      }
      case 'book due':
        await bookDue(db);
        return this.#read(db, of);
      case 'grant':
      case 'grant payment':
      case 'spend':
      case 'hold':
      case 'capture':
      case 'release':
      case 'reverse':
      case 'adjust':
      case 'claim':
      case 'again':
      case 'reuse key': {
        const act = this.#actOf(command, of);
        return act ? this.#ask(db, act) : this.#read(db, of);
      }
      default:
        assertNever(command);
    }
  }

  async #ask(db: Db, act: Act): Promise<void> {
    const actor = `client ${this.#ticks}`;
    const { value: answer, took } = await this.#timed(() => askLedger(db, this.#names, act, actor));
    const of = this.#ofAct(act);
    this.events.push({ ...took, did: 'act', of, act, actor, answer });
    if (act.act === 'claim' || !('transferId' in answer) || !('recordedAt' in answer)) return;
    this.#keyed.push(act);
    this.#transfers.push(String(answer.transferId));
    this.#owners.set(String(answer.transferId), of);
    if (act.act === 'hold' && 'holdId' in answer) {
      this.#holds.push(String(answer.holdId));
      this.#owners.set(String(answer.holdId), of);
    }
  }

  async #read(db: Db, of: Of): Promise<void> {
    const { value: balance, took } = await this.#timed(() => readBalance(db, of));
    this.events.push({ ...took, did: 'read', of, balance });
  }

  async #timed<T>(work: () => Promise<T>): Promise<{ value: T; took: Took }> {
    const invoked = (this.#ticks += 1);
    const value = await work();
    return { value, took: { invoked, responded: (this.#ticks += 1) } };
  }

  readonly #owners = new Map<string, Of>();

  #of(command: Command): Of {
    const isOther = 'who' in command && (command.who.customer !== 0 || command.who.book !== BOOK);
    return { book: BOOK, customerId: this.cast.customers[isOther ? 1 : 0] };
  }

  #ofAct(act: Act): Of {
    if ('customerId' in act) return { book: BOOK, customerId: act.customerId };
    const owner = this.#owners.get(act.act === 'reverse' ? act.transferId : act.holdId);
    if (!owner) throw new Error('A client asked for what nobody has.');
    return owner;
  }

  /** The act that a command is, by what the clients know by now; undefined when they know nothing to do it to. */
  #actOf(
    command: Exclude<Command, { act: 'step' | 'freeze' | 'thaw' | 'book due' }>,
    of: Of,
  ): Act | undefined {
    const key = `${this.cast.customers[0]}:${this.#ticks}`;
    switch (command.act) {
      case 'grant': {
        const { amount, lotKind, priority, life } = command;
        const expiresAt = expiryOf(this.#clock, life);
        return { act: 'grant', ...of, key, amount, lotKind, priority, expiresAt, paymentId: null };
      }
      case 'grant payment': {
        const paymentId = this.#paymentOf(of, command.payment);
        // Every look at a payment asks for the same grant.
        const terms = { lotKind: 'pack', priority: 50, expiresAt: expiryOf(DAWN, 6n * SECOND) } as const;
        return { act: 'grant', ...of, key: `grant:${paymentId}`, amount: SOLD, ...terms, paymentId };
      }
      case 'spend':
        return { act: 'spend', ...of, key, amount: creditsOf(command.amount) };
      case 'hold':
        return { act: 'hold', ...of, key, amount: creditsOf(command.amount), expiresIn: command.life };
      case 'capture':
      case 'release': {
        const holdId = nth(this.#holds, command.hold);
        if (holdId === undefined) return undefined;
        if (command.act === 'release') return { act: 'release', book: BOOK, key, holdId };
        return { act: 'capture', book: BOOK, key, holdId, amount: creditsOf(command.amount) };
      }
      case 'reverse': {
        const transferId = nth(this.#transfers, command.transfer);
        return transferId === undefined ? undefined : { act: 'reverse', book: BOOK, key, transferId };
      }
      case 'adjust': {
        const amount = creditsOf(command.amount);
        return {
          act: 'adjust',
          ...of,
          key,
          direction: command.direction,
          amount,
          expiresAt: NEVER,
          expectedSeq: null,
        };
      }
      case 'claim':
        return {
          act: 'claim',
          ...of,
          paymentId: this.#paymentOf(of, command.payment),
          sold: SOLD,
          ...command.levels,
        };
      case 'again':
        return nth(this.#keyed, command.nth);
      case 'reuse key': {
        const known = nth(this.#keyed, command.nth);
        // A key belongs to its wallet here: then each wallet has an order of its own.
        return (
          known &&
          reusing(
            { ...this.cast, customers: [this.#ofAct(known).customerId, ''] },
            known,
            command.change === 'customer' ? 'act' : command.change,
          )
        );
      }
    }
  }

  #paymentOf({ customerId }: Of, n: number): string {
    const own = this.cast.payments.filter((one) => one.book === BOOK && one.customerId === customerId);
    return nth(own, n)?.id ?? '';
  }
}
