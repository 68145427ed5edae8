import { type Reconciler } from '~/modules/reconciliation/index.server';
import { createPacer, type HeldRealm, readerWith } from '~/modules/stripe/index.server';
import { checkAbout } from '~/modules/webhooks/index.server';
import { type Db } from '~/platform/db.server';

import { dispatchFact } from './dispatch.server';

/** Joins the reconciler of one realm to its key, and to the doors that its events come to. */
export function reconcilerOf(
  db: Db,
  held: HeldRealm,
  { now = () => new Date(), perSecond }: { now?: () => Date; perSecond?: number } = {},
): Reconciler {
  const { realm, settings } = held;
  const reader = readerWith(held);
  return {
    ...{ db, settings, realm, now },
    readObject: (ref) => reader.readObject(ref),
    pacer: createPacer({ mode: realm.mode, ...(perSecond === undefined ? {} : { perSecond }) }),
    bring: async (about, { actor, reason }) => {
      await checkAbout({ db, dispatch: dispatchFact }, { realms: [held], about, actor, reason });
    },
  };
}
