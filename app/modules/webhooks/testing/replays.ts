import { type Db, inTransaction } from '~/platform/db.server';
import { seconds } from '~/platform/time';

import { runReplay } from '../run-replay.server';
import { type ReplayInput, startReplay } from '../start-replay.server';
import { type TryDeps } from '../try-event.server';

/** Starts a replay as staff do; what it finds nothing for is a test's mistake. */
export async function begun(
  db: Db,
  input: Omit<ReplayInput, 'actor' | 'reason' | 'dryRun'> & Partial<ReplayInput>,
) {
  const asked = { actor: 'usr_support', reason: 'tested', dryRun: false, ...input };
  const started = await inTransaction(db, 'start replay', (tx) => startReplay(tx, asked));
  if (started.outcome !== 'started') throw new Error(started.outcome);
  return started.replayId;
}

const ofReplay = ({ reader, ...deps }: TryDeps) => ({ ...deps, readerOf: () => Promise.resolve(reader) });

/** All pages at once, with nobody to wait for. */
export const toItsEnd = (deps: TryDeps, replayId: string) =>
  runReplay({ ...ofReplay(deps), sliceFor: seconds(60), patience: 0 }, replayId);

/** One page, as a job whose slice is over. */
export const onePage = (deps: TryDeps, replayId: string) =>
  runReplay({ ...ofReplay(deps), sliceFor: 0, patience: 0 }, replayId);
