import { type ReactNode } from 'react';
import { classes } from './classes';
import { type Tone, TONE_DOT, TONE_SOFT } from './tone';

export interface BadgeProps {
  tone: Tone;
  /** The word: a tone alone never carries the meaning. */
  children: ReactNode;
  className?: string | undefined;
}

export function Badge({ tone, children, className }: BadgeProps) {
  return (
    <span
      className={classes(
        'inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-full border px-2 text-xs font-medium',
        TONE_SOFT[tone],
        className,
      )}
    >
      <span aria-hidden className={classes('h-1.5 w-1.5 shrink-0 rounded-full', TONE_DOT[tone])} />
      {children}
    </span>
  );
}
