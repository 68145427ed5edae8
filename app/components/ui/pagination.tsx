import { Link, useSearchParams } from '@remix-run/react';
import { type ReactNode } from 'react';
import { classes } from './classes';
import { ChevronLeft, ChevronRight } from './icons';

export interface PaginationProps {
  /** Cursor of the next, older page; absent on the last. Goes into `?after=`. */
  next?: string | undefined;
  /** Cursor of the previous, newer page; absent on the first. Goes into `?before=`. */
  previous?: string | undefined;
  /** "1–50 of about 1.2 M" */
  summary?: ReactNode;
}

/** Links by cursor; the other search parameters stay. */
export function Pagination({ next, previous, summary }: PaginationProps) {
  const [search] = useSearchParams();
  function pageAt(name: 'after' | 'before', cursor: string): string {
    const params = new URLSearchParams(search);
    params.delete('after');
    params.delete('before');
    params.set(name, cursor);
    return `?${params.toString()}`;
  }
  return (
    <nav
      aria-label="Pages"
      className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t px-4 py-2 text-sm text-text-muted"
    >
      <span className="figures whitespace-nowrap">{summary}</span>
      {next === undefined && previous === undefined ? null : (
        <span className="flex gap-1">
          <Step to={previous === undefined ? undefined : pageAt('before', previous)}>
            <ChevronLeft aria-hidden size={16} /> Newer
          </Step>
          <Step to={next === undefined ? undefined : pageAt('after', next)}>
            Older <ChevronRight aria-hidden size={16} />
          </Step>
        </span>
      )}
    </nav>
  );
}

const STEP = 'inline-flex h-8 items-center gap-1 rounded border px-3 text-sm font-medium';

function Step({ to, children }: { to: string | undefined; children: ReactNode }) {
  if (to === undefined) {
    return (
      <span aria-disabled className={classes(STEP, 'border-line text-text-muted opacity-50')}>
        {children}
      </span>
    );
  }
  return (
    <Link
      to={to}
      prefetch="intent"
      className={classes(STEP, 'border-line-strong bg-surface-raised text-text hover:bg-surface-hover')}
    >
      {children}
    </Link>
  );
}
