import { type Decision } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { type Claim } from './claimed-event.server';
import { type EventStatus, statesBefore } from './state';

/** Where a try leaves its event. */
export type Verdict =
  | { status: 'done'; decision: Decision; reason: string; effects: string[] }
  | { status: 'waiting'; delay: number; waitsFor: string }
  | { status: 'waiting'; delay: number; code: string; detail: string }
  | { status: 'quarantined' | 'dead'; code: string; detail: string; effects: string[] };

/**
 * Moves the event and writes the try, or neither: the move happens only while this claim is the latest.
 * @returns whether it happened
 */
export async function recordAttempt(
  tx: Tx,
  claim: Claim,
  verdict: Verdict,
  startedAt: Date,
): Promise<boolean> {
  const endedAt = new Date();
  const moved = await tx.event.updateMany({
    where: {
      realmId: claim.realmId,
      id: claim.eventId,
      run: claim.run,
      tries: claim.try,
      status: { in: statesBefore(verdict.status) },
    },
    data: { ...moveOf(verdict, endedAt), claimedAt: null },
  });
  if (moved.count !== 1) return false;
  await tx.attempt.create({
    data: {
      realmId: claim.realmId,
      eventId: claim.eventId,
      run: claim.run,
      n: claim.try,
      startedAt,
      endedAt,
      outcome: verdict.status,
      ...outcomeOf(verdict),
    },
    select: { n: true },
  });
  return true;
}

function moveOf(verdict: Verdict, now: Date) {
  const status: EventStatus = verdict.status;
  switch (verdict.status) {
    case 'done':
      return {
        status,
        decision: verdict.decision,
        reason: verdict.reason,
        waitsFor: null,
        decidedAt: now,
      };
    case 'waiting': {
      const dueAt = new Date(now.getTime() + verdict.delay);
      return 'waitsFor' in verdict
        ? { status, waitsFor: verdict.waitsFor, reason: 'parent_missing', dueAt }
        : { status, waitsFor: null, reason: verdict.code, dueAt };
    }
    case 'quarantined':
    case 'dead':
      return { status, reason: verdict.code, waitsFor: null, decidedAt: now };
  }
}

function outcomeOf(verdict: Verdict): { code: string; detail?: string; effects: string[] } {
  if (verdict.status === 'done')
    return { code: verdict.decision, detail: verdict.reason, effects: verdict.effects };
  if ('waitsFor' in verdict)
    return { code: 'parent_missing', detail: `waits for ${verdict.waitsFor}`, effects: [] };
  const { code, detail } = verdict;
  return { code, detail, effects: verdict.status === 'waiting' ? [] : verdict.effects };
}
