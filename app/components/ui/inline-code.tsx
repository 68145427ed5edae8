import { type ReactNode } from 'react';

/** A word of a program inside a sentence. */
export function InlineCode({ children }: { children: ReactNode }) {
  return (
    <code className="rounded border bg-surface-sunken px-1 font-mono text-[0.86em] box-decoration-clone [overflow-wrap:anywhere]">
      {children}
    </code>
  );
}

/** A sentence with `code` in backticks. */
export function Sentence({ text }: { text: string }) {
  return (
    <>{text.split('`').map((part, n) => (n % 2 === 1 ? <InlineCode key={n}>{part}</InlineCode> : part))}</>
  );
}
