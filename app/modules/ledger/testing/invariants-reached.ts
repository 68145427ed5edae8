import { type Theme } from './commands';
import { type Agreed } from './invariants-oracle';
import { type Account, type OracleEntry, type OracleWallet } from './oracle-wallet';

/** A place that random acts must have been to, or the invariants that held would say little. */
type Place = (wallet: OracleWallet) => boolean;

const some =
  (
    ...[kind, from, to]: [OracleEntry['kind'], Account | 'revoked' | null, Account | 'revoked' | null]
  ): Place =>
  ({ entries }) =>
    entries.some(
      (entry) =>
        entry.kind === kind &&
        (from === null || entry.from.startsWith(from)) &&
        (to === null || entry.to.startsWith(to)),
    );

/** Kinds that one act wrote together. */
const together =
  (...kinds: OracleEntry['kind'][]): Place =>
  ({ entries }) =>
    entries.some((entry) => kinds.every((kind) => entries.some((e) => e.at === entry.at && e.kind === kind)));

const child =
  (kind: OracleEntry['kind'], isOwn: boolean): Place =>
  ({ lots, entries }) =>
    lots.some((lot) => {
      const first = entries.find((entry) => entry.lot === lot.n);
      return lot.parent !== null && first?.kind === kind && (first.paymentId === lot.paymentId) === isOwn;
    });

const OF_ACTS: Record<string, Place> = {
  'a lot expired': some('expire', 'available', 'expired'),
  'a hold ended by itself': ({ holds }) => holds.some((hold) => hold.state === 'expired'),
  'a held part died with its lot': some('release', 'held', 'expired'),
  'a capture gave its rest back': some('capture', 'held', 'available'),
  'a capture took from a dead lot': ({ entries, lots }) =>
    entries.some(
      (e) => e.kind === 'capture' && e.to === 'spent' && (lots[e.lot ?? 0]?.expiresAt ?? 0n) <= e.at,
    ),
  'a spend booked what was due first': together('spend', 'expire'),
  'a reversal gave back to a dead lot': ({ lots, entries }) =>
    lots.some((lot) => entries.find((entry) => entry.lot === lot.n)?.kind === 'reverse'),
};

const OF_MONEY_BACK: Record<string, Place> = {
  'a claim held credits back': some('claim', 'available', 'claimed'),
  'a claim gave credits back': some('claim', 'claimed', 'available'),
  'credits were revoked': some('claim', 'available', 'revoked'),
  'what was claimed was revoked': some('claim', 'claimed', 'revoked'),
  'what was revoked came back': some('claim', 'revoked', 'available'),
  'what was revoked changed its cause': some('claim', 'revoked', 'revoked'),
  'a refund came before its grant': together('grant', 'claim'),
  'a hold ended into a claim': together('release', 'claim'),
  'a capture’s rest went into a claim': together('capture', 'claim'),
  'a reversal went into a claim': together('reverse', 'claim'),
  'a claim gave back to a dead lot': child('claim', true),
  'debt was issued': some('claim', 'debt_issued', 'debt'),
  'open debt was cancelled': some('claim', 'debt', 'debt_issued'),
  'a grant repaid debt': some('repay', 'available', 'revoked'),
  'what was repaid was returned': child('claim', false),
  'one claim moved another': ({ entries }) =>
    entries.some((a) =>
      entries.some(
        (b) => a.kind === 'claim' && b.kind === 'claim' && a.at === b.at && a.paymentId !== b.paymentId,
      ),
    ),
};

const OUTCOMES = [
  ...['granted', 'spent', 'held', 'captured', 'released', 'reversed', 'adjusted', 'settled', 'replayed'],
  ...['insufficient', 'frozen', 'key_reused', 'not_found', 'not_active', 'too_much', 'not_reversible'],
  ...['already_reversed', 'changed'],
];

/** Where runs of each theme must have been, some of them at least. */
export const PLACES: Record<Theme, readonly string[]> = {
  evenly: [...Object.keys(OF_ACTS), ...OUTCOMES],
  'money back': Object.keys(OF_MONEY_BACK),
};

/** Counts the runs that were at each place, and those that had each outcome. */
export function countReached({ run }: Pick<Agreed, 'run'>, counts: Map<string, number>): void {
  const wallets = run.wallets.map(run.walletOf);
  const places = Object.entries({ ...OF_ACTS, ...OF_MONEY_BACK });
  const reached = places.filter(([, isThere]) => wallets.some(isThere)).map(([name]) => name);
  const outcomes = new Set(run.asked.map(({ answer }) => answer.outcome));
  for (const name of [...reached, ...outcomes]) counts.set(name, (counts.get(name) ?? 0) + 1);
}
