import type { LucideIcon } from 'lucide-react';
import { type ReactNode } from 'react';
import { classes } from './classes';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from './icons';
import { type Tone, TONE_SOFT } from './tone';

const ICON: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
  info: Info,
  idle: Info,
};

export interface NoticeProps {
  tone: Tone;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** "alert" interrupts a screen reader; use it for what appears after an act. */
  role?: 'status' | 'alert' | undefined;
  className?: string | undefined;
}

/** A boxed remark inside a page. */
export function Notice({ tone, title, children, action, role, className }: NoticeProps) {
  const Icon = ICON[tone];
  return (
    <div
      role={role}
      className={classes(
        'flex items-start gap-3 rounded border px-4 py-3 text-sm',
        TONE_SOFT[tone],
        className,
      )}
    >
      <Icon aria-hidden size={16} className="mt-0.5 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem]">
          {title === undefined ? null : <p className="font-medium">{title}</p>}
          {children === undefined ? null : <div className="text-text">{children}</div>}
        </div>
        {action === undefined ? null : <div className="shrink-0">{action}</div>}
      </div>
    </div>
  );
}

export interface BannerProps {
  tone: Tone;
  children: ReactNode;
  /** Names the region for screen readers. */
  label: string;
}

/** A line across the whole page, above everything. */
export function Banner({ tone, children, label }: BannerProps) {
  return (
    <aside
      aria-label={label}
      className={classes('border-b px-4 py-1 text-center text-xs font-medium', TONE_SOFT[tone])}
    >
      {children}
    </aside>
  );
}

/** Errors that belong to the whole form, not to a field. Renders nothing without errors. */
export function FormError({
  errors,
  id,
}: {
  errors?: readonly string[] | undefined;
  id?: string | undefined;
}) {
  return (
    <div id={id} role="alert" className="empty:hidden">
      {errors === undefined || errors.length === 0 ? null : (
        <Notice tone="bad">
          {errors.map((error) => (
            <p key={error}>{error}</p>
          ))}
        </Notice>
      )}
    </div>
  );
}
