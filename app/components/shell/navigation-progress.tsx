import { useNavigation } from '@remix-run/react';

/** A line along the top edge; its animation starts late, so a quick navigation shows none. */
export function NavigationProgress() {
  const isBusy = useNavigation().state !== 'idle';
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-0 z-50 h-0.5">
      {isBusy ? (
        <>
          <div aria-hidden className="h-full origin-left animate-crawl bg-accent" />
          <span className="sr-only">Loading</span>
        </>
      ) : null}
    </div>
  );
}
