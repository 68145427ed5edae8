import { type Db, inTransaction } from '~/platform/db.server';

import { adjust } from '../adjust.server';
import { grant } from '../grant.server';
import { capture, hold, release } from '../holds.server';
import { reverse } from '../reverse.server';
import { settleClaim } from '../settle-claim.server';
import { spend } from '../spend.server';
import {
  type AdjustAct,
  type Answer,
  type CaptureAct,
  type ClaimAct,
  type GrantAct,
  type HoldAct,
  type Oracle,
  type ReleaseAct,
  type ReverseAct,
  type SpendAct,
} from './oracle';
import { type Micros, NEVER } from './oracle-wallet';

/** An act that a key names for all time. */
export type KeyedAct =
  | ({ act: 'grant' } & GrantAct)
  | ({ act: 'spend' } & SpendAct)
  | ({ act: 'hold' } & HoldAct)
  | ({ act: 'capture' } & CaptureAct)
  | ({ act: 'release' } & ReleaseAct)
  | ({ act: 'reverse' } & ReverseAct)
  | ({ act: 'adjust' } & AdjustAct);
export type Act = KeyedAct | ({ act: 'claim' } & ClaimAct);

export function askOracle(oracle: Oracle, now: Micros, act: Act): Answer {
  switch (act.act) {
    case 'grant':
      return oracle.grant(now, act);
    case 'spend':
      return oracle.spend(now, act);
    case 'hold':
      return oracle.hold(now, act);
    case 'capture':
      return oracle.capture(now, act);
    case 'release':
      return oracle.release(now, act);
    case 'reverse':
      return oracle.reverse(now, act);
    case 'adjust':
      return oracle.adjust(now, act);
    case 'claim':
      return oracle.settleClaim(now, act);
  }
}

/** The ids of the oracle and those of the ledger, of holds and transfers. */
export class Names {
  readonly #real = new Map<string, string>();
  readonly #own = new Map<string, string>();

  learn(own: string, real: string): void {
    this.#real.set(own, real);
    this.#own.set(real, own);
  }
  /** The same names, which may learn others. */
  fork(): Names {
    const other = new Names();
    for (const [own, real] of this.#real) other.learn(own, real);
    return other;
  }
  /** What the oracle does not know, nobody knows. */
  real = (own: string): string => this.#real.get(own) ?? own;
  own = (real: string): string | undefined => this.#own.get(real);
}

const ACTOR = 'random';
/** What every payment of a run cost: no whole price per credit. */
const PRICE = 997n;
const OCCURRED_AT = new Date('2027-01-01T00:00:00Z');
const dateOf = (at: Micros): Date | null => (at === NEVER ? null : new Date(Number(at / 1000n)));

/** Asks the ledger's own door. Each act that takes a transaction has one to itself. */
export function askLedger(db: Db, names: Names, act: Act, actor = ACTOR): Promise<object> {
  switch (act.act) {
    case 'grant': {
      const { paymentId, ...rest } = act;
      const payment = paymentId === null ? {} : { paymentId, paidMinor: PRICE, currency: 'usd' };
      const input = { ...rest, ...payment, expiresAt: dateOf(act.expiresAt), actor, occurredAt: OCCURRED_AT };
      return inTransaction(db, 'grant', (tx) => grant(tx, input));
    }
    case 'spend':
      return spend(db, { ...act, actor });
    case 'hold':
      return hold(db, { ...act, expiresIn: Number(act.expiresIn / 1000n), actor });
    case 'capture':
      return capture(db, { ...act, holdId: names.real(act.holdId), actor });
    case 'release':
      return release(db, { ...act, holdId: names.real(act.holdId), actor });
    case 'reverse':
      return reverse(db, { ...act, transferId: names.real(act.transferId), actor });
    case 'adjust': {
      const { expectedSeq, ...rest } = act;
      const expected = expectedSeq === null ? {} : { expectedSeq };
      const input = { ...rest, ...expected, expiresAt: dateOf(act.expiresAt), actor, reason: 'test' };
      return inTransaction(db, 'adjust', (tx) => adjust(tx, input));
    }
    case 'claim': {
      const { paymentId, refund, dispute, pending, indebted: owing } = act;
      const input = { paymentId, gone: { refund, dispute }, pending, owing, actor, occurredAt: OCCURRED_AT };
      return inTransaction(db, 'claim', (tx) => settleClaim(tx, input));
    }
  }
}

/** How exact a JavaScript date is. */
const MILLISECOND = 1000n;
const TIMES = new Set(['recordedAt', 'expiresAt']);
const IDS = new Set(['transferId', 'holdId']);
/** Ids that the oracle does not give. */
const UNSAID = new Set(['walletId', 'lotId']);

/** An answer of the ledger in the words of the oracle. An id that it says for the first time is the one expected. */
export function inOracleWords(answered: object, expected: Answer, names: Names): Answer {
  const answer: Answer = { outcome: '' };
  const entries: [string, unknown][] = Object.entries(answered);
  const isClaim = expected.outcome === 'settled';
  for (const [name, value] of entries) {
    if (UNSAID.has(name)) continue;
    if (isClaim && name === 'transferId') answer.moved = String(value !== null);
    else if (IDS.has(name) && typeof value === 'string') answer[name] = ownName(value, expected[name], names);
    else if (value instanceof Date) answer[name] = BigInt(value.getTime()) * MILLISECOND;
    else if (typeof value === 'bigint' || typeof value === 'string') answer[name] = value;
    else throw new Error(`The ledger answered ${name} in a way that the oracle does not know.`);
  }
  return answer;
}

function ownName(real: string, expected: Answer[string] | undefined, names: Names): string {
  const known = names.own(real);
  if (known !== undefined || typeof expected !== 'string') return known ?? real;
  if (names.real(expected) === expected) names.learn(expected, real);
  return names.own(real) ?? real;
}

/** The oracle's answer as exact as a door says it. */
export function asSaid(expected: Answer): Answer {
  const answer = { ...expected };
  for (const name of TIMES) {
    const time = answer[name];
    if (typeof time === 'bigint') answer[name] = time - (time % MILLISECOND);
  }
  return answer;
}
