import { randomText } from '../ids';
import type { MischiefRecord, RunRecord } from '../store/records';
import type { Store } from '../store/store';

/** The run that is under way; the first one begins by itself. */
export function currentRun(store: Store, nowMs: number): RunRecord {
  return store.runs.get('run') ?? store.runs.put(freshRun(1, nowMs));
}

/** Forgets how far the run was: what happens from here on is act one again. */
export function beginRun(store: Store, nowMs: number): RunRecord {
  return store.runs.put(freshRun((store.runs.get('run')?.number ?? 0) + 1, nowMs));
}

function freshRun(number: number, startedMs: number): RunRecord {
  return { id: 'run', number, startedMs, turn: 0, struck: {}, requests: {}, second: null };
}

interface Noted extends Pick<MischiefRecord, 'fault'>, Partial<Omit<MischiefRecord, 'fault'>> {}

/** Lists what chaos did and counts it in the run. */
export function noteMischief(store: Store, nowMs: number, turn: number, done: readonly Noted[]): void {
  if (done.length === 0) return;
  const run = currentRun(store, nowMs);
  const struck = { ...run.struck };
  for (const { fault, eventId, eventType, endpointId, detail } of done) {
    struck[fault] = (struck[fault] ?? 0) + 1;
    store.mischief.put({
      id: `mis_${randomText(20)}`,
      run: run.number,
      turn,
      fault,
      eventId: eventId ?? null,
      eventType: eventType ?? null,
      endpointId: endpointId ?? null,
      detail: detail ?? null,
      atMs: nowMs,
    });
  }
  store.runs.put({ ...run, struck });
}
