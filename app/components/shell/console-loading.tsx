import { useLocation, useNavigation } from '@remix-run/react';
import { type ReactNode } from 'react';
import { Card } from '~/components/ui/card';
import { Skeleton, SkeletonRows } from '~/components/ui/states';

/** The shape of the next page while it takes long to come; the present one stays where only its filters change. */
export function LoadingPage({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const { state, location } = useNavigation();
  const isElsewhere =
    state === 'loading' && location.pathname !== pathname && location.pathname.startsWith('/admin');
  return (
    <div className="relative">
      {children}
      {isElsewhere ? <PageSkeleton /> : null}
    </div>
  );
}

/** Appears late: a page that comes sooner is never announced by it. */
function PageSkeleton() {
  return (
    <div
      aria-hidden
      className="absolute -inset-x-1 -top-1 bottom-0 z-20 min-h-dvh animate-[appear_120ms_ease-out_200ms_both] bg-surface p-1"
    >
      <Skeleton className="mb-6 h-7 w-40" />
      <Card flush>
        <table className="w-full">
          <tbody>
            <SkeletonRows rows={12} columns={5} />
          </tbody>
        </table>
      </Card>
    </div>
  );
}
