import { type EventStatus } from './state';

export { type EventStatus } from './state';

type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

export const EVENT_STATUSES = [
  'queued',
  'waiting',
  'done',
  'quarantined',
  'dead',
  'dismissed',
] as const satisfies readonly EventStatus[];

/** How staff read where an event stands. */
export const EVENT_STATUS: Record<EventStatus, { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'info' },
  waiting: { label: 'Waiting', tone: 'info' },
  done: { label: 'Done', tone: 'ok' },
  quarantined: { label: 'Quarantined', tone: 'warn' },
  dead: { label: 'Dead', tone: 'bad' },
  dismissed: { label: 'Dismissed', tone: 'idle' },
};

export const DELIVERY_VERDICTS = [
  'first',
  'repeat',
  'conflict',
  'bad_signature',
  'stale',
  'wrong_realm',
  'too_big',
  'not_json',
] as const;
export type DeliveryVerdict = (typeof DELIVERY_VERDICTS)[number];

/** How staff read what became of one HTTP request. */
export const VERDICT: Record<DeliveryVerdict, { label: string; tone: Tone; means: string }> = {
  first: { label: 'First', tone: 'ok', means: 'Verified and stored; the event was new.' },
  repeat: { label: 'Repeat', tone: 'idle', means: 'Verified; the event was known already.' },
  conflict: {
    label: 'Conflict',
    tone: 'warn',
    means: 'Verified, but the event was known with another body; the first was kept.',
  },
  bad_signature: {
    label: 'Bad signature',
    tone: 'bad',
    means: 'No signing secret of ours made its signature.',
  },
  stale: { label: 'Stale', tone: 'bad', means: 'Signed more than five minutes ago.' },
  wrong_realm: {
    label: 'Wrong realm',
    tone: 'bad',
    means: 'Verified, but it speaks of another account or mode.',
  },
  too_big: { label: 'Too big', tone: 'bad', means: 'The body was larger than what is accepted.' },
  not_json: { label: 'Not JSON', tone: 'bad', means: 'Verified, but the body is no event.' },
};
