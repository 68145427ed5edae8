import { type ReactNode } from 'react';

/** Label on the left, fact on the right; one under the other where it is narrow. */
export function FactList({ children }: { children: ReactNode }) {
  return <dl className="divide-y text-sm">{children}</dl>;
}

export function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 py-1">
      <dt className="text-text-muted">{label}</dt>
      <dd className="figures min-w-0 max-w-full text-right [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
