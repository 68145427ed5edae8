import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { realmChoice } from '~/components/console/realm-choice';
import { RealmMark } from '~/components/console/realm-mark';
import { CALL_LABEL, CallStateBadge } from '~/components/console/state-badges';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo } from '~/components/ui/time';
import { callFilters, consoleRealm, listCalls, pageOf, readRealms } from '~/modules/admin/index.server';
import { type CallRow, type StripeCallState } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = callFilters(searchParams, await readRealms(db()), realm.id);
  return { list: await listCalls(db(), filters, pageOf(searchParams)) };
}

const STATES: readonly StripeCallState[] = ['open', 'succeeded', 'refused', 'absent', 'lost'];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function CallsPage() {
  const { list } = useLoaderData<typeof loader>();
  const { realms } = useConsole();
  const { search } = useLocation();
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="What we asked Stripe to do, each written down before it was sent."
      />
      <WebhookTabs />
      <FilterBar
        choices={[
          {
            name: 'state',
            label: 'State',
            options: STATES.map((value) => ({ value, label: CALL_LABEL[value] })),
          },
          realmChoice(realms),
        ]}
        ranges={[{ label: 'Made', kind: 'days', from: 'since', to: 'until' }]}
      />
      <ListCard
        list={list}
        noun={['call', 'calls']}
        isFiltered={search !== ''}
        empty="A call appears here when a customer picks the first pack."
      >
        <CallTable calls={list.rows} />
      </ListCard>
    </>
  );
}

function CallTable({ calls }: { calls: readonly CallRow[] }) {
  return (
    <DataTable label="Calls to Stripe" minWidth="none">
      <THead>
        <Th>Call</Th>
        <Th>State</Th>
        <Th className="hidden sm:table-cell">For</Th>
        <Th numeric className="hidden sm:table-cell">
          Attempt
        </Th>
        <Th numeric className="hidden sm:table-cell">
          Sent
        </Th>
        <Th numeric className="hidden sm:table-cell">
          Answered
        </Th>
        <Th className="hidden sm:table-cell">Fault</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {calls.map((call) => (
          <Tr key={call.id}>
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-none">
              <RowLink to={`/admin/webhooks/calls/${call.id}`}>{call.kind}</RowLink>
            </Td>
            <Td>
              <CallStateBadge state={call.state} />
              <RealmMark realmId={call.realmId} className="ml-2" />
            </Td>
            <Td className="hidden sm:table-cell">
              <CopyId id={call.purpose} label="row it serves" />
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {call.attempt}
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {call.sends}
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {call.httpStatus ?? <span className="text-text-muted">–</span>}
            </Td>
            <Td className="hidden max-w-[16rem] truncate text-text-muted sm:table-cell">
              {call.errorCode ?? '–'}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={call.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export const meta: MetaFunction = () => [{ title: 'Calls to Stripe · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary home={{ to: '/admin/webhooks/calls', label: 'Show all calls' }} texts={LIST_TEXTS} />
  );
}
