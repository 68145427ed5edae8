import { type ReactNode } from 'react';

export interface FormPageProps {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  /** Below the sheet: the way to the neighbouring page. */
  footer?: ReactNode;
}

/** One narrow sheet with one thing to do. */
export function FormPage({ title, description, children, footer }: FormPageProps) {
  return (
    <div className="mx-auto w-full max-w-form">
      <h1 className="text-2xl font-semibold">{title}</h1>
      {description === undefined ? null : <p className="mt-2 text-text-muted">{description}</p>}
      <div className="mt-6 rounded border bg-surface-raised p-5 shadow-card sm:p-6">{children}</div>
      {footer === undefined ? null : (
        <div className="mt-5 space-y-1 text-center text-sm text-text-muted">{footer}</div>
      )}
    </div>
  );
}
