import type { LucideIcon } from 'lucide-react';
import { type ReactNode } from 'react';
import { classes } from './classes';
import { TimeAgo } from './time';
import { type Tone, TONE_DOT, TONE_SOFT } from './tone';

/** One stream, newest or oldest first as the caller orders it. */
export function Timeline({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="[&>li:last-child>[data-line]]:hidden [&>li:last-child]:pb-0">
      {children}
    </ol>
  );
}

export interface TimelineItemProps {
  /** Its anchor on the page. */
  id?: string | undefined;
  title: ReactNode;
  at: Date;
  tone?: Tone | undefined;
  icon?: LucideIcon | undefined;
  children?: ReactNode;
}

export function TimelineItem({ id, title, at, tone = 'idle', icon: Icon, children }: TimelineItemProps) {
  return (
    <li id={id} className="group/item relative flex scroll-mt-16 gap-3 pb-5">
      <span data-line aria-hidden className="absolute bottom-0 left-[11px] top-6 w-px bg-line" />
      <span
        aria-hidden
        className={classes(
          'relative flex h-6 w-6 shrink-0 items-center justify-center rounded-full border',
          TONE_SOFT[tone],
        )}
      >
        {Icon ? <Icon size={12} /> : <span className={classes('h-1.5 w-1.5 rounded-full', TONE_DOT[tone])} />}
      </span>
      <div className="min-w-0 flex-1 rounded pt-0.5 group-target/item:bg-accent-soft">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
          <p className="min-w-0 font-medium">{title}</p>
          <TimeAgo at={at} className="whitespace-nowrap text-xs text-text-muted" />
        </div>
        {children === undefined ? null : (
          <div className="mt-0.5 min-w-0 text-sm text-text-muted">{children}</div>
        )}
      </div>
    </li>
  );
}
