import { Link, useLocation, useNavigation } from '@remix-run/react';
import { type ReactNode, useRef } from 'react';
import { Card } from '~/components/ui/card';
import { classes } from '~/components/ui/classes';
import { Pagination } from '~/components/ui/pagination';
import { EmptyState } from '~/components/ui/states';
import { type ListCount } from '~/modules/admin/shared';
import { formatCredits } from '~/platform/money';
import { countWords } from './count-words';
import { useRowKeys } from './use-row-keys';

export interface ListCardProps {
  list: {
    rows: readonly unknown[];
    start: number;
    next?: string | undefined;
    previous?: string | undefined;
    count: ListCount;
  };
  /** One and many: ["payment", "payments"]. */
  noun: readonly [string, string];
  /** Whether filters hide rows: an empty list then says so. */
  isFiltered: boolean;
  /** What will appear here, while there is nothing at all. */
  empty: ReactNode;
  children: ReactNode;
}

/** A list with its pages and its empty states. It stays readable while another page of it is on its way: the line along the top tells. */
export function ListCard({ list, noun: [one, many], isFiltered, empty, children }: ListCardProps) {
  const rows = useRef<HTMLDivElement>(null);
  useRowKeys(rows);
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const isReloading = navigation.state === 'loading' && navigation.location.pathname === pathname;
  if (list.rows.length === 0) {
    return (
      <Card flush>
        {isFiltered ? (
          <EmptyState
            title={`No ${many} match these filters`}
            action={
              <Link to={pathname} className="prose-link text-sm">
                Show all {many}
              </Link>
            }
          />
        ) : (
          <EmptyState title={`No ${many} yet`}>{empty}</EmptyState>
        )}
      </Card>
    );
  }
  return (
    <Card flush>
      <div ref={rows} aria-busy={isReloading} className={classes(isReloading && 'cursor-progress')}>
        {children}
      </div>
      <Pagination next={list.next} previous={list.previous} summary={summaryOf(list, one, many)} />
    </Card>
  );
}

/** "1–50 of about 1.2 M payments"; a list that is seen whole only says how long it is. */
function summaryOf({ rows, start, count }: ListCardProps['list'], one: string, many: string): string {
  const all = `${countWords(count)} ${count.isExact && count.n === 1 ? one : many}`;
  if (start === 0 && count.isExact && count.n === rows.length) return all;
  const place = (n: number) => formatCredits(BigInt(n));
  return `${place(start + 1)}–${place(start + rows.length)} of ${all}`;
}
