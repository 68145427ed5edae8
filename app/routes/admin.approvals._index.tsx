import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { ApprovalTable } from '~/components/console/approval-table';
import { useConsole } from '~/components/console/console-context';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { useLive } from '~/components/console/use-live';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { PageHeader } from '~/components/ui/page-header';
import { Tabs } from '~/components/ui/tabs';
import { approvalFilters, listApprovals, pageOf } from '~/modules/admin/index.server';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireStaff(request, 'viewer');
  const { searchParams } = new URL(request.url);
  const filters = approvalFilters(searchParams, user.id);
  return { list: await listApprovals(db(), filters, pageOf(searchParams)), of: filters.of };
}

const PATH = '/admin/approvals';
const TABS = [
  { to: PATH, label: 'Open' },
  { to: `${PATH}?state=executed`, label: 'Executed' },
  { to: `${PATH}?state=rejected`, label: 'Declined' },
  { to: `${PATH}?state=expired`, label: 'Expired' },
  { to: `${PATH}?mine=1`, label: 'Asked by me' },
];

const EMPTY = 'What is above somebody’s limit waits here for a second person.';

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function ApprovalsPage() {
  const { list, of } = useLoaderData<typeof loader>();
  useLive();
  const { openApprovals } = useConsole();
  const { search } = useLocation();
  const params = new URLSearchParams(search);
  const current =
    'state' in of ? (of.state === 'open' ? PATH : `${PATH}?state=${of.state}`) : `${PATH}?mine=1`;
  const isFirst = !params.has('after') && !params.has('before');
  return (
    <>
      <PageHeader title="Approvals" description="Acts above the limit of who asked for them." />
      <div className="mb-4">
        <Tabs
          label="Approvals"
          current={current}
          tabs={TABS.map((tab) => (tab.to === PATH ? { ...tab, count: openApprovals } : tab))}
        />
      </div>
      <ListCard
        list={list}
        noun={['request', 'requests']}
        isFiltered={!isFirst}
        empty={current === PATH ? 'Nothing waits for a decision.' : EMPTY}
      >
        <ApprovalTable label="Approvals" approvals={list.rows} />
      </ListCard>
    </>
  );
}

export const meta: MetaFunction = () => [{ title: 'Approvals · Credence console' }];

export function ErrorBoundary() {
  return <RouteErrorBoundary home={{ to: PATH, label: 'Show open approvals' }} texts={LIST_TEXTS} />;
}
