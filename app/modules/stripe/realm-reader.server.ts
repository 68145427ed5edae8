import { type HeldRealm, settingsOf } from './held-realms.server';
import { hasEvent } from './list-events.server';
import { readObject } from './read-object.server';
import { type ObjectRef, type StripeFact } from './shared';

/** Reads with the key of one realm. */
export interface RealmReader {
  realmId: string;
  /** Undefined when its account has no object of that id. */
  readObject: (ref: ObjectRef) => Promise<StripeFact | undefined>;
  /** Whether its account has an event. Without it secrets are taken for what they are said to be. */
  hasEvent?: (id: string) => Promise<boolean>;
}

/** The reader of a row's realm; undefined when its key is not held. */
export type ReaderOf = (realmId: string) => Promise<RealmReader | undefined>;

export const readerWith = ({ realm, settings }: HeldRealm): Required<RealmReader> => ({
  realmId: realm.id,
  readObject: (ref) => readObject(settings, ref),
  hasEvent: (id) => hasEvent(settings, id),
});

/** By the keys of this process. */
export const heldReader: ReaderOf = async (realmId) => {
  const key = await settingsOf(realmId);
  return key.outcome === 'held' ? readerWith(key) : undefined;
};
