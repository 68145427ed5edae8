import { Form } from '@remix-run/react';
import type { LucideIcon } from 'lucide-react';
import { type ReactNode } from 'react';
import {
  CalendarSync,
  ChevronDown,
  CircleUserRound,
  LayoutDashboard,
  LogOut,
  ReceiptText,
  RefreshCw,
  Store,
} from '~/components/ui/icons';
import { Menu, MenuButton, MenuHeading, MenuLink, MenuSeparator } from '~/components/ui/menu';
import { ThemeSwitch } from './theme-switch';

export interface AccountMenuProps {
  person: { name: string; email: string | null };
  /** Shown under the e-mail, e.g. the staff role. */
  note?: ReactNode;
  /** What ending the session is called. */
  leave?: 'Log out' | 'Leave' | undefined;
  links?: readonly { to: string; label: string; icon?: LucideIcon | undefined }[] | undefined;
}

export const HISTORY_LINK = { to: '/history', label: 'History', icon: ReceiptText };
export const PLAN_LINK = { to: '/plan', label: 'Plan', icon: CalendarSync };
export const TOP_UP_LINK = { to: '/settings/auto-top-up', label: 'Automatic top-up', icon: RefreshCw };
export const ACCOUNT_LINK = { to: '/account', label: 'Account', icon: CircleUserRound };
export const CONSOLE_LINK = { to: '/admin', label: 'Console', icon: LayoutDashboard };
export const STORE_LINK = { to: '/', label: 'Store', icon: Store };

export function AccountMenu({ person, note, leave = 'Log out', links = [] }: AccountMenuProps) {
  const shown = person.name === '' ? (person.email ?? '') : person.name;
  return (
    <Menu
      label={`Account of ${shown}`}
      triggerClassName="h-9 gap-1 rounded px-1 hover:bg-surface-hover"
      trigger={
        <>
          <span
            aria-hidden
            className="flex h-7 w-7 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text"
          >
            {initials(shown)}
          </span>
          <ChevronDown aria-hidden size={14} className="text-text-muted" />
        </>
      }
    >
      <MenuHeading>
        <span className="block truncate text-sm font-medium text-text">{shown}</span>
        {person.email === null || shown === person.email ? null : (
          <span className="block truncate">{person.email}</span>
        )}
        {note}
      </MenuHeading>
      <MenuSeparator />
      {links.map((link) => (
        <MenuLink key={link.to} to={link.to} icon={link.icon}>
          {link.label}
        </MenuLink>
      ))}
      <div className="flex items-center justify-between px-2 py-1 text-sm">
        Theme <ThemeSwitch />
      </div>
      <MenuSeparator />
      <Form method="post" action="/log-out">
        <MenuButton type="submit" icon={LogOut}>
          {leave}
        </MenuButton>
      </Form>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s@.]+/u).filter((word) => word !== '');
  return words
    .slice(0, 2)
    .map((word) => word.slice(0, 1).toUpperCase())
    .join('');
}
