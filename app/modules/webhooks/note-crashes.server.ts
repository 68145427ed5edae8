import { type Db } from '~/platform/db.server';

import { type Claim } from './claimed-event.server';
import { UNKNOWN_WITHIN } from './schedule';

/** Codes of tries that ended for no known reason. */
const UNEXPLAINED = ['unknown', 'crashed'];

/**
 * Writes the tries of this run that left no outcome, for their worker died or lost the claim while it hung, and counts
 * the unexplained ones of the last ten minutes. Committed by itself: a try that crashes too must not undo it.
 */
export async function noteCrashes(db: Db, claim: Claim, now: Date): Promise<number> {
  if (claim.try === 1) return 0;
  const run = { realmId: claim.realmId, eventId: claim.eventId, run: claim.run };
  const before = await db.attempt.findFirst({ where: { ...run, n: claim.try - 1 }, select: { n: true } });
  if (before === null) {
    const detail = 'no outcome was written; found by the next try';
    const lost = {
      n: claim.try - 1,
      startedAt: now,
      endedAt: now,
      outcome: 'waiting',
      code: 'crashed',
      detail,
    };
    await db.attempt.createMany({ data: [{ ...run, ...lost, effects: [] }], skipDuplicates: true });
  }
  const since = new Date(now.getTime() - UNKNOWN_WITHIN);
  return db.attempt.count({ where: { ...run, code: { in: UNEXPLAINED }, endedAt: { gt: since } } });
}
