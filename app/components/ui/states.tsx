import type { LucideIcon } from 'lucide-react';
import { type ReactNode } from 'react';
import { classes } from './classes';
import { CopyId } from './copy-id';
import { CircleAlert, Inbox, Lock } from './icons';

export interface StateProps {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}

function Panel({
  icon: Icon,
  title,
  children,
  action,
  tint,
}: StateProps & { icon: LucideIcon; tint: string }) {
  return (
    <div className="flex flex-col items-center px-6 py-12 text-center">
      <span className={classes('mb-4 flex h-10 w-10 items-center justify-center rounded-full border', tint)}>
        <Icon aria-hidden size={18} />
      </span>
      <div className="text-base font-medium">{title}</div>
      {children === undefined ? null : (
        <div className="mt-1 max-w-[28rem] text-sm text-text-muted">{children}</div>
      )}
      {action === undefined ? null : <div className="mt-5">{action}</div>}
    </div>
  );
}

/** Says what will appear here, and how. */
export function EmptyState({ icon = Inbox, ...rest }: StateProps & { icon?: LucideIcon | undefined }) {
  return <Panel {...rest} icon={icon} tint="border-line bg-surface-sunken text-text-muted" />;
}

/** What happened, whether money moved, what to do next. */
export function ErrorState({
  requestId,
  children,
  ...rest
}: StateProps & { requestId?: string | undefined }) {
  return (
    <Panel {...rest} icon={CircleAlert} tint="border-bad-line bg-bad-soft text-bad">
      {children}
      {requestId === undefined ? null : (
        <p className="mt-3 text-xs">
          Request <CopyId id={requestId} label="request id" />
        </p>
      )}
    </Panel>
  );
}

export function ForbiddenState(props: StateProps) {
  return <Panel {...props} icon={Lock} tint="border-warn-line bg-warn-soft text-warn" />;
}

/** A grey bar with the size of what is coming; give it width and height. */
export function Skeleton({ className = 'h-4 w-24' }: { className?: string | undefined }) {
  return <span aria-hidden className={classes('block animate-shimmer rounded bg-line', className)} />;
}

export function SkeletonRows({ rows = 8, columns }: { rows?: number | undefined; columns: number }) {
  return (
    <>
      {Array.from({ length: rows }, (_, row) => (
        <tr key={row} aria-hidden>
          {Array.from({ length: columns }, (_, column) => (
            <td key={column} className="h-9 border-b px-3 first:pl-4 last:pr-4">
              <Skeleton className={column === 0 ? 'h-3 w-24' : 'h-3 w-16'} />
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}
