import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { PauseBanner } from '~/components/console/pause-banner';
import { CommandPalette } from '~/components/console/command-palette';
import { ConsoleContext, type ConsoleSurroundings } from '~/components/console/console-context';
import { Banner } from '~/components/ui/notice';
import { ACCOUNT_LINK, AccountMenu, STORE_LINK } from './account-menu';
import { ConsoleNav, ConsoleNavDisclosure } from './console-nav';
import { LoadingPage } from './console-loading';
import { RealmBadge } from './realm';
import { Mark, Wordmark } from './wordmark';

export interface ConsoleShellProps {
  person: { name: string; email: string; role: string };
  surroundings: ConsoleSurroundings;
  children: ReactNode;
}

/** Dense: a rail at the left that stays, or one line on top where it is narrow. */
export function ConsoleShell({ person, surroundings, children }: ConsoleShellProps) {
  const { realm } = surroundings;
  const account = (
    <AccountMenu
      person={person}
      note={<span className="block capitalize">{person.role}</span>}
      links={[STORE_LINK, ACCOUNT_LINK]}
    />
  );
  return (
    <ConsoleContext.Provider value={surroundings}>
      <div className="min-h-dvh bg-surface lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
        <div className="lg:hidden">
          <header className="flex h-12 items-center justify-between gap-3 border-b bg-surface-raised px-4">
            <Link to="/admin" aria-label="Credence console" className="rounded">
              <Mark />
            </Link>
            <RealmBadge realm={realm} />
            <span className="flex items-center gap-1">
              <CommandPalette look="icon" />
              {account}
            </span>
          </header>
          <ConsoleNavDisclosure />
        </div>
        <aside className="sticky top-0 hidden h-dvh flex-col border-r bg-surface-raised lg:flex">
          <div className="flex h-14 items-center px-4">
            <Link to="/admin" aria-label="Credence console" className="rounded">
              <Wordmark />
            </Link>
          </div>
          <div className="grid gap-3 px-3 pb-4">
            <RealmBadge realm={realm} />
            <CommandPalette look="field" />
          </div>
          <div className="flex-1 overflow-y-auto px-3">
            <ConsoleNav />
          </div>
          <div className="flex items-center justify-between gap-2 border-t p-3">
            <p className="min-w-0 text-xs">
              <span className="block truncate font-medium">
                {person.name === '' ? person.email : person.name}
              </span>
              <span className="block capitalize text-text-muted">{person.role}</span>
            </p>
            {account}
          </div>
        </aside>
        <div className="min-w-0">
          {realm.mode === 'live' ? null : (
            <Banner tone="warn" label="Test mode">
              Test mode: everything here is play money of {realm.name}.
            </Banner>
          )}
          <PauseBanner pauses={surroundings.pauses} />
          <main
            id="content"
            tabIndex={-1}
            className="min-w-0 max-w-console px-4 py-6 text-sm focus:outline-none lg:px-8"
          >
            <LoadingPage>{children}</LoadingPage>
          </main>
        </div>
      </div>
    </ConsoleContext.Provider>
  );
}
