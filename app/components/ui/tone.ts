export const TONES = ['ok', 'warn', 'bad', 'info', 'idle'] as const;

export type Tone = (typeof TONES)[number];

export const TONE_SOFT: Record<Tone, string> = {
  ok: 'border-ok-line bg-ok-soft text-ok',
  warn: 'border-warn-line bg-warn-soft text-warn',
  bad: 'border-bad-line bg-bad-soft text-bad',
  info: 'border-info-line bg-info-soft text-info',
  idle: 'border-idle-line bg-idle-soft text-idle',
};

export const TONE_DOT: Record<Tone, string> = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  bad: 'bg-bad',
  info: 'bg-info',
  idle: 'bg-idle',
};
