import { type ReactNode } from 'react';
import { type TimelineEntry } from '~/modules/admin/shared';
import { explainStep } from './explain-step';

export type Entry<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>;

/** What it means for somebody who answers customers, then the small facts on one line that wraps. */
export function Told({ entry, children }: { entry: TimelineEntry; children: ReactNode }) {
  return (
    <>
      <p className="text-text [overflow-wrap:anywhere]">{explainStep(entry)}</p>
      <Facts>{children}</Facts>
    </>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs">{children}</p>;
}

/** A step behind another one: it stands back. */
export function Quiet({ children }: { children: ReactNode }) {
  return <span className="font-normal text-text-muted">{children}</span>;
}
