import { type ReactNode } from 'react';
import { Button } from '~/components/ui/button';

export interface BulkBarProps {
  /** How many rows are picked; the bar is gone at none. */
  count: number;
  /** One and many: ["event", "events"]. */
  noun: readonly [string, string];
  onClear: () => void;
  children: ReactNode;
}

/** What can be done with the rows that are picked, always in sight. */
export function BulkBar({ count, noun: [one, many], onClear, children }: BulkBarProps) {
  if (count === 0) return null;
  return (
    <div
      role="region"
      aria-label="Acts on the selection"
      className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center gap-2 rounded border bg-surface-raised px-4 py-2 shadow-float"
    >
      <span role="status" className="figures mr-2 text-sm font-medium">
        {count} {count === 1 ? one : many} selected
      </span>
      {children}
      <Button variant="ghost" size="sm" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
