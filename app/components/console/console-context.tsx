import { createContext, useContext } from 'react';
import { type PauseView, type RealmRef, type StripeDesk } from '~/modules/admin/shared';

export interface ConsoleSurroundings {
  /** The realm of this process's key: rows of other realms are marked. */
  realm: RealmRef;
  realms: RealmRef[];
  /** Realms whose key is not held: nothing can be asked of Stripe about their rows. */
  keyless: string[];
  desk: StripeDesk;
  /** Requests that wait for a second person. */
  openApprovals: number;
  /** What is paused now, in either book. */
  pauses: PauseView[];
}

export const ConsoleContext = createContext<ConsoleSurroundings | undefined>(undefined);

/** Whether staff may act here on a row of that realm: it is of the console's book, and Stripe can be asked about it. */
export const isActedOn = (
  { realm, keyless }: Pick<ConsoleSurroundings, 'realm' | 'keyless'>,
  of: Pick<RealmRef, 'id' | 'mode'>,
): boolean => of.mode === realm.mode && !keyless.includes(of.id);

/** What every page of the console stands in. */
export function useConsole(): ConsoleSurroundings {
  const surroundings = useContext(ConsoleContext);
  if (surroundings === undefined) throw new Error('This stands inside the console only.');
  return surroundings;
}
