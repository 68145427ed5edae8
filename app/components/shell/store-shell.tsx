import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { Credits } from '~/components/money/credits';
import { ButtonLink } from '~/components/ui/button';
import { ChevronLeft } from '~/components/ui/icons';
import { Banner } from '~/components/ui/notice';
import { type WayBack } from '~/modules/auth/shared';
import {
  AccountMenu,
  ACCOUNT_LINK,
  CONSOLE_LINK,
  HISTORY_LINK,
  PLAN_LINK,
  TOP_UP_LINK,
} from './account-menu';
import { type ShownRealm, TestModeBanner } from './realm';
import { useLentBalance } from './store-handle';
import { ThemeSwitch } from './theme-switch';
import { Wordmark } from './wordmark';

export interface ShownPerson {
  name: string;
  email: string | null;
  isStaff: boolean;
  /** To the product that handed them off; null for a log-in. */
  wayBack: WayBack | null;
}

export interface StoreShellProps {
  /** Null is a guest, who is shown the door; undefined is not known, as on an error page. */
  person?: ShownPerson | null | undefined;
  realm?: ShownRealm | undefined;
  isSellingPaused?: boolean | undefined;
  children: ReactNode;
}

/** Calm and roomy: one line on top, the page, one line below. */
export function StoreShell({ person, realm, isSellingPaused = false, children }: StoreShellProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      {realm === undefined ? null : <TestModeBanner realm={realm} />}
      {isSellingPaused ? (
        <Banner tone="info" label="Buying is paused">
          Buying is paused for now. Your credits work as always, and what you paid for already still arrives.
        </Banner>
      ) : null}
      <header className="border-b bg-surface-raised">
        <div className="mx-auto flex h-16 max-w-store items-center justify-between gap-4 px-5">
          <Link to="/" aria-label="Credence, to the store" className="rounded">
            <Wordmark />
          </Link>
          {person === null ? <Door /> : null}
          {person ? <Person person={person} /> : null}
        </div>
      </header>
      {person?.wayBack ? <BackLine name={person.name} wayBack={person.wayBack} /> : null}
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-store flex-1 px-5 py-10 focus:outline-none sm:py-14"
      >
        {children}
      </main>
      <footer className="border-t">
        <div className="mx-auto flex min-h-16 max-w-store flex-wrap items-center justify-between gap-4 px-5 py-4 text-xs text-text-muted">
          <p>
            {realm?.mode === 'test' ? 'Payments run in Stripe test mode.' : 'Payments are handled by Stripe.'}
          </p>
          <ThemeSwitch />
        </div>
      </footer>
    </div>
  );
}

/** Under the header of whoever the product handed off: the way back, and for whom they shop. */
function BackLine({ wayBack, name }: { wayBack: WayBack; name: string }) {
  return (
    <nav aria-label="Way back" className="border-b bg-surface-sunken text-sm text-text-muted">
      <div className="mx-auto flex min-h-10 max-w-store items-center justify-between gap-6 px-5">
        <a
          href={wayBack.to}
          className="-ml-1 inline-flex min-h-10 min-w-0 items-center gap-1 rounded pr-1 font-medium hover:text-text"
        >
          <ChevronLeft aria-hidden size={16} className="shrink-0" />
          <span className="truncate">{wayBack.label}</span>
        </a>
        <p className="min-w-0 max-w-[50%] truncate">
          For <span className="font-medium text-text">{name}</span>
        </p>
      </div>
    </nav>
  );
}

function Door() {
  return (
    <nav aria-label="Account" className="flex items-center gap-2">
      <ButtonLink to="/log-in" variant="ghost">
        Log in
      </ButtonLink>
      <ButtonLink to="/sign-up" variant="primary">
        Sign up
      </ButtonLink>
    </nav>
  );
}

function Person({ person }: { person: ShownPerson }) {
  const balance = useLentBalance();
  const isHandedOff = person.wayBack !== null;
  return (
    <div className="flex min-w-0 items-center gap-3">
      {balance === undefined ? null : (
        <p className="truncate text-sm text-text-muted">
          <span className="sr-only">Balance: </span>
          <Credits value={balance} unit className="font-medium text-text" />
        </p>
      )}
      <AccountMenu
        person={person}
        leave={isHandedOff ? 'Leave' : 'Log out'}
        links={
          person.isStaff
            ? [ACCOUNT_LINK, CONSOLE_LINK]
            : [HISTORY_LINK, PLAN_LINK, TOP_UP_LINK, ...(isHandedOff ? [] : [ACCOUNT_LINK])]
        }
      />
    </div>
  );
}
