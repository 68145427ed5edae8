import { setTimeout as pause } from 'node:timers/promises';

import { type Db, inTransaction } from '~/platform/db.server';
import { isConnectionFault } from '~/platform/db-errors.server';
import { log } from '~/platform/log.server';
import { seconds } from '~/platform/time';

import { type Claim } from './claimed-event.server';
import { classifyFault, type Fault } from './classify-fault.server';
import { measureAttempt } from './measure-attempt.server';
import { noteCrashes } from './note-crashes.server';
import { recordAttempt, type Verdict } from './record-attempt.server';
import { UNKNOWN_TRIES } from './schedule';
import { type TryDeps, tryEvent, type TryOutcome } from './try-event.server';
import { verdictOfFault } from './verdict.server';
import { wakeWaiting } from './wake-waiting.server';

/** Takes a claimed event to the end of this try. Every way a try can end is written, the failed ones too. */
export async function processEvent(deps: TryDeps, claim: Claim): Promise<void> {
  const startedAt = new Date();
  let unexplained = 0;
  let ended: TryOutcome;
  try {
    unexplained = await noteCrashes(deps.db, claim, startedAt);
    ended =
      unexplained >= UNKNOWN_TRIES
        ? await giveUp(deps.db, claim, CRASHED, unexplained, startedAt)
        : await tryEvent(deps, claim, startedAt);
  } catch (error) {
    const fault = classifyFault(error);
    ended = await giveUp(deps.db, claim, fault, unexplained + 1, startedAt);
  }
  report(claim, ended, startedAt);
  if (ended.outcome === 'decided' && isApplied(ended.verdict)) await wake(deps.db, claim, ended.linked);
}

/** The event has its outcome: a fault here costs others the wait that they have planned, and it nothing. */
async function wake(db: Db, claim: Claim, linked: readonly string[]): Promise<void> {
  try {
    await wakeWaiting(db, claim, linked);
  } catch (error) {
    log.warn('waiting events not woken', { event: claim.eventId, error: String(error) });
  }
}

const CRASHED: Fault = {
  kind: 'unknown',
  code: 'crashed',
  detail: 'too many tries ended without an outcome',
};

const isApplied = (verdict: Verdict) => verdict.status === 'done' && verdict.decision === 'applied';

/** How long a fault is kept in hand while the database is away: less than the claim lasts. */
const HOLD_FAULT = seconds(25);

/** Writes a failed try and when the next one is due. */
async function giveUp(
  db: Db,
  claim: Claim,
  fault: Fault,
  unexplained: number,
  startedAt: Date,
): Promise<TryOutcome> {
  for (;;) {
    try {
      return await inTransaction(db, 'record failed try', async (tx) => {
        const key = { realmId_id: { realmId: claim.realmId, id: claim.eventId } };
        const event = await tx.event.findUniqueOrThrow({
          where: key,
          select: { type: true, firstTryAt: true, created: true, receivedAt: true },
        });
        const verdict = verdictOfFault(fault, {
          tries: claim.try,
          firstTryAt: event.firstTryAt ?? startedAt,
          now: new Date(),
          unexplained,
        });
        const isMine = await recordAttempt(tx, claim, verdict, startedAt);
        return isMine
          ? { outcome: 'decided', verdict, type: event.type, times: event, linked: [] }
          : { outcome: 'lost' };
      });
    } catch (error) {
      if (!isConnectionFault(error) || Date.now() - startedAt.getTime() > HOLD_FAULT) throw error;
      await pause(seconds(1));
    }
  }
}

function report(claim: Claim, ended: TryOutcome, startedAt: Date): void {
  const fields = { event: claim.eventId, run: claim.run, try: claim.try };
  if (ended.outcome === 'lost') {
    log.warn('event lost to another worker', fields);
    return;
  }
  const { verdict, type, times } = ended;
  measureAttempt(verdict, times, new Date());
  const ms = Date.now() - startedAt.getTime();
  if (verdict.status === 'done')
    log.info('event processed', { ...fields, type, decision: verdict.decision, reason: verdict.reason, ms });
  else if ('waitsFor' in verdict)
    log.info('event waits', { ...fields, type, waitsFor: verdict.waitsFor, ms });
  else {
    const line = { ...fields, type, status: verdict.status, code: verdict.code, detail: verdict.detail, ms };
    if (verdict.status === 'dead') log.error('event died', line);
    else log.warn('event not processed', line);
  }
}
