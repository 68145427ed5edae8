import { type Db } from '~/platform/db.server';

import { type Claim } from './claimed-event.server';

/**
 * Makes events due that wait for something which has just become known. Run after the commit: the waiting rows may be
 * held by workers whose transactions wait for ours. A lost wake-up costs the wait that those events have planned anyway.
 */
export async function wakeWaiting(db: Db, claim: Claim, linked: readonly string[]): Promise<void> {
  if (linked.length === 0) return;
  await db.event.updateMany({
    where: {
      realmId: claim.realmId,
      status: 'waiting',
      waitsFor: { in: [...linked] },
      id: { not: claim.eventId },
    },
    data: { dueAt: new Date() },
  });
}
