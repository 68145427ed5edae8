import { verifyBookTotals, verifyInRanges, type VerifyOptions } from '../modules/ledger/index.server';
import { type Db } from '../platform/db.server';
import { seconds } from '../platform/time';
import { OperatorError } from './operator-error';

export interface Walked {
  wallets: number;
  entries: bigint;
  /** What is broken, a sentence each. */
  faults: string[];
}

/**
 * Verifies wallet after wallet, with its progress on a terminal. Interrupted, it ends after the range at hand; then, and
 * when it fails, it says the command that goes on. Totals of days are compared when the walk comes to the last wallet.
 * @throws OperatorError when interrupted, with what was found so far
 */
export async function walkLedger(
  db: Db,
  options: VerifyOptions,
  say: (sentence: string) => void,
): Promise<Walked> {
  const walked: Walked = { wallets: 0, entries: 0n, faults: [] };
  const progress = showProgress(walked);
  let next = options.from;
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    process.stderr.write('\nStopping after the wallets at hand.\n');
  };
  process.once('SIGINT', stop);
  try {
    for await (const range of verifyInRanges(db, options)) {
      walked.wallets += range.wallets;
      walked.entries += range.entries;
      walked.faults.push(
        ...range.faults.map((fault) => `Wallet ${fault.walletId}, entry ${fault.entrySeq}: ${fault.fault}.`),
      );
      next = range.next;
      progress.step(next);
      if (isStopped && next !== undefined)
        throw new OperatorError([...walked.faults, goOn('Stopped', options, next)].join('\n'));
    }
    if (options.to === undefined) walked.faults.push(...(await totalFaults(db, options)));
    return walked;
  } catch (error) {
    if (!(error instanceof OperatorError)) say([...walked.faults, goOn('Failed', options, next)].join('\n'));
    throw error;
  } finally {
    progress.end();
    process.off('SIGINT', stop);
  }
}

async function totalFaults(db: Db, { book }: VerifyOptions): Promise<string[]> {
  const faults = await verifyBookTotals(db, book);
  return faults.map(
    (fault) =>
      `Book totals differ: ${fault.book}, ${fault.day}, ${fault.account}: ${fault.rolled} rolled up, ${fault.counted} in the entries.`,
  );
}

function goOn(what: string, { to, book, batch }: VerifyOptions, next: string | undefined): string {
  const options = { from: next, to, book, batch };
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`],
  );
  return `${what} before the end. To go on: npm run credence -- ledger verify ${words.join(' ')}`.trimEnd();
}

/** One line that is written over, on a terminal only. */
function showProgress(walked: Walked): { step: (next: string | undefined) => void; end: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { step: () => undefined, end: () => undefined };
  const startedAt = performance.now();
  return {
    step: (next) => {
      const passed = Math.max(1, performance.now() - startedAt) / seconds(1);
      const rate = Math.round(Number(walked.entries) / passed);
      const place = next === undefined ? '' : `, at ${next}`;
      stderr.write(
        `\r\x1b[K${walked.wallets.toLocaleString('en')} wallets, ${walked.entries.toLocaleString('en')} entries, ${rate.toLocaleString('en')} entries/s${place}`,
      );
    },
    end: () => void stderr.write('\r\x1b[K'),
  };
}
