import { inTransaction, type Tx } from '~/platform/db.server';
import { sqlState } from '~/platform/db-errors.server';

import { askDoor, type Known } from './ask-door.server';
import { lockAtRest } from './claimed-event.server';
import { classifyFault } from './classify-fault.server';
import { inRounds, ReadFirst } from './read-rounds.server';
import { type Verdict } from './record-attempt.server';
import { type TryDeps } from './try-event.server';
import { verdictOf, verdictOfFault } from './verdict.server';

/** What a run would make of an event now. `busy`: somebody held what it needed for longer than a dry run waits. */
export interface Prediction {
  predicted: Verdict['status'] | 'busy';
  predictedCode: string;
  predictedDetail: string;
}

/** Postgres' code for a lock that was not had in time. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Carries the prediction out of the transaction and takes all of its effects back. */
class RolledBack extends Error {
  constructor(readonly verdict: Verdict | undefined) {
    super('A dry run keeps nothing');
  }
}

/**
 * Runs an event alone through its door in a transaction that is rolled back. Stripe is read as in a real run, and nobody
 * is kept waiting: a lock that is not free within 250 ms ends it. Undefined when the event is not at rest in this run.
 */
export async function predictEvent(
  deps: TryDeps,
  at: { realmId: string; eventId: string; run: number },
): Promise<Prediction | undefined> {
  try {
    const verdict = await inRounds(
      { reader: deps.reader, realmId: at.realmId },
      (known) => rollBack(deps, (tx) => decide(tx, deps, at, known)),
      (stuck) => Promise.resolve(stuck),
    );
    return verdict && predictionOf(verdict);
  } catch (error) {
    if (sqlState(error) === LOCK_NOT_AVAILABLE)
      return { predicted: 'busy', predictedCode: 'lock_timeout', predictedDetail: 'held by another act' };
    const now = new Date();
    const first = { tries: 1, firstTryAt: now, now, unexplained: 1 };
    return predictionOf(verdictOfFault(classifyFault(error), first));
  }
}

async function rollBack(
  deps: TryDeps,
  decideIn: (tx: Tx) => Promise<Verdict | undefined>,
): Promise<Verdict | undefined> {
  try {
    return await inTransaction(deps.db, 'predict event', async (tx) => {
      await tx.$executeRaw`SET LOCAL lock_timeout = '250ms'`;
      throw new RolledBack(await decideIn(tx));
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.verdict;
    throw error;
  }
}

async function decide(
  tx: Tx,
  deps: TryDeps,
  at: { realmId: string; eventId: string; run: number },
  known: Known,
): Promise<Verdict | undefined> {
  const event = await lockAtRest(tx, at);
  if (event === undefined) return undefined;
  const claim = { ...at, run: at.run + 1, try: 1 };
  const { door } = await askDoor(tx, deps.dispatch, { claim, event, known });
  if (door.outcome === 'need') throw new ReadFirst(door.refs, event.now);
  const now = new Date();
  return verdictOf(door, { tries: 1, firstTryAt: now, now });
}

function predictionOf(verdict: Verdict): Prediction {
  const { status: predicted } = verdict;
  if (verdict.status === 'done')
    return { predicted, predictedCode: verdict.decision, predictedDetail: verdict.reason };
  if ('waitsFor' in verdict)
    return { predicted, predictedCode: 'parent_missing', predictedDetail: `waits for ${verdict.waitsFor}` };
  return { predicted, predictedCode: verdict.code, predictedDetail: verdict.detail };
}
