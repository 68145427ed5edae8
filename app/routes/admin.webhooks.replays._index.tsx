import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import { useConsole } from '~/components/console/console-context';
import { FilterBar } from '~/components/console/filter-bar';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { realmChoice } from '~/components/console/realm-choice';
import { RealmMark } from '~/components/console/realm-mark';
import { replayReason, selectionWords } from '~/components/console/replay-words';
import { ReplayStateBadge } from '~/components/console/state-badges';
import { useLive } from '~/components/console/use-live';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo } from '~/components/ui/time';
import { consoleRealm, listReplays, pageOf, readRealms, replayFilters } from '~/modules/admin/index.server';
import { type ReplayRow } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { REPLAY_STATE } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';
import { formatCredits } from '~/platform/money';

export async function loader({ request }: LoaderFunctionArgs) {
  await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = replayFilters(searchParams, await readRealms(db()), realm.id);
  return { list: await listReplays(db(), filters, pageOf(searchParams)) };
}

const KINDS = [
  { value: 'real', label: 'For real' },
  { value: 'dry', label: 'Dry run' },
];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function ReplaysPage() {
  const { list } = useLoaderData<typeof loader>();
  const { realms } = useConsole();
  const { search } = useLocation();
  useLive();
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="What staff had processed again, or tried without effect, and what became of it."
      />
      <WebhookTabs />
      <FilterBar
        choices={[
          { name: 'kind', label: 'Kind', options: KINDS },
          {
            name: 'state',
            label: 'State',
            options: Object.entries(REPLAY_STATE).map(([value, { label }]) => ({ value, label })),
          },
          realmChoice(realms),
        ]}
      />
      <ListCard
        list={list}
        noun={['replay', 'replays']}
        isFiltered={search !== ''}
        empty="A replay appears here when somebody has events processed again."
      >
        <ReplayTable replays={list.rows} />
      </ListCard>
    </>
  );
}

const count = (n: number) => formatCredits(BigInt(n));

function ReplayTable({ replays }: { replays: readonly ReplayRow[] }) {
  return (
    <DataTable label="Replays" minWidth="none">
      <THead>
        <Th>Events</Th>
        <Th>State</Th>
        <Th className="hidden sm:table-cell">Kind</Th>
        <Th numeric className="hidden sm:table-cell">
          Done
        </Th>
        <Th className="hidden sm:table-cell">By</Th>
        <Th className="hidden sm:table-cell">Reason</Th>
        <Th numeric>Age</Th>
      </THead>
      <TBody>
        {replays.map((replay) => (
          <Tr key={replay.id}>
            <Td className="w-full max-w-0 truncate sm:max-w-[22rem]">
              <RowLink to={`/admin/webhooks/replays/${replay.id}`}>
                {selectionWords(replay.selection)}
              </RowLink>
            </Td>
            <Td>
              <ReplayStateBadge state={replay.state} />
              <RealmMark realmId={replay.realmId} className="ml-2" />
            </Td>
            <Td className="hidden sm:table-cell">{replay.dryRun ? 'Dry run' : 'For real'}</Td>
            <Td numeric className="hidden sm:table-cell">
              {count(replay.done)} of {count(replay.total)}
            </Td>
            <Td className="hidden max-w-[10rem] truncate sm:table-cell">{replay.actor.name}</Td>
            <Td className="hidden max-w-[12rem] truncate text-text-muted sm:table-cell">
              {replayReason(replay.reason)}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={replay.createdAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export const meta: MetaFunction = () => [{ title: 'Replays · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/replays', label: 'Show all replays' }}
      texts={LIST_TEXTS}
    />
  );
}
