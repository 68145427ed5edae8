import { type Db } from '~/platform/db.server';

import { verifyLedger } from '../verify-ledger.server';
import { type Run } from './commands-run';
import { type Books, readBooks } from './invariants-books';
import * as ledger from './invariants-ledger';
import * as oracle from './invariants-oracle';
import { countReached } from './invariants-reached';
import { recount } from './invariants-recount';
import { balancesAt } from './oracle-claims';
import { most } from './oracle-wallet';
import { SECOND } from './commands';

/** What rows alone can show, whoever acted and however many at once. */
export const KEPT: readonly ((kept: ledger.Kept) => void)[] = [
  ledger.aBookSumsToZero,
  ledger.aWalletIsTheSumOfItsLots,
  ledger.aWalletIsTheSumOfItsEntries,
  ledger.noAccountWasEverNegative,
  ledger.aLotAddsUpToWhatWasGranted,
  ledger.theChainVerifies,
  ledger.aKeyNamesOneAct,
  ledger.timeRisesFromActToAct,
  ledger.creditsBurnInThePublishedOrder,
  ledger.expiredCreditsAreNeverTaken,
  ledger.aHoldIsCoveredByItsParts,
  ledger.aHoldEndsOnce,
  ledger.aTransferIsReversedOnceAndWhole,
  ledger.aClaimStandsAtItsLevels,
  ledger.debtIsWhatIsOwedLessWhatWasRepaid,
  ledger.eachBookKeepsItsOwn,
];

/** What stands once all is said and done, beside the oracle. */
export const MIRRORED: readonly ((mirrored: oracle.Mirrored) => void)[] = [
  oracle.balancesAreTheOracles,
  oracle.everyEntryIsTheOracles,
  oracle.everyLotIsTheOracles,
  oracle.everyHoldIsTheOracles,
  oracle.everyDebtIsTheOracles,
];

/** What a run shows beside the oracle, instant by instant and act by act. */
const AGREED: readonly ((agreed: oracle.Agreed) => void)[] = [
  oracle.anyPastInstantReadsAsItWasAnsweredThen,
  oracle.theFutureReadsAsTodaysLotsWillLeaveIt,
  oracle.refusedActsWriteNothingButWhatWasDue,
  oracle.everyActStandsOnce,
  oracle.testCreditsNeverReachLive,
];

/** What every run of random acts must have kept, by name. */
export const EVERY_INVARIANT = [...KEPT, ...MIRRORED, ...AGREED].map(({ name }) => name);

/** Checks each of them, counts those that held under their names, and names the one that did not. */
export function check<T>(
  invariants: readonly ((seen: T) => void)[],
  seen: T,
  counts: Map<string, number>,
): void {
  for (const invariant of invariants) {
    try {
      invariant(seen);
    } catch (error) {
      throw new Error(`${invariant.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    counts.set(invariant.name, (counts.get(invariant.name) ?? 0) + 1);
  }
}

export async function keptOf(db: Db, customers: readonly string[]): Promise<ledger.Kept> {
  const books = await readBooks(db, customers);
  return { books, recount: recount(books), faults: await faultsOf(db, books) };
}

async function faultsOf(db: Db, { wallets }: Books): Promise<readonly unknown[]> {
  const [from, to] = [wallets.at(0)?.id, wallets.at(-1)?.id];
  return from === undefined || to === undefined ? [] : verifyLedger(db, { from, to });
}

const AHEAD = [1n, SECOND, 3n * SECOND, 6n * SECOND, 12n * SECOND, 40n * SECOND, 200n * SECOND];

/** What the ledger says of instants to come, beside what the oracle says of them. */
export async function foretold(run: Run): Promise<oracle.Agreed['future']> {
  const asked = run.wallets.flatMap((of) => {
    const from = most(run.now, run.walletOf(of).lastAt);
    return AHEAD.map((ahead) => ({ ...of, at: from + ahead }));
  });
  const said = await oracle.readBalancesAt(run.db, asked);
  return said.map((one, n) => {
    const of = asked[n];
    if (!of) throw new Error('The ledger answered more instants than it was asked.');
    return { said: one, expected: balancesAt(run.walletOf(of), of.at) };
  });
}

/** Checks a run that has ended. Its wallets have nothing left that could end. */
export async function checkRun(
  run: Run,
  future: oracle.Agreed['future'],
  counts: Map<string, number>,
): Promise<void> {
  const kept = await keptOf(run.db, run.cast.customers);
  const past = await oracle.readBalancesAt(run.db, run.reads);
  check(KEPT, kept, counts);
  check(MIRRORED, { ...kept, run }, counts);
  check(AGREED, { ...kept, run, past, future }, counts);
  countReached({ run }, counts);
}
