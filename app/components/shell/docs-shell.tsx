import { type ReactNode } from 'react';
import { ThemeSwitch } from './theme-switch';
import { Wordmark } from './wordmark';

export interface DocsShellProps {
  /** What these pages tell of, beside the name. */
  title: string;
  /** On the right of the line on top. */
  links: ReactNode;
  /** At the left, where there is room. */
  contents: ReactNode;
  /** On top, where it is narrow. */
  disclosure: ReactNode;
  children: ReactNode;
}

/** For who reads: a list of contents that stays, and one wide column. */
export function DocsShell({ title, links, contents, disclosure, children }: DocsShellProps) {
  return (
    <div className="min-h-dvh">
      <header className="border-b bg-surface-raised lg:sticky lg:top-0 lg:z-20">
        <div className="mx-auto flex h-14 max-w-docs items-center gap-4 px-5">
          <a href="/" aria-label="Credence, to the store" className="rounded">
            <Wordmark />
          </a>
          <p className="border-l pl-4 text-sm text-text-muted">{title}</p>
          <div className="ml-auto flex items-center gap-4 text-sm">
            {links}
            <span className="hidden sm:block">
              <ThemeSwitch />
            </span>
          </div>
        </div>
      </header>
      <div className="sticky top-0 z-20 lg:hidden">{disclosure}</div>
      <div className="mx-auto max-w-docs lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
        <aside className="sticky top-14 hidden h-[calc(100dvh-3.5rem)] overflow-y-auto px-3 py-8 lg:block">
          {contents}
        </aside>
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 px-5 py-8 focus:outline-none lg:border-l lg:px-10 lg:py-10"
        >
          {children}
        </main>
      </div>
    </div>
  );
}
