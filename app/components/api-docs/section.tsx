import { type ReactNode } from 'react';

/** A part of the page that its contents lead to. */
export function Section({ id, title, children }: { id: string; title: ReactNode; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="grid gap-4 border-t py-8">
      <h2 id={id} tabIndex={-1} className="scroll-mt-20 focus:outline-none text-xl font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** Words at the left, code at the right where there is room. */
export function Columns({ words, code }: { words: ReactNode; code: ReactNode }) {
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,31rem)] xl:gap-10">
      <div className="grid min-w-0 content-start gap-4">{words}</div>
      <div className="grid min-w-0 content-start gap-4">{code}</div>
    </div>
  );
}
