import fc from 'fast-check';

import { type Db } from '~/platform/db.server';
import { minutes } from '~/platform/time';

import { type Command, commands, type Theme } from './commands';
import { newCast } from './commands-cast';
import { Run } from './commands-run';
import { checkRun, foretold } from './invariants';

export interface Plan {
  /** From the root: what a person runs to see a failure again. */
  file: string;
  runs: number;
  theme: Theme;
  maxLength: number;
}

/** Long enough to see every run and to shorten one that fails. */
export const TIME_FOR_ALL = minutes(8);

/**
 * The seed of this run, another each time, and how many runs. LEDGER_SEED and LEDGER_PATH play one failure again,
 * LEDGER_RUNS searches longer.
 */
function choice(runs: number): { seed: number; path?: string; numRuns: number } {
  const { LEDGER_SEED: seed, LEDGER_PATH: path, LEDGER_RUNS } = process.env;
  const numRuns = LEDGER_RUNS === undefined ? runs : Number(LEDGER_RUNS);
  if (seed === undefined) return { seed: Math.trunc(Math.random() * 2 ** 31), numRuns };
  return path === undefined ? { seed: Number(seed), numRuns } : { seed: Number(seed), path, numRuns: 1 };
}

/** Runs a property over random commands. What fails is shortened, if it fails each time, and told with the line that plays it again. */
export async function checkAll<T>(
  { file, runs, isRepeatable }: Pick<Plan, 'file' | 'runs'> & { isRepeatable: boolean },
  arbitrary: fc.Arbitrary<T>,
  one: (value: T) => Promise<void>,
  worded: (value: T) => string,
): Promise<number> {
  const chosen = choice(runs);
  const { seed } = chosen;
  const found = await fc.check(fc.asyncProperty(arbitrary, one), {
    ...chosen,
    endOnFailure: !isRepeatable,
    interruptAfterTimeLimit: TIME_FOR_ALL - minutes(1),
    markInterruptAsFailure: true,
  });
  process.stdout.write(`${file}: LEDGER_SEED=${seed}, ${found.numRuns} runs\n`);
  if (!found.failed) return found.numRuns;
  const { counterexample, counterexamplePath, errorInstance } = found;
  const line = `LEDGER_SEED=${seed} LEDGER_PATH=${counterexamplePath} npx vitest run --project integration ${file}`;
  const shortest = counterexample ? worded(counterexample[0]) : 'nothing: time ran out';
  throw new Error(`Play it again with\n  ${line}\nThe shortest that fails:\n${shortest}`, {
    cause: errorInstance,
  });
}

const wordOf = (command: Command) =>
  JSON.stringify(command, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

/** Random sequences of acts, done by the ledger and by the oracle; how often each invariant held and each place was reached. */
export async function checkRandomActs(
  db: Db,
  plan: Plan,
): Promise<{ runs: number; counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  const one = async (sequence: readonly Command[]) => {
    const run = new Run(db, await newCast(db));
    try {
      await run.setClock(run.now);
      for (const command of sequence) await run.do(command);
      const future = await foretold(run);
      await run.drain();
      await checkRun(run, future, counts);
    } catch (error) {
      // What is due in the wallets of a run that failed must not be booked in another's.
      await run.leave();
      throw error;
    }
  };
  const runs = await checkAll(
    { ...plan, isRepeatable: true },
    commands(plan.theme, plan.maxLength),
    one,
    (sequence) => sequence.map(wordOf).join('\n'),
  );
  return { runs, counts };
}
