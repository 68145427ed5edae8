import { type Decision } from '~/modules/stripe/shared';
import { type Tx } from '~/platform/db.server';

import { type Claim } from './claimed-event.server';
import { statesBefore } from './state';

/** Where a try leaves its event. */
export type Verdict =
  | { status: 'done'; decision: Decision; reason: string; effects: string[] }
  | { status: 'waiting'; delay: number; waitsFor: string }
  | { status: 'waiting'; delay: number; code: string; detail: string }
  | { status: 'quarantined' | 'dead'; code: string; detail: string; effects: string[] };

/**
 * Moves the event and writes the try, or neither: the move happens only while this claim is the latest. One statement,
 * for every event ends with it.
 * @returns whether it happened
 */
export async function recordAttempt(
  tx: Tx,
  claim: Claim,
  verdict: Verdict,
  startedAt: Date,
): Promise<boolean> {
  const endedAt = new Date();
  const { decision, reason, waitsFor, dueAt, decidedAt } = moveOf(verdict, endedAt);
  const { code, detail, effects } = outcomeOf(verdict);
  const written = await tx.$executeRaw`
    WITH moved AS (
      UPDATE event SET status = ${verdict.status}::event_status, decision = coalesce(${decision}::event_decision, decision),
        reason = ${reason}, waits_for = ${waitsFor}, due_at = coalesce(${dueAt}::timestamptz, due_at),
        decided_at = coalesce(${decidedAt}::timestamptz, decided_at), claimed_at = NULL
      WHERE realm = ${claim.realmId} AND id = ${claim.eventId} AND run = ${claim.run} AND tries = ${claim.try}
        AND status = ANY (${statesBefore(verdict.status)}::event_status[])
      RETURNING realm, id
    )
    INSERT INTO attempt (realm, event, run, n, started_at, ended_at, outcome, code, detail, effects)
    SELECT realm, id, ${claim.run}, ${claim.try}, ${startedAt}::timestamptz, ${endedAt}::timestamptz, ${verdict.status}, ${code}, ${detail},
      ${effects}::text[]
    FROM moved`;
  return written === 1;
}

interface Moved {
  decision: string | null;
  reason: string;
  waitsFor: string | null;
  dueAt: Date | null;
  decidedAt: Date | null;
}

/** How the event stands then; what is null of decision and times stays as it was. */
function moveOf(verdict: Verdict, now: Date): Moved {
  switch (verdict.status) {
    case 'done': {
      const decision = verdict.decision === 'noop' ? 'no-op' : verdict.decision;
      return { decision, reason: verdict.reason, waitsFor: null, dueAt: null, decidedAt: now };
    }
    case 'waiting': {
      const waits = { decision: null, dueAt: new Date(now.getTime() + verdict.delay), decidedAt: null };
      return 'waitsFor' in verdict
        ? { ...waits, waitsFor: verdict.waitsFor, reason: 'parent_missing' }
        : { ...waits, waitsFor: null, reason: verdict.code };
    }
    case 'quarantined':
    case 'dead':
      return { decision: null, reason: verdict.code, waitsFor: null, dueAt: null, decidedAt: now };
  }
}

function outcomeOf(verdict: Verdict): { code: string; detail: string | null; effects: string[] } {
  if (verdict.status === 'done')
    return { code: verdict.decision, detail: verdict.reason, effects: verdict.effects };
  if ('waitsFor' in verdict)
    return { code: 'parent_missing', detail: `waits for ${verdict.waitsFor}`, effects: [] };
  const { code, detail } = verdict;
  return { code, detail, effects: verdict.status === 'waiting' ? [] : verdict.effects };
}
