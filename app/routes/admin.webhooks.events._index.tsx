import { type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData, useLocation } from '@remix-run/react';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import { useConsole } from '~/components/console/console-context';
import { FilterBar } from '~/components/console/filter-bar';
import { realmChoice } from '~/components/console/realm-choice';
import { ReplayMany } from '~/components/console/replay-dialog';
import { type ReplayWish, wishOfFilters } from '~/components/console/replay-wish';
import { RealmMark } from '~/components/console/realm-mark';
import { ListCard } from '~/components/console/list-card';
import { LIST_TEXTS } from '~/components/console/list-texts';
import { DECISION_LABEL, EventStatusBadge, inWords } from '~/components/console/state-badges';
import { useHeldData, useLive } from '~/components/console/use-live';
import { WebhookTabs } from '~/components/console/webhook-tabs';
import { RouteErrorBoundary } from '~/components/errors/route-error-boundary';
import { CopyId } from '~/components/ui/copy-id';
import { DataTable, RowLink, TBody, Td, Th, THead, Tr } from '~/components/ui/data-table';
import { PageHeader } from '~/components/ui/page-header';
import { TimeAgo } from '~/components/ui/time';
import { consoleRealm, eventFilters, listEvents, pageOf, readRealms } from '~/modules/admin/index.server';
import { type EventDecision, type EventRow } from '~/modules/admin/shared';
import { requireStaff } from '~/modules/auth/index.server';
import { hasRole } from '~/modules/auth/shared';
import { EVENT_STATUS, EVENT_STATUSES } from '~/modules/webhooks/shared';
import { db } from '~/platform/db.server';

export async function loader({ request }: LoaderFunctionArgs) {
  const { role } = await requireStaff(request, 'viewer');
  const realm = await consoleRealm();
  const { searchParams } = new URL(request.url);
  const filters = eventFilters(searchParams, await readRealms(db()), realm.id);
  return {
    list: await listEvents(db(), filters, pageOf(searchParams)),
    mayAct: hasRole(role, 'support'),
    wish: wishOfFilters(filters),
  };
}

const DECISIONS: readonly EventDecision[] = ['applied', 'duplicate', 'stale', 'noop', 'ignored'];
const SOURCES = [
  { value: 'delivery', label: 'Delivery' },
  { value: 'catch_up', label: 'Caught up' },
];

export { unlessUnheard as shouldRevalidate } from '~/components/console/send-act';

export default function EventsPage() {
  const { list, mayAct, wish } = useHeldData(useLoaderData<typeof loader>());
  const { realms } = useConsole();
  const { search } = useLocation();
  useLive();
  return (
    <>
      <PageHeader
        title="Webhooks"
        description="What Stripe told us, each event once, and what was decided about it."
        actions={
          mayAct && list.rows.length > 0 ? (
            <ReplayShown
              wish={wish}
              isFiltered={search !== ''}
              count={list.count.isExact ? list.count.n : undefined}
            />
          ) : undefined
        }
      />
      <WebhookTabs />
      <FilterBar
        text={{ name: 'type', label: 'Type or id', placeholder: 'invoice.paid, invoice. for all, evt_…' }}
        choices={[
          {
            name: 'status',
            label: 'Status',
            options: EVENT_STATUSES.map((value) => ({ value, label: EVENT_STATUS[value].label })),
          },
          {
            name: 'decision',
            label: 'Decision',
            options: DECISIONS.map((value) => ({ value, label: DECISION_LABEL[value] })),
          },
          { name: 'source', label: 'Came by', options: SOURCES },
          realmChoice(realms),
        ]}
        ranges={[{ label: 'Received', kind: 'days', from: 'since', to: 'until' }]}
        given={[
          { name: 'object', label: 'Object' },
          { name: 'reason', label: 'Reason' },
        ]}
      />
      <ListCard
        list={list}
        noun={['event', 'events']}
        isFiltered={search !== ''}
        empty="An event appears here when its first delivery is accepted."
      >
        <EventTable events={list.rows} />
      </ListCard>
    </>
  );
}

interface ReplayShownProps {
  wish: ReplayWish;
  isFiltered: boolean;
  count: number | undefined;
}

/** All that the filters let through and that is at rest; how many they are is said before anything starts. */
function ReplayShown({ wish, isFiltered, count }: ReplayShownProps) {
  if (!isFiltered) return null;
  if (!wish.can) return <p className="max-w-[20rem] text-sm text-text-muted">{wish.why}</p>;
  return (
    <ReplayMany
      opener={{ label: 'Replay all that fit…', icon: RotateCcw }}
      realmId={wish.realmId}
      selection={wish.selection}
      count={wish.isPart ? undefined : count}
    >
      {wish.isPart ? (
        <p className="text-text-muted">
          Those that are queued or waiting are processed anyway and stay out of it.
        </p>
      ) : null}
    </ReplayMany>
  );
}

function EventTable({ events }: { events: readonly EventRow[] }) {
  return (
    <DataTable label="Events" minWidth="none">
      <THead>
        <Th>Type</Th>
        <Th>Status</Th>
        <Th className="hidden sm:table-cell">Decision</Th>
        <Th className="hidden sm:table-cell">Reason</Th>
        <Th className="hidden sm:table-cell">Object</Th>
        <Th className="hidden sm:table-cell">Event</Th>
        <Th numeric className="hidden sm:table-cell">
          Tries
        </Th>
        <Th numeric>Received</Th>
      </THead>
      <TBody>
        {events.map((event) => (
          <Tr key={event.id}>
            <Td className="w-full max-w-0 truncate sm:w-auto sm:max-w-none">
              <RowLink to={`/admin/webhooks/events/${event.id}`}>{event.type}</RowLink>
            </Td>
            <Td>
              <EventStatusBadge status={event.status} />
              <RealmMark realmId={event.realmId} className="ml-2" />
              {event.source === 'catch_up' ? (
                <span className="ml-2 hidden text-xs text-warn sm:inline">caught up</span>
              ) : null}
            </Td>
            <Td className="hidden sm:table-cell">
              {event.decision === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                DECISION_LABEL[event.decision]
              )}
            </Td>
            <Td className="hidden max-w-[16rem] truncate text-text-muted sm:table-cell">
              {event.reason === null ? '–' : inWords(event.reason)}
            </Td>
            <Td className="hidden sm:table-cell">
              {event.objectId === null ? (
                <span className="text-text-muted">–</span>
              ) : (
                <CopyId id={event.objectId} label="object id" />
              )}
            </Td>
            <Td className="hidden sm:table-cell">
              <CopyId id={event.id} label="event id" />
            </Td>
            <Td numeric className="hidden sm:table-cell">
              {event.tries}
            </Td>
            <Td numeric className="text-text-muted">
              <TimeAgo at={event.receivedAt} className="relative whitespace-nowrap" />
            </Td>
          </Tr>
        ))}
      </TBody>
    </DataTable>
  );
}

export const meta: MetaFunction = () => [{ title: 'Webhook events · Credence console' }];

export function ErrorBoundary() {
  return (
    <RouteErrorBoundary
      home={{ to: '/admin/webhooks/events', label: 'Show all events' }}
      texts={LIST_TEXTS}
    />
  );
}
