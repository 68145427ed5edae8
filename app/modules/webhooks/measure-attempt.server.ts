import { count, observe } from '~/platform/metrics.server';

import { type Verdict } from './record-attempt.server';

/** When Stripe made an event, and when it came. */
export interface EventTimes {
  created: Date;
  receivedAt: Date;
}

/** Counts a try that was written, and how long its event took if that decided it. */
export function measureAttempt(verdict: Verdict, { created, receivedAt }: EventTimes, now: Date): void {
  count('credence_event_attempts_total', { outcome: verdict.status, code: codeOf(verdict) });
  if (verdict.status === 'waiting') return;
  const since = (at: Date) => (now.getTime() - at.getTime()) / 1000;
  observe('credence_event_processing_seconds', { outcome: verdict.status }, since(receivedAt));
  if (verdict.status === 'done' && verdict.effects.some((id) => id.startsWith('txf_')))
    observe('credence_event_spendable_seconds', {}, since(created));
}

function codeOf(verdict: Verdict): string {
  if (verdict.status === 'done') return verdict.decision;
  return 'waitsFor' in verdict ? 'parent_missing' : verdict.code;
}
