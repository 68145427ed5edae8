import { Link } from '@remix-run/react';
import { type ReactNode } from 'react';
import { ChevronLeft } from './icons';

export interface PageHeaderProps {
  title: ReactNode;
  /** State of the thing, beside its title. */
  badge?: ReactNode;
  description?: ReactNode;
  /** The list that this page belongs to. */
  back?: { to: string; label: string } | undefined;
  actions?: ReactNode;
}

export function PageHeader({ title, badge, description, back, actions }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pb-5">
      <div className="min-w-0">
        {back === undefined ? null : (
          <Link
            to={back.to}
            className="-ml-1 mb-1 inline-flex h-6 items-center gap-1 rounded pr-1 text-sm text-text-muted hover:text-text"
          >
            <ChevronLeft aria-hidden size={14} />
            {back.label}
          </Link>
        )}
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="min-w-0 text-2xl font-semibold [overflow-wrap:anywhere]">{title}</h1>
          {badge}
        </div>
        {description === undefined ? null : <div className="mt-1 text-sm text-text-muted">{description}</div>}
      </div>
      {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
