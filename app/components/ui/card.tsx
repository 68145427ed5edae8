import { type ReactNode } from 'react';
import { classes } from './classes';

export interface CardProps {
  children: ReactNode;
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Without padding the content (a table, a list) touches the border. */
  flush?: boolean | undefined;
  className?: string | undefined;
}

export function Card({ children, title, description, actions, flush = false, className }: CardProps) {
  const hasHeader = title !== undefined || actions !== undefined;
  return (
    <section className={classes('min-w-0 rounded border bg-surface-raised shadow-card', className)}>
      {hasHeader ? (
        <header className={classes('flex items-start justify-between gap-4 px-4 py-3', flush && 'border-b')}>
          <div className="min-w-0">
            {title === undefined ? null : <h2 className="text-sm font-semibold">{title}</h2>}
            {description === undefined ? null : <p className="text-sm text-text-muted">{description}</p>}
          </div>
          {actions === undefined ? null : <div className="flex shrink-0 items-center gap-2">{actions}</div>}
        </header>
      ) : null}
      <div className={classes(!flush && 'px-4 pb-4', !flush && !hasHeader && 'pt-4')}>{children}</div>
    </section>
  );
}
