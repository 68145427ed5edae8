import { listFallen } from '~/modules/ledger/index.server';
import { isPaused } from '~/modules/pauses/index.server';
import { type StripeSettings } from '~/modules/stripe/index.server';
import { type RealmView } from '~/modules/stripe/shared';
import { type Db } from '~/platform/db.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { reviewTopUp } from './review-top-up.server';

const PAGE = 100;
/** The next sweep begins a minute after this one. */
const SWEEP_FOR = seconds(50);

/**
 * Looks at every wallet that stands below what its customer agreed to: what a lost job would have bought, what a cap held
 * back until the month turned.
 * @returns how many were bought
 */
export async function sweepTopUps(
  db: Db,
  settings: StripeSettings,
  { realm, now }: { realm: RealmView; now: Date },
): Promise<number> {
  if (await isPaused(db, { book: realm.mode, work: 'top_ups' })) return 0;
  const until = Date.now() + SWEEP_FOR;
  let bought = 0;
  let page: string[];
  let after = '';
  do {
    page = await listFallen(db, { book: realm.mode, after, take: PAGE });
    for (const customerId of page) {
      after = customerId;
      try {
        const { outcome } = await reviewTopUp(db, settings, { realm, customerId, now });
        if (outcome === 'bought') bought += 1;
      } catch (error) {
        // One that cannot be looked at must not keep the others from it.
        log.error('top-up not reviewed', { customer: customerId, error: String(error) });
      }
    }
  } while (page.length === PAGE && Date.now() < until);
  return bought;
}
