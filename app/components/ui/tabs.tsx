import { Link, useLocation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { classes } from './classes';

export interface Tab {
  to: string;
  label: string;
  count?: number | undefined;
}

export interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  /** The current tab's `to`; by default the one that equals the location's path and search. */
  current?: string | undefined;
}

/** Tabs are links: each has its address, so Back and sharing work. */
export function Tabs({ label, tabs, current }: TabsProps) {
  const location = useLocation();
  const here =
    current ?? tabs.find((tab) => tab.to === location.pathname + location.search)?.to ?? location.pathname;
  const nav = useRef<HTMLElement>(null);
  // On a narrow window the tab that is open may lie beyond the edge.
  useEffect(() => {
    const [bar, open] = [nav.current, nav.current?.querySelector<HTMLElement>('[aria-current]')];
    if (!bar || !open) return;
    const beyond = open.offsetLeft + open.offsetWidth - bar.offsetLeft - bar.clientWidth;
    bar.scrollLeft = Math.max(0, beyond);
  }, [here]);
  return (
    <nav ref={nav} aria-label={label} className="flex gap-5 overflow-x-auto border-b">
      {tabs.map((tab) => {
        const isCurrent = tab.to === here;
        return (
          <Link
            key={tab.to}
            to={tab.to}
            prefetch="intent"
            preventScrollReset
            aria-current={isCurrent ? 'page' : undefined}
            className={classes(
              'flex h-10 shrink-0 items-center gap-2 border-b-2 text-sm font-medium transition-colors focus-visible:outline-offset-[-2px]',
              isCurrent ? 'border-accent text-text' : 'border-transparent text-text-muted hover:text-text',
            )}
          >
            {tab.label}
            {tab.count === undefined ? null : (
              <span className="figures rounded-full bg-idle-soft px-2 text-xs text-idle">
                {tab.count.toLocaleString('en')}
              </span>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
