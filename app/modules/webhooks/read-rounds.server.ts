import { type RealmReader } from '~/modules/stripe/index.server';
import { type ObjectRef, type StripeFact } from '~/modules/stripe/shared';

import { type Known } from './ask-door.server';
import { type Verdict } from './record-attempt.server';

/** The reason of an event that waits for its realm's key. */
export const NO_KEY = 'no_key_of_realm';

/** Rounds of reading that one try may take. */
const MAX_ROUNDS = 5;

/** Ends a transaction so that nothing of it is kept, because Stripe is read first. */
export class ReadFirst extends Error {
  constructor(
    readonly refs: readonly ObjectRef[],
    /** By the database's clock: what is read after this shows all that happened before it. */
    readonly at: Date,
  ) {
    super('Stripe is read first');
  }
}

/**
 * Runs a try until it asks for nothing more. Stripe is read between its transactions, never inside one, and only with the
 * key of the event's own realm; where reading would not help, `stuck` ends it.
 */
export async function inRounds<T>(
  { reader, realmId }: { reader: RealmReader | undefined; realmId: string },
  run: (known: Known) => Promise<T>,
  stuck: (verdict: Verdict) => Promise<T>,
): Promise<T> {
  const known: Known = new Map();
  for (let round = 1; ; round += 1) {
    try {
      return await run(known);
    } catch (error) {
      if (!(error instanceof ReadFirst)) throw error;
      if (round > MAX_ROUNDS) throw new Error('The door asks for ever more objects.', { cause: error });
      if (reader?.realmId !== realmId) return await stuck(noKey(error.refs));
      const why = whyUnreadable(known, error.refs);
      if (why) return await stuck(why);
      for (const ref of error.refs) known.set(ref.id, readSince(error.at, await reader.readObject(ref)));
    }
  }
}

/** Of two reads of a subscription the one that began later tells how it stands. */
const readSince = (at: Date, fact: StripeFact | undefined): StripeFact | undefined =>
  fact?.kind === 'subscription' ? { ...fact, readAt: at } : fact;

const namesOf = (refs: readonly ObjectRef[]) => refs.map((ref) => ref.id).join(', ');

/** It rests until the key is held: then it runs again by itself. */
export const noKey = (refs: readonly ObjectRef[]): Verdict =>
  quarantined(NO_KEY, `needs ${namesOf(refs)}, which only the key of its own realm may read`);

/** Why reading would not help: a person must look. */
function whyUnreadable(known: Known, refs: readonly ObjectRef[]): Verdict | undefined {
  if (refs.every((ref) => known.has(ref.id)))
    return quarantined('object_missing', `needs ${namesOf(refs)}, which Stripe does not have`);
  return undefined;
}

const quarantined = (code: string, detail: string): Verdict => ({
  status: 'quarantined',
  code,
  detail,
  effects: [],
});
