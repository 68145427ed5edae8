import { isDeepStrictEqual } from 'node:util';

import { type Act, asSaid, askOracle, inOracleWords, Names } from './commands-ask';
import { type ActEvent, type Event, type ReadEvent, type StepEvent } from './commands-concurrent';
import { type Of } from './commands-resolve';
import { assertSame, worded } from './commands-run';
import { type Books } from './invariants-books';
import { type Beside } from './invariants-oracle';
import { Oracle } from './oracle';
import { balances, type Micros, type OracleWallet } from './oracle-wallet';
import { DAWN } from './test-clock';

/** One instant at which a wallet's rows were written: by an act, or because something was due. */
interface Position {
  at: Micros;
  event: ActEvent | undefined;
}

const isSame = (a: Of, b: Of) => a.book === b.book && a.customerId === b.customerId;
const SYSTEM = /^(expire|hold|claim|repay):/;

const isFirst = ({ answer }: ActEvent): boolean =>
  'outcome' in answer && answer.outcome !== 'replayed' && answer.outcome !== 'already_reversed';
const transferIdOf = ({ answer }: ActEvent): unknown => ('transferId' in answer ? answer.transferId : null);

/** Claims of several payments at one instant: each payment's stay in their order, and none comes before what had responded. */
function inRealTime(claims: readonly ActEvent[]): ActEvent[] {
  const left = [...claims];
  const paymentOf = ({ act }: ActEvent) => (act.act === 'claim' ? act.paymentId : null);
  const next = () =>
    left.findIndex(
      (one, n) =>
        !left.slice(0, n).some((before) => paymentOf(before) === paymentOf(one)) &&
        !left.some((other) => other.responded < one.invoked),
    );
  const order: ActEvent[] = [];
  for (let n = next(); n >= 0; n = next()) order.push(...left.splice(n, 1));
  return [...order, ...left];
}

/**
 * The order in which a wallet's rows say that its acts happened. Levels that changed and moved nothing leave the
 * wallet's time as it was: what moved at the same instant came after them.
 */
function positionsOf(books: Books, events: readonly ActEvent[], of: Of): Position[] {
  const wallet = books.wallets.find((row) => row.book === of.book && row.customer === of.customerId);
  const transfers = books.transfers.filter((row) => row.wallet === wallet?.id);
  const changes = books.changes.filter((row) => row.wallet === wallet?.id);
  const times = [...new Set([...transfers, ...changes].map((row) => row.recorded_at))];
  return times
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((at) => {
      const claims = changes.flatMap((change) =>
        change.recorded_at === at ? events.filter(({ actor }) => actor === change.actor) : [],
      );
      const asked = transfers.filter((x) => x.recorded_at === at && !SYSTEM.test(x.key));
      const others = asked.flatMap(({ id }) =>
        events.filter((one) => isFirst(one) && transferIdOf(one) === id),
      );
      const silent = inRealTime(claims.filter((event) => transferIdOf(event) === null));
      const wrote = [...claims.filter((event) => transferIdOf(event) !== null), ...others];
      if (wrote.length > 1 || others.length !== asked.length)
        throw new Error(`${wrote.length} acts say that they wrote what stands at ${at}.`);
      const all = [...silent, ...wrote].map((event): Position => ({ at, event }));
      return all.length > 0 ? all : [{ at, event: undefined }];
    });
}

/** What was asked after another had responded is written after it. */
function assertRealTime(positions: readonly Position[]): void {
  let latest = 0;
  for (const { event } of positions) {
    if (!event) continue;
    if (event.responded < latest)
      throw new Error(`This was written after what was asked later: ${worded(event)}`);
    latest = Math.max(latest, event.invoked);
  }
}

/** How many positions may have been written when an event that wrote nothing was decided. */
function windowOf(event: Event, positions: readonly Position[]): { from: number; to: number } {
  const from =
    positions.findLastIndex((one) => one.event !== undefined && one.event.responded < event.invoked) + 1;
  const later = positions.findIndex((one) => one.event !== undefined && one.event.invoked > event.responded);
  return { from, to: later === -1 ? positions.length : later };
}

/** What the clock may have shown while an event was under way. */
function clocksOf(event: Event, steps: readonly StepEvent[]): Micros[] {
  const shown = steps.filter((step) => step.invoked < event.responded);
  const past = shown.filter((step) => step.responded < event.invoked).map((step) => step.shows);
  const least = past.reduce((a, b) => (a > b ? a : b), DAWN);
  return [least, ...shown.map((step) => step.shows).filter((at) => at > least)];
}

/** Replays what several clients did at once, one act after the other, on an oracle that must have answered the same. */
export class Linear {
  readonly oracle = new Oracle();
  readonly names = new Names();
  explained = 0;

  constructor(
    readonly events: readonly Event[],
    readonly books: Books,
    readonly wallets: readonly Of[],
  ) {}

  /** The oracle as it stands at the end. */
  replay(now: Micros): Beside {
    for (const of of this.wallets) this.#replayWallet(of);
    const walletOf = ({ book, customerId }: Of): OracleWallet => this.oracle.wallet(book, customerId);
    return { oracle: this.oracle, names: this.names, wallets: [...this.wallets], walletOf, now };
  }

  #replayWallet(of: Of): void {
    const acts = this.events.filter((event) => event.did === 'act').filter((event) => isSame(event.of, of));
    const positions = positionsOf(this.books, acts, of);
    assertRealTime(positions);
    const placed = new Set<Event>(positions.flatMap(({ event }) => event ?? []));
    const reads = this.events.filter((event) => event.did === 'read').filter((event) => isSame(event.of, of));
    let open = [...acts, ...reads]
      .filter((event) => !placed.has(event) && !this.#isFrozen(event))
      .map((event) => ({ event, ...windowOf(event, positions) }));
    for (let done = 0; done <= positions.length; done += 1) {
      open = open.filter(({ event, from, to }) => !(from <= done && done <= to && this.#explains(event)));
      const position = positions[done];
      if (position) this.#place(of, position);
    }
    this.explained += acts.length + reads.length;
    if (open.length > 0) throw new Error(`No order of the acts explains ${worded(open[0])}`);
  }

  #place(of: Of, { at, event }: Position): void {
    if (!event) {
      this.oracle.bookAt(of, at);
      return;
    }
    const expected = asSaid(askOracle(this.oracle, at, this.#own(event.act)));
    assertSame(`${event.act.act} at ${at}`, inOracleWords(event.answer, expected, this.names), expected);
  }

  /** Whether the oracle, as it stands now, would answer the same and write nothing. */
  #explains(event: ActEvent | ReadEvent): boolean {
    if (event.did === 'read') {
      const steps = this.events.filter((one) => one.did === 'step');
      return clocksOf(event, steps).some((clock) => {
        const { frozen } = event.balance;
        return isDeepStrictEqual(event.balance, { ...this.oracle.readBalance(clock, event.of), frozen });
      });
    }
    const fork = this.oracle.fork();
    const wallet = fork.wallet(event.of.book, event.of.customerId);
    const before = balances(wallet).seq;
    // What was due by the last position is booked: a moment later, something else might be.
    wallet.lastAt -= 1n;
    const expected = asSaid(askOracle(fork, 0n, this.#own(event.act)));
    const answer = inOracleWords(event.answer, expected, this.names.fork());
    if (event.act.act === 'claim') expected.moved = answer.moved ?? null;
    return isDeepStrictEqual(answer, expected) && balances(wallet).seq === before;
  }

  #own(act: Act): Act {
    if (act.act === 'reverse')
      return { ...act, transferId: this.names.own(act.transferId) ?? act.transferId };
    if (act.act !== 'capture' && act.act !== 'release') return act;
    return { ...act, holdId: this.names.own(act.holdId) ?? act.holdId };
  }

  /** An act that a freeze refused: then some freeze stood, or may have. */
  #isFrozen(event: Event): boolean {
    return event.did === 'act' && 'outcome' in event.answer && event.answer.outcome === 'frozen';
  }
}

/** One client froze and thawed: what spent had a moment without a freeze, and what was refused had one with it. */
export function assertFreezesHeld(events: readonly Event[]): void {
  const acts = events.filter((event) => event.did === 'act');
  for (const event of acts) {
    const changes = events.filter(
      (one) => (one.did === 'freeze' || one.did === 'thaw') && isSame(one.of, event.of),
    );
    const before = changes.filter((one) => one.responded < event.invoked).at(-1);
    const during = changes.filter((one) => one.responded > event.invoked && one.invoked < event.responded);
    const outcome = 'outcome' in event.answer ? event.answer.outcome : undefined;
    const was = before?.did === 'freeze';
    if (outcome === 'frozen' && !was && !during.some((one) => one.did === 'freeze'))
      throw new Error(`No freeze stood: ${worded(event)}`);
    if ((outcome === 'spent' || outcome === 'held') && was && !during.some((one) => one.did === 'thaw'))
      throw new Error(`A freeze stood: ${worded(event)}`);
  }
}
