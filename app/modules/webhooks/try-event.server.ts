import { idsOfFact, refOfId, type RealmReader } from '~/modules/stripe/index.server';
import { type DoorOutcome } from '~/modules/stripe/shared';
import { type Db, inTransaction, type Tx } from '~/platform/db.server';

import { askDoor, type Dispatch, type Known } from './ask-door.server';
import { type Claim, lockClaimed } from './claimed-event.server';
import { type EventTimes } from './measure-attempt.server';
import { proveSecret, SecretUnproven } from './prove-secret.server';
import { inRounds, noKey, ReadFirst } from './read-rounds.server';
import { recordAttempt, type Verdict } from './record-attempt.server';
import { verdictOf } from './verdict.server';

export interface TryDeps {
  db: Db;
  /** Of the realm of what is tried; undefined when its key is not held. */
  reader: RealmReader | undefined;
  dispatch: Dispatch;
}

export type TryOutcome =
  /** `linked` are the ids that became known by it. */
  | { outcome: 'decided'; verdict: Verdict; type: string; times: EventTimes; linked: string[] }
  /** Another worker has this event now. */
  | { outcome: 'lost' };

/** One try: the door's effects, the event's move and the attempt commit together or not at all. */
export async function tryEvent(deps: TryDeps, claim: Claim, startedAt: Date): Promise<TryOutcome> {
  try {
    return await tryInRounds(deps, claim, startedAt);
  } catch (error) {
    const hasEvent = deps.reader?.hasEvent;
    if (!(error instanceof SecretUnproven) || hasEvent === undefined) throw error;
    const { fingerprint } = error;
    const verdict = await proveSecret(deps.db, hasEvent, { claim, fingerprint });
    if (verdict === undefined) return tryInRounds(deps, claim, startedAt);
    return inTransaction(deps.db, 'hold event', (tx) => hold(tx, claim, verdict, startedAt));
  }
}

function tryInRounds(deps: TryDeps, claim: Claim, startedAt: Date): Promise<TryOutcome> {
  return inRounds(
    { reader: deps.reader, realmId: claim.realmId },
    (known) => inTransaction(deps.db, 'process event', (tx) => decide(tx, deps, claim, known, startedAt)),
    (stuck) => inTransaction(deps.db, 'hold event', (tx) => hold(tx, claim, stuck, startedAt)),
  );
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
  const isReadable = deps.reader?.realmId === claim.realmId;
  if (isReadable && deps.reader?.hasEvent && event.unprovenSecret !== undefined)
    throw new SecretUnproven(event.unprovenSecret);
  const { door, fact } = await askDoor(tx, deps.dispatch, { claim, event, known });
  if (door.outcome === 'need') throw new ReadFirst(door.refs, event.now);
  const judged = verdictOf(door, { tries: claim.try, firstTryAt: event.firstTryAt, now: new Date() });
  if (isReadable && judged.status === 'waiting' && 'readParent' in judged) {
    const { readParent: parent } = judged;
    if (parent !== undefined && !known.has(parent.id)) throw new ReadFirst([parent], event.now);
  }
  const verdict: Verdict = isReadable ? judged : (unasked(door, judged) ?? judged);
  if (!(await recordAttempt(tx, claim, verdict, startedAt))) throw new Error('A locked event moved.');
  return {
    ...{ outcome: 'decided', verdict, type: event.type, times: event },
    linked: fact === undefined ? [] : idsOfFact(fact),
  };
}

/** A parent that stayed away and that nobody could ask Stripe for: its event rests until the key is held. */
function unasked(door: DoorOutcome, judged: Verdict): Verdict | undefined {
  const parent = door.outcome === 'waits' ? refOfId(door.waitsFor) : undefined;
  return parent !== undefined && judged.status === 'quarantined' ? noKey([parent]) : undefined;
}

async function hold(tx: Tx, claim: Claim, verdict: Verdict, startedAt: Date): Promise<TryOutcome> {
  const event = await lockClaimed(tx, claim);
  if (event === undefined) return { outcome: 'lost' };
  await recordAttempt(tx, claim, verdict, startedAt);
  return { outcome: 'decided', verdict, type: event.type, times: event, linked: [] };
}
