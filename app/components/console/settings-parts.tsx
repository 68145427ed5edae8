import { Fragment, type ReactNode } from 'react';
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

/** Cards of each book that has some, and of the console's own book in any case. */
export function CardsByBook<Row extends { id: string; book: 'test' | 'live' }>({
  present,
  rows,
  empty,
  children,
}: {
  present: 'test' | 'live';
  rows: readonly Row[];
  /** What the console's own book shows while it has none. */
  empty: ReactNode;
  /** One row's card. */
  children: (row: Row) => ReactNode;
}) {
  return booksFrom(present).map((book) => {
    const own = rows.filter((one) => one.book === book);
    if (own.length === 0 && book !== present) return null;
    return (
      <BookSection key={book} book={book}>
        {own.length === 0 ? (
          empty
        ) : (
          <div className="grid items-start gap-4 xl:grid-cols-2">
            {own.map((one) => (
              <Fragment key={one.id}>{children(one)}</Fragment>
            ))}
          </div>
        )}
      </BookSection>
    );
  });
}

/** The order in which books stand on a page: the console's own first. */
export function booksFrom(present: 'test' | 'live'): readonly ('test' | 'live')[] {
  return present === 'live' ? ['live', 'test'] : ['test', 'live'];
}
