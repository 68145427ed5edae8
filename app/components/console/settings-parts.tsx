import { type ReactNode } from 'react';
import { Notice } from '~/components/ui/notice';

/** For who reads a page of settings and may not change them. */
export function AdminsOnly({ mayAct, what }: { mayAct: boolean; what: string }) {
  if (mayAct) return null;
  return (
    <Notice tone="idle" className="mb-4">
      Only admins {what}. You see how it is set.
    </Notice>
  );
}

/** A heading with its list. */
export function BookSection({
  book,
  children,
  actions,
}: {
  book: 'test' | 'live';
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <section aria-labelledby={`book-${book}`} className="mb-8">
      <header className="mb-3 flex min-h-9 flex-wrap items-center justify-between gap-2">
        <h2 id={`book-${book}`} className="text-base font-semibold">
          {book === 'live' ? 'Live book' : 'Test book'}
        </h2>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** The order in which books stand on a page: the console's own first. */
export function booksFrom(present: 'test' | 'live'): readonly ('test' | 'live')[] {
  return present === 'live' ? ['live', 'test'] : ['test', 'live'];
}
