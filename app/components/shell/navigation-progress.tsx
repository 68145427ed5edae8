import { useNavigation } from '@remix-run/react';
import { useEffect, useState } from 'react';

const PATIENCE_MS = 120;

/** A line along the top edge once a navigation takes long enough to be felt. */
export function NavigationProgress() {
  const isBusy = useNavigation().state !== 'idle';
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isBusy) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isBusy]);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-0 z-50 h-0.5">
      {isShown ? (
        <>
          <div aria-hidden className="h-full origin-left animate-crawl bg-accent" />
          <span className="sr-only">Loading</span>
        </>
      ) : null}
    </div>
  );
}
