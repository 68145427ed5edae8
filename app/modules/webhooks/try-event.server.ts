import { idsOfFact } from '~/modules/stripe/index.server';
import { type ObjectRef, type StripeFact } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { askDoor, type Dispatch, type Known } from './ask-door.server';
import { type Claim, lockClaimed } from './claimed-event.server';
import { recordAttempt, type Verdict } from './record-attempt.server';
import { verdictOf } from './verdict.server';

/** Reads an object with the key of one realm; undefined when its account has none of that id. */
export interface RealmReader {
  realmId: string;
  readObject: (ref: ObjectRef) => Promise<StripeFact | undefined>;
}

export interface TryDeps {
  db: Db;
  reader: RealmReader;
  dispatch: Dispatch;
}

export type TryOutcome =
  /** `linked` are the ids that became known by it. */
  | { outcome: 'decided'; verdict: Verdict; type: string; linked: string[] }
  /** Another worker has this event now. */
  | { outcome: 'lost' };

/** Rounds of reading that one try may take. */
const MAX_ROUNDS = 5;

/** Ends a transaction so that nothing of it is kept, because Stripe is read first. */
class ReadFirst extends Error {
  constructor(readonly refs: readonly ObjectRef[]) {
    super('Stripe is read first');
  }
}

/**
 * One try: the door's effects, the event's move and the attempt commit together or not at all. Stripe is read between
 * transactions, never inside one, and only with the key of the event's own realm.
 */
export async function tryEvent(deps: TryDeps, claim: Claim, startedAt: Date): Promise<TryOutcome> {
  const known: Known = new Map();
  for (let round = 1; ; round += 1) {
    try {
      return await inTransaction(deps.db, 'process event', (tx) => decide(tx, deps, claim, known, startedAt));
    } catch (error) {
      if (!(error instanceof ReadFirst)) throw error;
      if (round > MAX_ROUNDS) throw new Error('The door asks for ever more objects.', { cause: error });
      const stuck = whyUnreadable(deps, claim, known, error.refs);
      if (stuck) return inTransaction(deps.db, 'hold event', (tx) => hold(tx, claim, stuck, startedAt));
      for (const ref of error.refs) known.set(ref.id, await deps.reader.readObject(ref));
    }
  }
}

async function decide(
  tx: Tx,
  deps: TryDeps,
  claim: Claim,
  known: Known,
  startedAt: Date,
): Promise<TryOutcome> {
  const event = await lockClaimed(tx, claim);
  if (event === undefined) return { outcome: 'lost' };
  const { door, fact } = await askDoor(tx, deps.dispatch, { claim, event, known });
  if (door.outcome === 'need') throw new ReadFirst(door.refs);
  const verdict = verdictOf(door, { tries: claim.try, firstTryAt: event.firstTryAt, now: new Date() });
  if (verdict.status === 'waiting' && 'readParent' in verdict) {
    const parent = verdict.readParent;
    if (parent && !known.has(parent.id) && deps.reader.realmId === claim.realmId)
      throw new ReadFirst([parent]);
  }
  if (!(await recordAttempt(tx, claim, verdict, startedAt))) throw new Error('A locked event moved.');
  return { outcome: 'decided', verdict, type: event.type, linked: fact === undefined ? [] : idsOfFact(fact) };
}

/** Why reading would not help: a person must look. */
function whyUnreadable(
  deps: TryDeps,
  claim: Claim,
  known: Known,
  refs: readonly ObjectRef[],
): Verdict | undefined {
  const names = refs.map((ref) => ref.id).join(', ');
  if (deps.reader.realmId !== claim.realmId)
    return quarantined('no_key_of_realm', `needs ${names}, which only the key of its own realm may read`);
  if (refs.every((ref) => known.has(ref.id)))
    return quarantined('object_missing', `needs ${names}, which Stripe does not have`);
  return undefined;
}

const quarantined = (code: string, detail: string): Verdict => ({
  status: 'quarantined',
  code,
  detail,
  effects: [],
});

async function hold(tx: Tx, claim: Claim, verdict: Verdict, startedAt: Date): Promise<TryOutcome> {
  const event = await lockClaimed(tx, claim);
  if (event === undefined) return { outcome: 'lost' };
  await recordAttempt(tx, claim, verdict, startedAt);
  return { outcome: 'decided', verdict, type: event.type, linked: [] };
}
