import { asTold, translateEvent } from '~/modules/stripe/index.server';
import { decided, type DoorOutcome, type FactContext, type StripeFact } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { type Claim, type LockedEvent } from './claimed-event.server';

/** The rooms that a fact is brought to. */
export type Dispatch = (tx: Tx, fact: StripeFact, context: FactContext) => Promise<DoorOutcome>;

/** What was read from Stripe for this try, by id; undefined where the account has no such object. */
export type Known = Map<string, StripeFact | undefined>;

/** Brings an event's fact to its door. An event of another API version is not parsed: its object is asked for first. */
export async function askDoor(
  tx: Tx,
  dispatch: Dispatch,
  { claim, event, known }: { claim: Claim; event: LockedEvent; known: Known },
): Promise<{ door: DoorOutcome; fact: StripeFact | undefined }> {
  const translated = translateEvent(event);
  if (translated.outcome === 'unused') return { door: UNUSED, fact: undefined };
  const read = translated.outcome === 'read' ? known.get(translated.ref.id) : undefined;
  const fact = translated.outcome === 'fact' ? translated.fact : read && asTold(translated.type, read);
  if (fact === undefined && translated.outcome === 'read')
    return { door: { outcome: 'need', refs: [translated.ref] }, fact };
  if (fact === undefined) return { door: UNUSED, fact };
  const context: FactContext = {
    realmId: claim.realmId,
    book: event.book,
    cause: `event:${claim.eventId}`,
    at: event.created,
    evidence: [...known.values()].filter((object) => object !== undefined),
  };
  return { door: await dispatch(tx, fact, context), fact };
}

const UNUSED: DoorOutcome = decided('ignored', 'unused_object');
