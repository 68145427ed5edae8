import { type Severity } from '~/modules/alerts/shared';
import { type Tone } from '~/components/ui/tone';

/** Why somebody takes an alert. */
export const ALERT_REASONS = ['looking', 'known', 'planned', 'other'] as const;

const LABEL: Record<(typeof ALERT_REASONS)[number], string> = {
  looking: 'I look after it',
  known: 'Known, and mended later',
  planned: 'Planned work',
  other: 'Other',
};

export const ALERT_REASON_OPTIONS = ALERT_REASONS.map((value) => ({ value, label: LABEL[value] }));

export const SEVERITY_WORD: Record<Severity, string> = { critical: 'Critical', warning: 'Warning' };
export const SEVERITY_TONE: Record<Severity, Tone> = { critical: 'bad', warning: 'warn' };

/** How long something takes or is old: "45 s", "12 min", "3.5 h", "2 days". */
export function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${(seconds / 3600).toFixed(1).replace('.0', '')} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
