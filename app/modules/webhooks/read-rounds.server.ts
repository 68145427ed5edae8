import { type ObjectRef, type StripeFact } from '~/modules/stripe/shared';

import { type Known } from './ask-door.server';
import { type Verdict } from './record-attempt.server';

/** Reads an object with the key of one realm; undefined when its account has none of that id. */
export interface RealmReader {
  realmId: string;
  readObject: (ref: ObjectRef) => Promise<StripeFact | undefined>;
}

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
  { reader, realmId }: { reader: RealmReader; realmId: string },
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
      const why = whyUnreadable(reader.realmId === realmId, known, error.refs);
      if (why) return await stuck(why);
      for (const ref of error.refs) known.set(ref.id, readSince(error.at, await reader.readObject(ref)));
    }
  }
}

/** Of two reads of a subscription the one that began later tells how it stands. */
const readSince = (at: Date, fact: StripeFact | undefined): StripeFact | undefined =>
  fact?.kind === 'subscription' ? { ...fact, readAt: at } : fact;

/** Why reading would not help: a person must look. */
function whyUnreadable(hasKey: boolean, known: Known, refs: readonly ObjectRef[]): Verdict | undefined {
  const names = refs.map((ref) => ref.id).join(', ');
  if (!hasKey)
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
