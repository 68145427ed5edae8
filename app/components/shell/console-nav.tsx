import { NavLink, useLocation } from '@remix-run/react';
import ChevronDown from 'lucide-react/icons/chevron-down';
import { useConsole } from '~/components/console/console-context';
import { classes } from '~/components/ui/classes';
import { RAIL_PAGES } from './console-pages';

function PageLinks() {
  const { openApprovals } = useConsole();
  return (
    <ul className="grid gap-0.5">
      {RAIL_PAGES.map(({ to, label, icon: Icon, end = false }) => (
        <li key={to}>
          <NavLink
            to={to}
            end={end}
            prefetch="intent"
            className={({ isActive }) =>
              classes(
                'flex h-8 items-center gap-2 rounded px-2 text-sm transition-colors',
                isActive
                  ? 'bg-accent-soft font-medium text-accent-text'
                  : 'text-text-muted hover:bg-surface-hover hover:text-text',
              )
            }
          >
            <Icon aria-hidden size={16} />
            {label}
            {to === '/admin/approvals' && openApprovals > 0 ? (
              <span className="figures ml-auto rounded-full bg-warn-soft px-2 text-xs text-warn">
                {openApprovals.toLocaleString('en')}
                <span className="sr-only"> open</span>
              </span>
            ) : null}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

/** The left rail's list. */
export function ConsoleNav() {
  return (
    <nav aria-label="Console">
      <PageLinks />
    </nav>
  );
}

/** The same list behind one line on phones; a navigation folds it again. */
export function ConsoleNavDisclosure() {
  const { pathname } = useLocation();
  const here = RAIL_PAGES.findLast((page) =>
    page.end === true ? pathname === page.to : pathname.startsWith(page.to),
  );
  return (
    <details key={pathname} className="group border-b bg-surface-raised">
      <summary className="flex h-11 cursor-pointer list-none items-center justify-between px-4 text-sm font-medium focus-visible:outline-offset-[-2px] [&::-webkit-details-marker]:hidden">
        {here?.label ?? 'Pages'}
        <ChevronDown
          aria-hidden
          size={16}
          className="text-text-muted transition-transform group-open:rotate-180"
        />
      </summary>
      <nav aria-label="Console" className="border-t p-2">
        <PageLinks />
      </nav>
    </details>
  );
}
