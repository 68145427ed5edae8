import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';

export interface AnchorLinkProps {
  /** Of the element on this page that it leads to. */
  id: string;
  children: ReactNode;
  className?: string | undefined;
  title?: string | undefined;
  isCurrent?: boolean | undefined;
}

/**
 * Leads to another place of this page, and brings the keyboard there too. It is a link of the router, which would else
 * take the step for a way back and scroll to where the page was before.
 */
export function AnchorLink({ id, children, className, title, isCurrent = false }: AnchorLinkProps) {
  return (
    <Link
      to={`#${id}`}
      title={title}
      className={className}
      aria-current={isCurrent ? 'true' : undefined}
      onClick={() => document.getElementById(id)?.focus({ preventScroll: true })}
    >
      {children}
    </Link>
  );
}
