import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { classes } from '~/components/ui/classes';
import { type Tone, TONE_DOT } from '~/components/ui/tone';

export interface FigureProps {
  label: string;
  /** The list behind the number. */
  to: string;
  value: ReactNode;
  /** Set when the number asks for somebody. */
  tone?: Tone | undefined;
  children: ReactNode;
}

/** A number that opens the list behind it. */
export function Figure({ label, to, value, tone, children }: FigureProps) {
  return (
    <Link
      to={to}
      prefetch="intent"
      className="block min-w-0 rounded border bg-surface-raised px-4 py-3 shadow-card transition-colors hover:bg-surface-hover"
    >
      <span className="block truncate text-xs text-text-muted">{label}</span>
      <span className="figures my-1 flex items-center gap-2 text-xl font-semibold">
        {value}
        {tone === undefined ? null : (
          <span aria-hidden className={classes('h-2 w-2 shrink-0 rounded-full', TONE_DOT[tone])} />
        )}
      </span>
      <span className="block text-xs text-text-muted">{children}</span>
    </Link>
  );
}
