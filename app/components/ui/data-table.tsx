import { Link } from '@remix-run/react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { classes } from './classes';

export interface DataTableProps {
  /** Names the table for screen readers. */
  label: string;
  children: ReactNode;
  /** Below this width the table scrolls sideways inside its own region. */
  minWidth?: 'none' | 'sm' | 'md' | 'lg' | undefined;
  className?: string | undefined;
}

const MIN_WIDTH = { none: 'min-w-0', sm: 'min-w-[28rem]', md: 'min-w-[40rem]', lg: 'min-w-[56rem]' };

/**
 * A table wider than its place scrolls in a region of its own, which takes the keyboard: also before, and without, the
 * script that measures it. One that fits is no scroll container, so that its head sticks to the page.
 */
export function DataTable({ label, children, minWidth = 'md', className }: DataTableProps) {
  const region = useRef<HTMLDivElement>(null);
  const [fit, setFit] = useState<'unknown' | 'fits' | 'scrolls'>('unknown');
  useEffect(() => {
    const element = region.current;
    if (element === null) return;
    const observer = new ResizeObserver(() =>
      setFit(element.scrollWidth > element.clientWidth ? 'scrolls' : 'fits'),
    );
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={region}
      className={classes('rounded', fit === 'fits' ? 'overflow-visible' : 'overflow-x-auto', className)}
      {...(fit !== 'fits' ? { tabIndex: 0, role: 'region', 'aria-label': label } : {})}
    >
      <table
        aria-label={label}
        className={classes('w-full border-separate border-spacing-0 text-sm', MIN_WIDTH[minWidth])}
      >
        {children}
      </table>
    </div>
  );
}

export function THead({ children }: { children: ReactNode }) {
  return (
    <thead>
      <tr>{children}</tr>
    </thead>
  );
}

interface CellProps {
  children?: ReactNode;
  /** Right-aligned, tabular figures. */
  numeric?: boolean | undefined;
  className?: string | undefined;
}

interface TextCellProps extends CellProps {
  /** Words that may take several lines. What is short stays on one. */
  wraps?: boolean | undefined;
}

/** Sticks under the console's top edge while the list scrolls. */
export function Th({ children, numeric = false, className }: CellProps) {
  return (
    <th
      scope="col"
      className={classes(
        'sticky top-[var(--table-top,0px)] z-10 h-9 whitespace-nowrap border-b bg-surface-raised px-2 text-xs font-medium text-text-muted first:rounded-tl first:pl-4 last:rounded-tr last:pr-4 sm:px-3',
        numeric ? 'text-right' : 'text-left',
        className,
      )}
    >
      {children}
    </th>
  );
}

export function TBody({ children }: { children: ReactNode }) {
  return (
    <tbody className="[&>tr:last-child>td:first-child]:rounded-bl [&>tr:last-child>td:last-child]:rounded-br [&>tr:last-child>td]:border-b-0">
      {children}
    </tbody>
  );
}

export function Tr({ children, selected = false }: { children: ReactNode; selected?: boolean | undefined }) {
  return (
    <tr aria-selected={selected ? true : undefined} className="group relative">
      {children}
    </tr>
  );
}

export function Td({ children, numeric = false, wraps = false, className }: TextCellProps) {
  return (
    <td
      className={classes(
        'h-9 border-b px-2 transition-colors first:pl-4 last:pr-4 sm:px-3',
        'group-hover:bg-surface-hover group-has-[[data-row-link]:focus-visible]:bg-surface-hover group-aria-selected:bg-accent-soft',
        wraps ? 'whitespace-normal' : 'whitespace-nowrap',
        numeric && 'figures text-right',
        className,
      )}
    >
      {children}
    </td>
  );
}

/** The first column's link; the whole row is its target. Other controls in the row stay above it with "relative". */
export function RowLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link
      to={to}
      prefetch="intent"
      data-row-link
      className="rounded font-medium text-text after:absolute after:inset-0 focus-visible:outline-offset-4 group-hover:text-accent-text"
    >
      {children}
    </Link>
  );
}
