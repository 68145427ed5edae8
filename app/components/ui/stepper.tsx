import { type ReactNode } from 'react';
import { classes } from './classes';
import { Check, X } from './icons';

export type StepState = 'done' | 'current' | 'waiting' | 'failed';

const SAID: Record<StepState, string> = {
  done: 'Done',
  current: 'Under way',
  waiting: 'Not yet',
  failed: 'Failed',
};

const MARK: Record<StepState, string> = {
  done: 'border-accent bg-accent text-accent-on',
  current: 'border-accent bg-surface-raised text-accent',
  waiting: 'border-line-strong bg-surface-raised text-text-muted',
  failed: 'border-bad-solid bg-bad-solid text-bad-on',
};

/** A vertical line that fills as facts arrive; each change is read out. */
export function Stepper({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol
      aria-label={label}
      aria-live="polite"
      className="[&>li:last-child>[data-line]]:hidden [&>li:last-child]:pb-0"
    >
      {children}
    </ol>
  );
}

export interface StepProps {
  state: StepState;
  title: ReactNode;
  children?: ReactNode;
}

export function Step({ state, title, children }: StepProps) {
  return (
    <li className="relative flex gap-4 pb-8" aria-current={state === 'current' ? 'step' : undefined}>
      <span
        data-line
        aria-hidden
        className={classes(
          'absolute bottom-0 left-[15px] top-8 w-0.5 transition-colors',
          state === 'done' ? 'bg-accent' : 'bg-line',
        )}
      />
      <span
        aria-hidden
        className={classes(
          'relative flex h-8 w-8 shrink-0 items-center justify-center rounded-full border-2 transition-colors',
          MARK[state],
        )}
      >
        {state === 'done' ? <Check size={16} strokeWidth={2.5} /> : null}
        {state === 'failed' ? <X size={16} strokeWidth={2.5} /> : null}
        {state === 'current' ? <span className="h-2 w-2 animate-shimmer rounded-full bg-accent" /> : null}
      </span>
      <div className="min-w-0 flex-1 pt-1">
        <p className={classes('text-base font-medium', state === 'waiting' && 'text-text-muted')}>
          {title}
          <span className="sr-only"> ({SAID[state]})</span>
        </p>
        {children === undefined ? null : <div className="mt-0.5 text-sm text-text-muted">{children}</div>}
      </div>
    </li>
  );
}
