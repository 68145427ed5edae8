import { type ReactNode } from 'react';
import { Wordmark } from './wordmark';

/** The name and the way home, for pages that know neither reader nor realm. */
export function BareShell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-16 items-center px-5">
        <a href="/" aria-label="Credence, to the store" className="rounded">
          <Wordmark />
        </a>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="flex flex-1 items-center justify-center pb-24 focus:outline-none"
      >
        {children}
      </main>
    </div>
  );
}
