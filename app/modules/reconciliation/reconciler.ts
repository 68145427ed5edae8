import { type Pacer, type StripeSettings } from '~/modules/stripe/index.server';
import { type ObjectRef, type RealmView, type StripeFact } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { minutes } from '~/platform/time';

/** One realm as it is reconciled: its database, its key, and the doors that what is found is brought to. */
export interface Reconciler {
  db: Db;
  settings: StripeSettings;
  realm: RealmView;
  pacer: Pacer;
  /** Reads an object as it stands now; undefined when the account has none of that id. */
  readObject: (ref: ObjectRef) => Promise<StripeFact | undefined>;
  /**
   * Reads at Stripe what hangs on an object and brings each fact to the door that its events come to.
   * @throws StripeError when Stripe does not answer; what was brought until then stands
   */
  bring: (about: string, by: { actor: string; reason: string }) => Promise<void>;
  now: () => Date;
}

/** What is younger than this, or was told of by Stripe since, is on its way and no difference. */
export const PATIENCE = minutes(5);
